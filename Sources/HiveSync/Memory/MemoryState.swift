import HiveModel

/// One group's logs and state in memory: for simulation, `openhive verify` and tests.
///
/// Dictionaries only look up; whatever has an order is an array.
public struct MemoryState: Sendable {
    struct VoteKey: Hashable, Sendable {
        var target: TargetRow
        var voter: RowNumber
    }

    struct LogName: Hashable, Sendable {
        var origin: InstanceID
        var epoch: Int64
    }

    struct ActPlace: Hashable, Sendable {
        var key: ActKey
        var origin: InstanceID
        var place: Place
    }

    // Log
    /// By arrival number; what was cut away leaves a hole.
    var log: [Event?] = []
    /// Arrival numbers, by place.
    var arrivals: [LogName: [RowNumber]] = [:]
    var isVerified: [Bool] = []
    var arrivalsByOrigin: [InstanceID: [RowNumber]] = [:]
    var headsByOrigin: [InstanceID: LogHead] = [:]
    var logKeys: [LogName: PublicKey] = [:]
    var identityKeys: [InstanceID: PublicKey] = [:]
    var hybridClock = HybridClock()
    var termsByOrigin: [InstanceID: LogTerms] = [:]
    var keptByOrigin: [InstanceID: [Hash256: KeptEvent]] = [:]
    /// By place, one an epoch.
    var proofsByOrigin: [InstanceID: [ForkProof]] = [:]
    var ownerTransfers: [OwnerTransfer] = []
    var poisonEvents: [PoisonEvent] = []

    // Agents
    var agents: [AgentKey] = []
    var agentRows: [AgentKey: RowNumber] = [:]
    var profiles: [RowNumber: ProfileRow] = [:]
    var karma: [Int64] = []

    // Content
    var posts: [PostRow] = []
    var postRows: [EntityID: RowNumber] = [:]
    var comments: [CommentRow] = []
    var commentRows: [EntityID: RowNumber] = [:]
    var writesByTarget: [TargetRow: [ContentWrite]] = [:]
    var votes: [(key: VoteKey, vote: VoteRow)] = []
    var voteIndexes: [VoteKey: Int] = [:]
    var votesByTarget: [TargetRow: [Int]] = [:]

    // Group
    var groupRow: GroupRow?
    /// Remembered acts, each once, and where each register's lie among them.
    var actPlaces: [ActPlace] = []
    var actIndexes: [ActKey: [Int]] = [:]
    var ownerRows: [OwnerRow] = []
    var memberRows: [MemberRow] = []
    var moderatorRows: [ModeratorRow] = []
    var banRows: [RowNumber: BanRow] = [:]
    var membershipRows: [RowNumber: MembershipRow] = [:]
    var settingRows: [ActKey: SettingRow] = [:]
    var root = StateRoot()
    public var memo = FoldMemo()
    /// What changed, oldest first, until taken.
    public var changes: [FoldChange] = []

    public init() {}
}
