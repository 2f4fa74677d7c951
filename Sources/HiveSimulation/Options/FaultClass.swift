/// Kinds of things that go wrong; each is off in half of the seeds.
public enum FaultClass: String, CaseIterable, Sendable {
    // Network
    /// Calls take up to a second instead of a few milliseconds, each its own time: they overtake one another.
    case latency
    /// Requests, or replies after the commit, don't arrive.
    case loss
    /// Requests arrive twice.
    case duplication
    /// Links hold everything back for a while and let it go later, in another order than they stopped.
    case stalls
    /// Groups of nodes don't reach each other: one way, one node alone, two halves, two halves with a bridge.
    case partitions
    /// 429 and 503.
    case busy
    /// Streams and bodies end in the middle.
    case truncation
    // Machines
    /// Nodes stop working for a while and then go on as if nothing had been.
    case pauses
    /// Processes end at once and start again.
    case crashes
    /// Some machines can't be dialled.
    case hidden
    /// A node is broken in the end and does not come back.
    case dead
    // Disks
    /// A disk is full, or fails, when a transaction is committed.
    case diskErrors
    /// Commits take up to two seconds.
    case slowDisk
    /// A crash loses the last commits though the disk said they were durable.
    case lostCommits
    /// An old backup is put back.
    case backups
    /// A stored row changes by itself.
    case bitFlips
    // Clocks
    /// Clocks are up to twenty seconds off, within what a group allows.
    case skew
    /// Clocks run too fast or too slow.
    case drift
    /// Clocks are set an hour forward or back, to 1970, to 2100.
    case jumps
    // People
    /// A member with valid keys lies.
    case evil
    /// Instances are removed and invited again.
    case removals
    /// Log keys are rotated.
    case rotations
    /// The group's owner changes.
    case transfers
    /// Agents are banned, unbanned, made moderators and unmade.
    case moderation

    /// What seeds draw.
    public static let drawn = Set(allCases)

    /// Whether what an honest node wrote can come to be refused by another.
    var forksHonestLogs: Bool {
        switch self {
        case .lostCommits, .backups, .jumps, .rotations: true
        default: false
        }
    }
}

/// How nodes are linked.
public enum Topology: String, CaseIterable, Sendable {
    /// Everybody dials everybody.
    case mesh
    /// Each node dials the next.
    case ring
    /// All dial the owner.
    case star
    /// A ring with some chords.
    case chords
}
