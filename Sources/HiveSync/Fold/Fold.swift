public import HiveModel

/// Turns stored events into state, one at a time, in any order that keeps each log's own (protocol, section 5).
///
/// One value per group and transaction: it caches who may do what and the state root. Call `finish` before the
/// transaction commits, and drop the value where it is rolled back. What is decided in which order: cuts (the log holds
/// only standing events), `Ownership`, `RosterDecision` (owners, admin instances, plain members), `Moderators` (owners,
/// then admins), bans, settings, and then content, votes, profiles and memberships, each from the steps before it only.
///
/// The fold never throws for what an event says: such an event is void. What it throws is a fault of this machine.
public struct Fold<State: FoldState, Crypto: CryptoSuite> {
    public let group: GroupID
    let crypto: Crypto
    var decisions: Decisions?
    var stale = StaleDecisions()
    /// The instance last found to be allowed to write without limits: runs of one instance ask only once.
    var lastWriter: InstanceID?
    var root = RootKeeper()
    /// What this version fails at; read once.
    private var poison: Set<Hash256>?

    public init(group: GroupID, crypto: Crypto) {
        self.group = group
        self.crypto = crypto
    }

    /// Applies one event that the log already holds.
    ///
    /// Applying it again changes nothing.
    @discardableResult
    public mutating func apply(_ event: Event, to state: inout State) throws -> FoldVerdict {
        try apply(event, EventPayload(of: event), to: &state)
    }

    /// As `apply`, with the payload already read.
    mutating func apply(_ event: Event, _ payload: EventPayload, to state: inout State) throws -> FoldVerdict {
        guard try !isPoison(event, in: state) else { return .void("this version failed at it") }
        do {
            try noteAwaited(event.header, hash: event.hash, &state)
            return if payload.isContent {
                try foldContent(event, payload, to: &state)
            } else {
                try record(event, payload, in: &state)
            }
        } catch {
            throw EventFault.naming(event, in: error)
        }
    }

    /// Whether an earlier try of this version failed at the event.
    mutating func isPoison(_ event: Event, in state: State) throws -> Bool {
        let poison = try self.poison ?? Set(state.poison().map(\.hash))
        self.poison = poison
        return !poison.isEmpty && poison.contains(event.hash)
    }

    /// What this version fails at was marked since it was read.
    mutating func forgetPoison() { poison = nil }

    /// Remembers an act that is decided over all of them.
    mutating func record(_ event: Event, _ payload: EventPayload, in state: inout State) throws -> FoldVerdict {
        switch payload {
        case .groupCreated(let genesis): try recordGenesis(genesis, event, in: &state)
        case .instanceAdded(let addition): try recordAddition(addition, event, in: &state)
        case .instanceRemoved(let removal): try recordRemoval(removal, event, in: &state)
        case .ownerChanged: try recordTransfer(event, in: &state)
        case .moderatorChanged(let change): try recordModerator(change, event, in: &state)
        case .membershipChanged(let change): try recordBan(change, event, in: &state)
        case .hiveSettingChanged(let change): try recordSetting(change, event, in: &state)
        case .void(let reason): .void(reason)
        default: .ignored
        }
    }

    /// The last of the decided steps: what members write.
    mutating func foldContent(_ event: Event, _ payload: EventPayload, to state: inout State) throws -> FoldVerdict {
        guard try mayWrite(event.header, &state) else {
            return .void("\(event.header.origin.rawValue) is no member that may write there")
        }
        switch payload {
        case .postCreated(let post): return try createPost(post, event, in: &state)
        case .postUpdated(let update):
            return try self.update(update.post, PostRow.self, update.by, event, payload, &state)
        case .postDeleted(let deletion): return try delete(deletion, PostRow.self, event, in: &state)
        case .postPinned(let pin): return try pinPost(pin, event, in: &state)
        case .commentCreated(let comment): return try createComment(comment, event, in: &state)
        case .commentUpdated(let update):
            return try self.update(update.comment, CommentRow.self, update.by, event, payload, &state)
        case .commentDeleted(let deletion): return try delete(deletion, CommentRow.self, event, in: &state)
        case .voteCast(let vote): return try castVote(vote, event, in: &state)
        case .agentProfileChanged(let profile): return try changeProfile(profile, event, in: &state)
        case .membershipChanged(let change): return try changeOwnMembership(change, event, in: &state)
        default: return .ignored
        }
    }

    private mutating func mayWrite(_ header: EventHeader, _ state: inout State) throws -> Bool {
        if lastWriter == header.origin { return true }
        if try !loadDecisions(&state).roster.counts(header.origin, header.place) {
            guard stale.isRoster else { return false }
            try settle(&state)
            guard try loadDecisions(&state).roster.counts(header.origin, header.place) else { return false }
        }
        if decisions?.roster.rights[header.origin]?.isUnlimited ?? false { lastWriter = header.origin }
        return true
    }

    /// A fence named this place before it was held: where another event stands there, it has to be read again.
    private mutating func noteAwaited(_ header: EventHeader, hash: Hash256, _ state: inout State) throws {
        if decisions == nil { _ = try loadDecisions(&state, before: header) }
        if decisions?.awaited.isContradicted(by: hash, of: header.origin, at: header.place) ?? false {
            stale.isRoster = true
        }
    }

    /// The root as it will be committed, once nothing is left to decide: after `finish`.
    public mutating func stateRoot(of state: State) throws -> Hash256 {
        try root.load(from: state)
        return root.buckets.value(crypto)
    }

    /// Writes back what was cached.
    ///
    /// MUST be called once after the last event of a transaction.
    public mutating func finish(_ state: inout State) throws {
        try settle(&state)
        try root.store(in: &state)
        // Where nothing was asked of them, the ones kept are still right.
        if let decisions { state.memo.decisions = decisions }
    }
}

extension EventPayload {
    /// Whether it is written by members as content is, and not decided over all acts.
    var isContent: Bool {
        switch self {
        case .postCreated, .postUpdated, .postDeleted, .postPinned, .commentCreated, .commentUpdated, .commentDeleted,
            .voteCast, .agentProfileChanged:
            true
        case .membershipChanged(let change): !change.action.isControl
        case .groupCreated, .epochOpened, .instanceAdded, .instanceRemoved, .ownerChanged, .moderatorChanged,
            .hiveSettingChanged, .unknown, .void:
            false
        }
    }
}

extension EventType {
    /// What `EventPayload.isContent` of a readable payload of this type is, before it is read; nil where the payload
    /// decides.
    var isContent: Bool? {
        switch self {
        case .voteCast, .commentCreated, .postCreated, .commentUpdated, .postUpdated, .commentDeleted, .postDeleted,
            .agentProfileChanged, .postPinned:
            true
        case .membershipChanged: nil
        default: false
        }
    }
}

/// What the fold made of one event.
public enum FoldVerdict: Hashable, Sendable {
    /// It counts, now or, where something newer stands, as history.
    case applied
    /// It stands in its log and has no effect; the sentence says why. A later event may change that.
    case void(String)
    /// This version does nothing with its type.
    case ignored
}
