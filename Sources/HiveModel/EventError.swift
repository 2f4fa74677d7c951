/// Why bytes are no event of the group they are offered to.
public struct EventError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// The bytes are no JSON, or not UTF-8; where the event ends is unknown.
        case notJSON
        /// JSON, but no event of version 1: a log ends before it.
        case malformed
        /// An event of a version this program does not know: its log waits.
        case upgradeNeeded
        /// The payload or the id does not belong to the header: changed on its way.
        case altered
        /// An event of another group.
        case wrongGroup
    }

    public var code: Code
    /// A sentence for people that names what is wrong.
    public var message: String
    /// Which log the event says it is from, and where in it; nil where it can't be read.
    public var origin: InstanceID?
    public var place: Place?

    public init(_ code: Code, _ message: String, origin: InstanceID? = nil, place: Place? = nil) {
        self.code = code
        self.message = message
        self.origin = origin
        self.place = place
    }
}

extension EventError: CustomStringConvertible {
    public var description: String { message }
}
