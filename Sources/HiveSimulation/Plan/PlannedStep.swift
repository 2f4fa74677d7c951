/// One thing that clients, operators, machines or the network do at a planned time.
struct PlannedStep: Sendable {
    /// Virtual milliseconds since the start.
    var atMs: Int64
    /// Who does it, or to whom it happens.
    var node: Int
    var action: PlannedAction
    /// Decides what the action leaves open.
    var seed: UInt64
}

enum PlannedAction: Hashable, Sendable {
    /// The node is invited by another and begins to dial its peers.
    case join(invitedBy: Int, ClusterRole)
    /// Clients of the node write so many events.
    case write(count: Int)
    case crash(downMs: Int64)
    /// As a crash, after which the last commits are gone.
    case loseCommits(count: Int, downMs: Int64)
    /// As a crash, after which the database is as it was so many commits ago.
    case restoreBackup(commitsBack: Int, downMs: Int64)
    case pause(forMs: Int64)
    /// The next commits fail.
    case failCommits(count: Int)
    case slowDisk(forMs: Int64)
    /// A stored row changes; it is found by a verification some time later.
    case flipBit(foundAfterMs: Int64)
    case jumpClock(ClockJump, backAfterMs: Int64)
    case partition(Partition, forMs: Int64)
    /// The links from the node to others hold back what is sent.
    case stall(to: [Int], forMs: Int64)
    /// Answers 429 or 503 to everything.
    case busy(forMs: Int64)
    case administer(AdminAct)
    /// The node goes on with another log key.
    case rotate
    case lie(Lie)

    /// A word for traces.
    var name: String {
        switch self {
        case .join: "join"
        case .write: "write"
        case .crash: "crash"
        case .loseCommits: "lose-commits"
        case .restoreBackup: "restore-backup"
        case .pause: "pause"
        case .failCommits: "fail-commits"
        case .slowDisk: "slow-disk"
        case .flipBit: "flip-bit"
        case .jumpClock: "jump-clock"
        case .partition: "partition"
        case .stall: "stall"
        case .busy: "busy"
        case .administer(let act): act.rawValue
        case .rotate: "rotate"
        case .lie: "lie"
        }
    }
}

/// What an invitation makes of an instance.
enum ClusterRole: Hashable, Sendable { case admin, member, readonly }

enum ClockJump: Hashable, Sendable { case hourForward, hourBack, to1970, to2100 }

enum Partition: Hashable, Sendable {
    /// The node hears nobody and nobody hears it.
    case isolated
    /// What the node sends does not arrive.
    case mute
    /// What is sent to the node does not arrive.
    case deaf
    /// Nodes of the set and the others don't reach each other.
    case halves(Set<Int>)
    /// As halves, but the node reaches both.
    case bridged(Set<Int>)

    /// Whether a message passes; `node` is the one the step names.
    func lets(from: Int, to: Int, node: Int) -> Bool {
        switch self {
        case .isolated: from != node && to != node
        case .mute: from != node
        case .deaf: to != node
        case .halves(let side): side.contains(from) == side.contains(to)
        case .bridged(let side): side.contains(from) == side.contains(to) || from == node || to == node
        }
    }
}

/// What a member with valid keys does against the rules.
enum Lie: Hashable, Sendable, CaseIterable {
    /// Tells one peer another event than the one its log holds at that place.
    case equivocate
    /// Sends old events again.
    case replay
    /// Sends an event that claims another instance's log.
    case forgeLog
    /// Writes into its own log as if an agent of another instance acted.
    case forgeAuthor
    /// Claims to hold more than there is.
    case inflateHeads
    /// Sends more than the limits allow.
    case hugePayload
    /// Writes with a stamp from long ago.
    case backDate
    /// Values out of range, cycles, parents that are themselves, unknown types and members.
    case absurd
    /// Skips a place in its log.
    case gap
    /// Repeats its own content ids.
    case reuseID
}
