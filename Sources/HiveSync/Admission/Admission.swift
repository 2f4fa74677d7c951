public import HiveModel

/// The one way into a group's logs: for pushes, pulls, backfills and local writes (protocol, section 4).
///
/// One value per group and transaction. Events were parsed (form, payload hash and id are right); here is checked that
/// they continue their logs, in time and signed. What is admitted is appended and folded at once. Call `finish` after
/// the last call and before the transaction commits; where anything throws, roll back and drop the value: what throws
/// is a fault of this machine, never of an event.
public struct Admission<State: FoldState & LogState, Crypto: CryptoSuite> {
    public let group: GroupID
    /// This instance, whose own events are kept aside whoever offers them, to be repeated.
    public let own: InstanceID?
    let crypto: Crypto
    var fold: Fold<State, Crypto>
    var clock: HybridClock?
    /// The newest event of each log touched in this transaction.
    var tips: [InstanceID: LogTip] = [:]
    var lastArrival: RowNumber = 0
    var knownTerms: [InstanceID: LogTerms] = [:]
    /// A standing log was replaced: until the group is folded anew nothing is folded.
    var needsRefold = false
    /// Changes of owner seen and not looked at yet.
    var seenTransfers: [SeenTransfer] = []
    /// Epochs whose key was compared with the local author's.
    var openedEpochs: [InstanceID: Int64] = [:]

    /// - Parameter own: this instance, where it writes in the group.
    public init(group: GroupID, own: InstanceID? = nil, crypto: Crypto) {
        self.group = group
        self.own = own
        self.crypto = crypto
        self.fold = Fold(group: group, crypto: crypto)
    }

    /// Admits remote events, in whatever order they come.
    ///
    /// Logs whose instance becomes known by an event of the same batch are taken after it.
    /// - Parameter wallMs: this machine's wall clock in milliseconds since 1970.
    public mutating func admit(
        _ events: [Event],
        wallMs: Int64,
        into state: inout State
    ) throws -> AdmissionOutcome {
        var outcome = AdmissionOutcome()
        var waiting = OfferedLog.logs(of: events)
        var hasProgress = true
        while hasProgress, !waiting.isEmpty {
            hasProgress = false
            var stillUnknown: [OfferedLog] = []
            for log in waiting {
                if try isKnown(log, in: state) {
                    hasProgress = true
                    try admit(log, wallMs: wallMs, into: &state, &outcome)
                } else {
                    stillUnknown.append(log)
                }
            }
            waiting = stillUnknown
        }
        outcome.unknown = waiting.map(\.origin).sorted()
        try settleCuts(&state, &outcome)
        outcome.heads = try state.heads()
        return outcome
    }

    /// Decides the roster where acts about it were admitted since; ask before reading members in the same transaction.
    public mutating func settle(_ state: inout State) throws { try fold.settle(&state) }

    /// Folds the group from nothing, as `Fold.refold`.
    public mutating func refold(_ state: inout State) throws { try fold.refold(&state) }

    /// Keeps the fold from an event that it failed at: the next try admits it without effect.
    public mutating func markPoison(_ event: PoisonEvent, in state: inout State) throws {
        try state.markPoison(event)
        fold.forgetPoison()
    }

    /// The state root as it will be committed; to be asked after `finish`.
    public mutating func stateRoot(of state: State) throws -> Hash256 { try fold.stateRoot(of: state) }

    /// Writes back clock and state root.
    ///
    /// MUST be called once, last.
    public mutating func finish(_ state: inout State) throws {
        if let clock { try state.putClock(clock) }
        try fold.finish(&state)
    }

    // MARK: One event

    /// Appends and folds one checked event; the only place that does.
    ///
    /// `advance` MUST follow the last of a run.
    @discardableResult
    mutating func record(
        _ event: Event,
        isVerified: Bool,
        into state: inout State
    ) throws -> (arrival: RowNumber, verdict: FoldVerdict) {
        let arrival = try state.append(event, isVerified: isVerified)
        lastArrival = arrival
        let payload = EventPayload(of: event)
        let verdict = needsRefold ? .ignored : try fold.apply(event, payload, to: &state)
        try learn(from: payload, event, in: &state)
        return (arrival, verdict)
    }

    /// Moves clock and tip up to the last event recorded of a log.
    mutating func advance(to event: Event, in state: State) throws {
        var clock = try loadClock(state)
        clock.observe(event.header.time)
        self.clock = clock
        tips[event.header.origin] = LogTip(event)
    }

    /// Keeps the keys an admitted event names: of its log, and of an instance known from now on.
    private mutating func learn(from payload: EventPayload, _ event: Event, in state: inout State) throws {
        let header = event.header
        switch payload {
        case .groupCreated(let genesis) where header.isGenesis:
            try state.putKnown(header.origin, identityKey: genesis.identityKey)
            try state.putLogKey(genesis.log.signingKey, origin: header.origin, epoch: header.place.epoch)
        case .epochOpened(let opened) where header.place.seq == 1:
            try state.putLogKey(opened.log.signingKey, origin: header.origin, epoch: header.place.epoch)
        default: try learnAnywhere(from: payload, event, in: &state)
        }
    }

    /// What a signed event tells whether it stands or not: who is known, and what an owner pinned.
    ///
    /// A correctly signed addition by a known instance makes its subject known, whatever the roster says of it.
    mutating func learnAnywhere(from payload: EventPayload, _ event: Event, in state: inout State) throws {
        switch payload {
        case .instanceAdded(let addition):
            guard addition.instance == InstanceID(identityKey: addition.identityKey, hashing: crypto) else { return }
            guard try state.identityKey(of: addition.instance) == nil else { return }
            try state.putKnown(addition.instance, identityKey: addition.identityKey)
        case .ownerChanged(let change):
            seenTransfers.append(SeenTransfer(change: change, payload: event.payload))
        default: break
        }
    }

    /// Reads the clock anew at the next local event: it was changed elsewhere.
    public mutating func forgetClock() { clock = nil }

    mutating func loadClock(_ state: State) throws -> HybridClock {
        if let clock { return clock }
        let loaded = try state.clock()
        clock = loaded
        return loaded
    }

    /// The newest event held of an instance, as the next must continue it.
    mutating func tip(of origin: InstanceID, in state: State) throws -> LogTip? {
        if let tip = tips[origin] { return tip }
        guard let head = try state.head(of: origin) else { return nil }
        guard let event = try state.event(origin: origin, place: head.place) else {
            throw FoldFault("the log of \(origin.rawValue) lacks its head")
        }
        tips[origin] = LogTip(event)
        return tips[origin]
    }

    /// How the standing log of an instance may grow; read once a transaction.
    mutating func terms(of origin: InstanceID, in state: State) throws -> LogTerms {
        if let terms = knownTerms[origin] { return terms }
        let terms = try state.terms(of: origin)
        knownTerms[origin] = terms
        return terms
    }

    private func isKnown(_ log: OfferedLog, in state: State) throws -> Bool {
        if try state.identityKey(of: log.origin) != nil { return true }
        return log.events.first.map { $0.header.isGenesis && $0.groupID == group } ?? false
    }
}

/// The end of a log.
struct LogTip: Hashable, Sendable {
    var place: Place
    var hash: Hash256
    var time: HybridTime

    init(_ event: Event) {
        place = event.header.place
        hash = event.hash
        time = event.header.time
    }

    var fence: Fence { Fence(place: place, hash: hash) }

    func head(of origin: InstanceID) -> LogHead { LogHead(origin: origin, place: place, hash: hash) }
}
