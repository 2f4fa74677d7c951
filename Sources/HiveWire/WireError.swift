/// Why bytes are not the message they should be: one error for all of this module.
public struct WireError: Error, Hashable, Sendable {
    /// What kind of fault it is; an HTTP status can be chosen from it.
    public enum Code: Hashable, Sendable {
        /// Not JSON, or not UTF-8.
        case notJSON
        /// JSON without a member it needs, or with a member of another type, range or form.
        case field
        /// Larger, longer or more than a limit.
        case tooLarge
        /// A protocol version this program does not speak.
        case version
        /// One event of a list can't be read; `index` says which.
        case event
    }

    public var code: Code
    /// The member at fault, as a path: `heads.inst_...seq`; "" for the message as a whole.
    public var field: String
    /// Which event of a list, from 0.
    public var index: Int?
    /// A sentence for people that names the member.
    public var message: String

    public init(_ code: Code, field: String = "", index: Int? = nil, _ message: String) {
        self.code = code
        self.field = field
        self.index = index
        self.message = message
    }
}

extension WireError: CustomStringConvertible {
    public var description: String { message }
}
