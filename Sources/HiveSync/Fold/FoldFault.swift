/// The state contradicts itself or the log: a fault of this machine, never of an event.
public struct FoldFault: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}
