public import HiveModel

/// Who is in a group, who owns it, and how it is set: decided by admins of its instances.
///
/// All calls need admin rights here, which the caller checks; what this instance may do in the group is checked where
/// it is written (`HiveError(.forbidden)`). Works without a network: others learn of it as of every event.
public protocol GroupGovernance: Sendable {
    /// As the owner.
    func changePolicy(group: String, _ change: PolicyChange, by admin: AgentIdentity?) async throws -> GroupStatus

    /// By the owner's instance at once; elsewhere as one of the successors, one after the other.
    func transferOwner(group: String, _ order: TransferOrder, by admin: AgentIdentity?) async throws -> TransferOutcome

    /// Removes an instance; its own id = leave, which `HiveError(.conflict)` refuses to the owner.
    func removeMember(group: String, _ order: RemovalOrder) async throws -> FencedMember

    /// Removes an instance with a fence and adds it again in another role.
    func changeRole(group: String, instance: String, role: MemberRole) async throws -> FencedMember

    /// Closes this instance's log and opens its next epoch under a new key.
    func openEpoch(group: String, _ order: EpochOrder) async throws -> OpenedEpoch
}

/// Nil leaves a rule as it is.
public struct PolicyChange: Sendable, Hashable {
    public var retentionDays: Int64?
    public var maxClockDriftMs: Int64?

    public init(retentionDays: Int64? = nil, maxClockDriftMs: Int64? = nil) {
        self.retentionDays = retentionDays
        self.maxClockDriftMs = maxClockDriftMs
    }
}

public struct TransferOrder: Sendable {
    public var instance: String
    public var agent: String
    /// What the successors before have signed; nil for the first.
    public var pin: Fence?
    public var cosignatures: [Cosignature]

    public init(instance: String, agent: String, pin: Fence? = nil, cosignatures: [Cosignature] = []) {
        self.instance = instance
        self.agent = agent
        self.pin = pin
        self.cosignatures = cosignatures
    }
}

public enum TransferOutcome: Sendable {
    case transferred(GroupStatus)
    /// More successors have to sign: each is given the pin and what was signed.
    case needsMore(pin: Fence, cosignatures: [Cosignature], quorum: Int64)
}

public struct RemovalOrder: Sendable, Hashable {
    public var instance: String
    public var reason: String?
    /// How far the instance's log counts; nil = as far as it is held here.
    public var fence: Fence?
    /// Whether all it let in goes too.
    public var removesInvited: Bool

    public init(instance: String, reason: String? = nil, fence: Fence? = nil, removesInvited: Bool = false) {
        self.instance = instance
        self.reason = reason
        self.fence = fence
        self.removesInvited = removesInvited
    }
}

/// What became of a member that was removed, or removed and added again.
public struct FencedMember: Sendable, Hashable {
    /// Events held of the instance that count no more.
    public var cutEvents: Int64
    public var fence: Fence?
    /// Whether what it had written was fetched from it first, so that all it had acknowledged lies under the fence.
    public var isFetched: Bool

    public init(cutEvents: Int64, fence: Fence?, isFetched: Bool = false) {
        self.cutEvents = cutEvents
        self.fence = fence
        self.isFetched = isFetched
    }
}

public struct EpochOrder: Sendable, Hashable {
    /// `rotation`, or `stolen_key`: then what lies beyond `lastOwn` is disowned.
    public var isKeyStolen: Bool
    /// The last event known to be one's own; nil = the head.
    public var lastOwn: Place?

    public init(isKeyStolen: Bool = false, lastOwn: Place? = nil) {
        self.isKeyStolen = isKeyStolen
        self.lastOwn = lastOwn
    }
}

public struct OpenedEpoch: Sendable, Hashable {
    public var epoch: Int64
    /// Own events that do not stand any more.
    public var closedOff: Int64
    /// Own events written again.
    public var repeated: Int64

    public init(epoch: Int64, closedOff: Int64, repeated: Int64) {
        self.epoch = epoch
        self.closedOff = closedOff
        self.repeated = repeated
    }
}
