public import HiveModel

/// An event that this version of the fold fails at: it stands in its log, is relayed as any other, and has no effect
/// here until another version folds the group anew (protocol, section 4.5).
public struct PoisonEvent: Hashable, Sendable {
    public var origin: InstanceID
    public var place: Place
    public var hash: Hash256
    /// What failed, for people.
    public var reason: String

    public init(origin: InstanceID, place: Place, hash: Hash256, reason: String) {
        self.origin = origin
        self.place = place
        self.hash = hash
        self.reason = reason
    }
}

/// The fold failed at an event: its transaction is rolled back, and whoever opened it decides whether disk or event are
/// to blame.
///
/// Where it is the event, `FoldState.markPoison` keeps the next try from it.
public struct EventFault: Error, CustomStringConvertible {
    public var event: PoisonEvent
    public var cause: any Error

    /// Names the event in what folding it threw; what names one already stays.
    static func naming(_ event: Event, in error: any Error) -> any Error {
        guard !(error is EventFault) else { return error }
        let poison = PoisonEvent(
            origin: event.header.origin,
            place: event.header.place,
            hash: event.hash,
            reason: "\(error)"
        )
        return EventFault(event: poison, cause: error)
    }

    public var description: String {
        "event \(event.place.seq) of epoch \(event.place.epoch) of \(event.origin.rawValue): \(cause)"
    }
}
