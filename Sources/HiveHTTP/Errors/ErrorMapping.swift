public import HTTPTypes
public import HiveModel
import HivePorts
public import Hummingbird
public import Logging

/// The one place where errors become replies: `{"error": <title>, "message": <sentence>}`, or for validation
/// `{"error": "Validation Error", "details": [...]}`.
public enum ErrorMapping {
    /// The reply to a request whose handling threw `error`.
    ///
    /// Only a fault of our own is logged, with its reason; the client hears a plain sentence.
    public static func response(for error: any Error, logger: Logger) -> Response {
        switch error {
        case let error as ValidationError:
            return validationResponse(error)
        case let error as TransportError:
            return response(
                status: error.status,
                message: error.message,
                headers: error.headers,
                detail: error.detail
            )
        case let error as HiveError:
            return response(for: error, logger: logger)
        case is CancellationError:
            return response(
                status: .serviceUnavailable,
                message: "The server is shutting down or gave this request up."
            )
        case let error as any HTTPResponseError:
            return response(status: error.status, message: "The server refused the request.")
        default:
            logger.error("Request failed", metadata: ["error": .string(String(reflecting: error))])
            return response(status: .internalServerError, message: faultSentence)
        }
    }

    /// A reply in the one error shape.
    public static func response(
        status: HTTPResponse.Status,
        message: String,
        headers: HTTPFields = [:],
        detail: TransportError.Detail? = nil
    ) -> Response {
        var writer = JSONWriter(capacity: 64 + message.utf8.count)
        writer.beginObject()
        writer.key("error")
        writer.string(title(of: status))
        writer.key("message")
        writer.string(message)
        if let detail {
            writer.key(text: detail.name)
            writer.raw(detail.json)
        }
        writer.endObject()
        var response = Response.json(writer, status: status)
        response.headers.append(contentsOf: headers)
        return response
    }

    private static let faultSentence = "The server failed to answer this request; the reason is in its log."

    private static func response(for error: HiveError, logger: Logger) -> Response {
        let status = status(of: error.code)
        guard status == .internalServerError else {
            let isLogin = status == .unauthorized
            return response(
                status: status,
                message: error.message,
                headers: isLogin ? [.wwwAuthenticate: "Bearer"] : [:]
            )
        }
        logger.error("Request failed", metadata: ["error": .string(error.message)])
        return response(status: status, message: faultSentence)
    }

    private static func status(of code: HiveError.Code) -> HTTPResponse.Status {
        switch code {
        case .badRequest: .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .gone: .gone
        case .tooLarge: .contentTooLarge
        case .unprocessable: .unprocessableContent
        case .unavailable: .serviceUnavailable
        case .upstream: .badGateway
        default: .internalServerError
        }
    }

    /// The `error` member of a reply.
    static func title(of status: HTTPResponse.Status) -> String {
        switch status.code {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Payload Too Large"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Entity"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        default: status.reasonPhrase.isEmpty ? "Error" : status.reasonPhrase
        }
    }

    private static func validationResponse(_ error: ValidationError) -> Response {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.string("Validation Error")
        writer.key("details")
        writer.array(error.issues)
        writer.endObject()
        return Response.json(writer, status: .badRequest)
    }
}

extension ValidationIssue: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("code")
        writer.string(code)
        for detail in details {
            writer.key(text: detail.name)
            write(detail.value, to: &writer)
        }
        writer.key("path")
        writer.beginArray()
        for part in path {
            switch part {
            case .key(let key): writer.string(key)
            case .index(let index): writer.int(Int64(index))
            }
        }
        writer.endArray()
        writer.key("message")
        writer.string(message)
        writer.endObject()
    }

    private func write(_ detail: Detail, to writer: inout JSONWriter) {
        switch detail {
        case .text(let text): writer.string(text)
        case .integer(let number): writer.int(number)
        case .flag(let flag): writer.bool(flag)
        case .texts(let texts):
            writer.beginArray()
            for text in texts { writer.string(text) }
            writer.endArray()
        case .integers(let numbers):
            writer.beginArray()
            for number in numbers { writer.int(number) }
            writer.endArray()
        }
    }
}
