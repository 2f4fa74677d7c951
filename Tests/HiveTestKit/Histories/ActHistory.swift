public import HiveModel
internal import HiveSync

/// A random history of every kind of event: the whole logs of 2 to 6 instances, made from a seed.
///
/// Written with real causality: an instance replaces the heads it has seen, cites its newest grant, and fences as far
/// as it saw a log. Sometimes it does so wrongly, as faulty and hostile members do: foreign grants, fences in the
/// future or on another branch, acts it has no right to, transfers by those who own nothing, two of one number.
public struct ActHistory: Sendable {
    public let seed: UInt64
    public let group: GroupID
    /// The first founded the group.
    public let instances: [TestInstance<StandInCrypto>]
    /// Whether all pins name events that stand where they say: only then does admission take whole logs.
    public let hasTruePins: Bool

    public var logs: [[Event]] { instances.map(\.events) }
    public var events: [Event] { instances.flatMap(\.events) }

    /// - Parameter steps: how much is written; by default 12 to 41 events and what a group begins with.
    public init(seed: UInt64, steps: Int? = nil) {
        var writer = ActWriter(seed: seed)
        writer.run(steps: steps)
        self.seed = seed
        group = writer.group
        instances = writer.instances
        hasTruePins = writer.hasTruePins
    }
}

/// An act that others may replace or cite.
struct KnownAct {
    var writer: Int
    /// Its number among all events of the writer: who has seen more than this many has seen it.
    var ordinal: Int
    var key: ActKey
    var id: EventID
    var replaces: [EventID]
    var grant: Grant?

    enum Grant: Hashable {
        case admin(of: Int)
        case moderator(AgentKey, isAdmin: Bool)
    }
}
