import HiveModel

/// One act of a register: what its event says, and what decisions need of the event itself.
struct Act<Content: Sendable>: Sendable {
    let event: EventID
    let origin: InstanceID
    let stamp: Stamp
    /// The acts it replaces (`refs.par`).
    let replaces: [EventID]
    /// The grant it relies on (`refs.auth`).
    let grant: EventID?
    /// The event of the same instance that it repeats (`refs.re`).
    let repeats: EventID?
    let content: Content

    init(_ event: Event, _ content: Content) {
        self.event = event.id
        origin = event.header.origin
        stamp = event.header.stamp
        replaces = event.header.refs.par
        grant = event.header.refs.auth
        repeats = event.header.refs.re
        self.content = content
    }

    var place: Place { stamp.place }
}

/// How far a log counts: up to a place, or not at all.
struct LogLimit: Hashable, Sendable {
    /// The last place that counts; nil = none does.
    let last: Place?

    static let nothing = LogLimit(last: nil)

    func reaches(_ place: Place) -> Bool { last.map { place <= $0 } ?? false }
}

/// Reads fences against the logs held (protocol, section 5, "Fence").
///
/// A fence that names an event with another hash than the one that stands there counts as nothing seen. One whose place
/// is not held yet counts as it says, and is awaited: what stands there later may be another event.
struct FenceReader {
    private(set) var awaited: [InstanceID: [Place: Hash256]] = [:]

    mutating func limit(_ fence: Fence?, of origin: InstanceID, in state: some FoldState) throws -> LogLimit {
        guard let fence else { return .nothing }
        guard let held = try state.eventHash(origin: origin, place: fence.place) else {
            awaited[origin, default: [:]][fence.place] = fence.hash
            return LogLimit(last: fence.place)
        }
        return held == fence.hash ? LogLimit(last: fence.place) : .nothing
    }
}
