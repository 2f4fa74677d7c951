public import HiveModel

/// What is wrong with this instance's own log, and what of it has to be written again (protocol, section 9).
public struct OwnLog: Sendable {
    /// A new epoch is due: the newest is cut by a fork, killed, or was written and isn't held.
    public var needsEpoch = false
    /// The highest epoch ever seen of this instance; 0 for none.
    public var highestEpoch: Int64 = 0
    /// Own events that don't stand and that nothing standing repeats, openings and what a thief wrote left out, by
    /// stamp.
    public var lost: [Event] = []

    /// The reason of an opening that closes an epoch before what a thief of its key wrote: such events are never
    /// repeated.
    public static let stolenKey = "stolen key"

    public var isWhole: Bool { !needsEpoch && lost.isEmpty }

    public init() {}
}

extension Admission {
    /// Looks at the log of `instance`.
    ///
    /// Costs a pass over it only where something is kept aside.
    public func ownLog(of instance: InstanceID, in state: State) throws -> OwnLog {
        var own = OwnLog()
        let head = try state.head(of: instance)
        let kept = try state.keptEvents(of: instance)
        own.highestEpoch = try highestEpoch(of: instance, kept, in: state)
        guard own.highestEpoch > 0 else { return own }
        own.needsEpoch = head == nil || head?.cut != nil || (head?.place.epoch ?? 0) < own.highestEpoch
        guard !kept.isEmpty else { return own }
        var (done, disowned) = try repeated(by: instance, in: state)
        for event in kept.map(\.event).sorted(by: { $0.isRepeated(before: $1) }) where event.header.place.seq > 1 {
            guard !disowned.contains(where: { $0.contains(event.header.place) }) else { continue }
            // A repeat that is lost too names the same original.
            guard done.insert(event.header.refs.re ?? event.id).inserted else { continue }
            own.lost.append(event)
        }
        return own
    }

    // MARK: Inside

    func highestEpoch(of instance: InstanceID, _ kept: [KeptEvent], in state: State) throws -> Int64 {
        max(
            try state.head(of: instance)?.place.epoch ?? 0,
            kept.map(\.event.header.place.epoch).max() ?? 0,
            try state.proofs(of: instance).map(\.place.epoch).max() ?? 0
        )
    }

    /// The originals that standing events of `instance` repeat, with these events themselves; and which places it
    /// disowned.
    private func repeated(
        by instance: InstanceID,
        in state: State
    ) throws -> (done: Set<EventID>, disowned: [ClosedRange<Place>]) {
        var done: Set<EventID> = []
        var disowned: [ClosedRange<Place>] = []
        try state.forEachEvent(of: instance) { event in
            if let original = event.header.refs.re { done.insert(original) }
            done.insert(event.id)
            if event.header.type == .epochOpened, case .epochOpened(let opened) = EventPayload(of: event),
                opened.reason == OwnLog.stolenKey, let end = opened.closed.last?.last
            {
                disowned.append(Place(epoch: end.epoch, seq: end.seq + 1)...event.header.place)
            }
        }
        return (done, disowned)
    }
}

extension Event {
    fileprivate func isRepeated(before other: Event) -> Bool {
        (header.stamp, hash) < (other.header.stamp, other.hash)
    }
}
