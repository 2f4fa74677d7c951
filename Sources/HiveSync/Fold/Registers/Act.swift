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

/// Places that fences name and that are not held yet, with the hashes they name: at one place perhaps several.
struct AwaitedPlaces: Sendable {
    private var hashes: [InstanceID: [Place: Set<Hash256>]] = [:]

    mutating func insert(_ fence: Fence, of origin: InstanceID) {
        hashes[origin, default: [:]][fence.place, default: []].insert(fence.hash)
    }

    mutating func formUnion(_ other: Self) {
        hashes.merge(other.hashes) { $0.merging($1) { $0.union($1) } }
    }

    /// Whether a fence that names this place names another event than the one that came to stand there.
    func isContradicted(by hash: Hash256, of origin: InstanceID, at place: Place) -> Bool {
        guard !hashes.isEmpty, let named = hashes[origin]?[place] else { return false }
        return named.contains { $0 != hash }
    }
}

/// Reads fences against the logs held (protocol, section 5, "Fence").
///
/// A fence that names an event with another hash than the one that stands there counts as nothing seen. One whose place
/// is not held yet counts as it says, and is awaited: what stands there later may be another event.
struct FenceReader {
    private(set) var awaited = AwaitedPlaces()
    /// A place to read as if nothing stood there yet: that of the event being folded, where decisions that stand from
    /// before are read again.
    private let unheld: (origin: InstanceID, place: Place)?

    init(before event: EventHeader? = nil) {
        unheld = event.map { ($0.origin, $0.place) }
    }

    mutating func limit(_ fence: Fence?, of origin: InstanceID, in state: some FoldState) throws -> LogLimit {
        guard let fence else { return .nothing }
        let isUnheld = unheld.map { $0 == (origin, fence.place) } ?? false
        guard !isUnheld, let held = try state.eventHash(origin: origin, place: fence.place) else {
            awaited.insert(fence, of: origin)
            return LogLimit(last: fence.place)
        }
        return held == fence.hash ? LogLimit(last: fence.place) : .nothing
    }
}
