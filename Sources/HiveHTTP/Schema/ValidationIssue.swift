/// One thing that is wrong with a request, in the shape of a zod issue: `{code, message, path, ...}`.
public struct ValidationIssue: Sendable, Hashable {
    public enum PathPart: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// What a code adds to an issue: `expected`, `received`, `minimum`, `options`, ...
    public enum Detail: Sendable, Hashable {
        case text(String)
        case integer(Int64)
        case flag(Bool)
        case texts([String])
        case integers([Int64])
    }

    public var code: String
    public var message: String
    public var path: [PathPart]
    /// In the order they are written.
    public var details: [NamedDetail]

    public struct NamedDetail: Sendable, Hashable {
        public var name: String
        public var value: Detail
    }

    public init(code: String, message: String, path: [PathPart], details: [(String, Detail)] = []) {
        self.code = code
        self.message = message
        self.path = path
        self.details = details.map { NamedDetail(name: $0.0, value: $0.1) }
    }
}

extension ValidationIssue {
    /// - Parameters:
    ///   - expected: `string`, `number`, `integer`, `boolean`, `object` or `array`.
    ///   - received: the same, or `undefined`, `null`, `nan`, `float`.
    static func invalidType(expected: String, received: String, path: [PathPart]) -> ValidationIssue {
        ValidationIssue(
            code: "invalid_type",
            message: received == "undefined" ? "Required" : "Expected \(expected), received \(received)",
            path: path,
            details: [("expected", .text(expected)), ("received", .text(received))]
        )
    }

    static func tooSmall(minimum: Int64, type: String, path: [PathPart]) -> ValidationIssue {
        let message =
            switch type {
            case "string": "String must contain at least \(minimum) character(s)"
            case "array": "Array must contain at least \(minimum) element(s)"
            default: "Number must be greater than or equal to \(minimum)"
            }
        return ValidationIssue(
            code: "too_small",
            message: message,
            path: path,
            details: [
                ("minimum", .integer(minimum)), ("type", .text(type)), ("inclusive", .flag(true)),
                ("exact", .flag(false)),
            ]
        )
    }

    static func tooBig(maximum: Int64, type: String, path: [PathPart]) -> ValidationIssue {
        ValidationIssue(
            code: "too_big",
            message: type == "string"
                ? "String must contain at most \(maximum) character(s)"
                : "Number must be less than or equal to \(maximum)",
            path: path,
            details: [
                ("maximum", .integer(maximum)), ("type", .text(type)), ("inclusive", .flag(true)),
                ("exact", .flag(false)),
            ]
        )
    }

    /// - Parameter validation: `regex`, `url` or `datetime`.
    static func invalidString(validation: String, path: [PathPart]) -> ValidationIssue {
        ValidationIssue(
            code: "invalid_string",
            message: validation == "regex" ? "Invalid" : "Invalid \(validation)",
            path: path,
            details: [("validation", .text(validation))]
        )
    }

    static func invalidOption(received: String, options: [String], path: [PathPart]) -> ValidationIssue {
        let expected = options.map { "'\($0)'" }.joined(separator: " | ")
        return ValidationIssue(
            code: "invalid_enum_value",
            message: "Invalid enum value. Expected \(expected), received '\(received)'",
            path: path,
            details: [("received", .text(received)), ("options", .texts(options))]
        )
    }

    static func invalidLiteral(expected: [Int64], path: [PathPart]) -> ValidationIssue {
        ValidationIssue(
            code: "invalid_literal",
            message: "Invalid literal value, expected \(expected.map(String.init).joined(separator: " or "))",
            path: path,
            details: [("expected", .integers(expected))]
        )
    }

    static func unknownKeys(_ keys: [String], path: [PathPart]) -> ValidationIssue {
        ValidationIssue(
            code: "unrecognized_keys",
            message: "Unrecognized key(s) in object: " + keys.map { "'\($0)'" }.joined(separator: ", "),
            path: path,
            details: [("keys", .texts(keys))]
        )
    }

    /// A rule of our own.
    public static func custom(_ message: String, path: [PathPart] = []) -> ValidationIssue {
        ValidationIssue(code: "custom", message: message, path: path)
    }
}
