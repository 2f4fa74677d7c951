public import HiveModel

/// Turns stored events into state, one at a time, in any order that keeps each log's own (protocol, section 5).
///
/// One value per group and transaction: it caches who may do what and the state root. Call `finish` before the
/// transaction commits, and drop the value where it is rolled back. What is decided in which order: cuts (admission
/// leaves only standing events), `Ownership`, `Roster` (owners, admin instances, plain members), grants, bans, and then
/// content, votes and profiles, each from the steps before it only.
///
/// The fold never throws for what an event says: such an event is void. What it throws is a fault of this machine.
public struct Fold<State: FoldState, Crypto: Hashing> {
    public let group: GroupID
    let crypto: Crypto
    var authority: Authority?
    /// Acts about the roster were folded since it was decided.
    var isRosterStale = false
    /// The instance last found to be allowed to write: runs of one instance ask only once.
    var lastWriter: InstanceID?
    var root = RootKeeper()

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
        switch payload {
        case .groupCreated(let genesis): try foldGenesis(genesis, event, to: &state)
        case .instanceAdded(let addition): try foldAddition(addition, event, to: &state)
        case .epochOpened, .instanceRemoved, .ownerChanged, .moderatorChanged, .membershipChanged, .hiveSettingChanged,
            .postPinned, .unknown:
            .ignored
        case .void(let reason): .void(reason)
        case .postCreated, .postUpdated, .postDeleted, .commentCreated, .commentUpdated, .commentDeleted, .voteCast,
            .agentProfileChanged:
            try foldContent(event, payload, to: &state)
        }
    }

    /// The last of the decided steps: what members write.
    mutating func foldContent(_ event: Event, _ payload: EventPayload, to state: inout State) throws -> FoldVerdict {
        guard try mayWrite(event.header.origin, &state) else {
            return .void("\(event.header.origin.rawValue) is no member that may write")
        }
        switch payload {
        case .postCreated(let post): return try createPost(post, event, in: &state)
        case .postUpdated(let update): return try updatePost(update, event, in: &state)
        case .postDeleted(let deletion): return try deletePost(deletion, event, in: &state)
        case .commentCreated(let comment): return try createComment(comment, event, in: &state)
        case .commentUpdated(let update): return try updateComment(update, event, in: &state)
        case .commentDeleted(let deletion): return try deleteComment(deletion, event, in: &state)
        case .voteCast(let vote): return try castVote(vote, event, in: &state)
        case .agentProfileChanged(let profile): return try changeProfile(profile, event, in: &state)
        case .groupCreated, .instanceAdded, .epochOpened, .instanceRemoved, .ownerChanged, .moderatorChanged,
            .membershipChanged, .hiveSettingChanged, .postPinned, .unknown, .void:
            return .ignored
        }
    }

    private mutating func mayWrite(_ origin: InstanceID, _ state: inout State) throws -> Bool {
        if lastWriter == origin { return true }
        if try !loadAuthority(&state).mayWrite(origin) {
            guard isRosterStale else { return false }
            try settle(&state)
            guard try loadAuthority(&state).mayWrite(origin) else { return false }
        }
        lastWriter = origin
        return true
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
