/// Why bytes are not the JSON that was asked for.
public struct JSONError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// Not RFC 8259, or not UTF-8.
        case syntax
        /// An object names a member twice.
        case duplicateKey
        /// Half of a surrogate pair, written as an escape.
        case loneSurrogate
        /// Beyond a double, or `-0` where it is refused, or no integer where one is needed.
        case number
        /// Nested deeper, or longer, than allowed.
        case limit
        /// Valid JSON of another type than needed.
        case type
    }

    public var code: Code
    /// Bytes before the place where it shows.
    public var offset: Int
    /// A sentence for people.
    public var message: String

    public init(_ code: Code, at offset: Int, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { "\(message) (byte \(offset))" }
}

/// What a scan accepts.
public struct JSONLimits: Hashable, Sendable {
    /// Bytes of the whole text.
    public var bytesMax: Int
    /// Levels of arrays and objects.
    public var depthMax: Int
    /// Whether `-0` is read as 0, as RFC 8785 writes it, or refused.
    public var allowsNegativeZero: Bool
    /// Whether anything but integers of -(2^53 - 1) to 2^53 - 1, written in digits alone, is refused.
    public var integersOnly: Bool

    public init(
        bytesMax: Int = 8 * 1024 * 1024,
        depthMax: Int = Limits.depthMax,
        allowsNegativeZero: Bool = true,
        integersOnly: Bool = false
    ) {
        self.bytesMax = bytesMax
        self.depthMax = depthMax
        self.allowsNegativeZero = allowsNegativeZero
        self.integersOnly = integersOnly
    }
}
