public import HiveModel

/// A random history of one group: the whole logs of 2 to 5 instances, made from a seed.
///
/// It holds what peers may really send: writes before creations and before memberships, strangers' edits, double
/// creations, foreign ids and agents, repeated events with old clocks, void and unknown payloads, several epochs, and
/// additions by owner, admins, members and those who have no right to.
public struct History: Sendable {
    public let seed: UInt64
    public let group: GroupID
    /// The first founded the group.
    public let instances: [TestInstance<StandInCrypto>]

    public var events: [Event] { instances.flatMap(\.events) }
    /// Later than every event.
    public static let endMs: Int64 = 1_900_000_000_000

    public init(seed: UInt64, steps: Int? = nil) {
        var writer = HistoryWriter(seed: seed)
        writer.run(steps: steps)
        self.seed = seed
        group = writer.group
        instances = writer.instances
    }
}
