/// Why a key can't be read or kept.
public struct KeyError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// No such file.
        case missing
        /// A key of that name is there already.
        case exists
        /// Others than the owner may read or change it.
        case exposed
        /// Not a key file, or damaged.
        case damaged
        /// The system refused.
        case system
    }

    public var code: Code
    /// A sentence for people, with the path.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension KeyError: CustomStringConvertible {
    public var description: String { message }
}
