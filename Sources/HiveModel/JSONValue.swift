/// A JSON value as RFC 8785 sees it. Strings are compared by their bytes, never by canonical equivalence.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// Within -(2^53 - 1) to 2^53 - 1.
    case int(Int64)
    /// Finite and not integral within the range above.
    case double(Double)
    case string(String)
    case array([JSONValue])
    /// Sorted by UTF-16 code units of the keys, keys distinct.
    case object([JSONMember])
}

/// One member of a JSON object.
public struct JSONMember: Hashable, Sendable {
    public var key: String
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}
