import HivePorts

/// Why a command could not do what it was asked: a sentence, and the exit code scripts see.
struct CommandError: Error, Sendable {
    enum Code: Int32, Sendable {
        case failed = 1
        case usage = 2
        case unreachable = 3
    }

    var code: Code
    /// The `error` of the JSON form: a title such as `Not Found`.
    var title: String
    /// What is wrong and what to do, one sentence.
    var message: String

    init(_ code: Code, _ message: String, title: String? = nil) {
        self.code = code
        self.title = title ?? Self.title(code)
        self.message = message
    }

    private static func title(_ code: Code) -> String {
        switch code {
        case .failed: "Failed"
        case .usage: "Usage"
        case .unreachable: "Unreachable"
        }
    }
}

extension CommandError {
    init(_ error: HiveError) {
        self.init(.failed, error.message, title: Self.title(error.code))
    }

    private static func title(_ code: HiveError.Code) -> String {
        switch code {
        case .badRequest: "Bad Request"
        case .unauthorized: "Unauthorized"
        case .forbidden: "Forbidden"
        case .notFound: "Not Found"
        case .conflict: "Conflict"
        case .gone: "Gone"
        case .tooLarge: "Payload Too Large"
        case .unprocessable: "Unprocessable Content"
        case .unavailable: "Service Unavailable"
        case .upstream: "Bad Gateway"
        default: "Internal Server Error"
        }
    }
}
