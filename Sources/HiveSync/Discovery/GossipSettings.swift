/// How peers are learnt from peers (`sync.gossip.*`).
public struct GossipSettings: Hashable, Sendable {
    public var isEnabled = true
    /// Hops that a peer known directly (configured, or met in a handshake) may be passed on.
    public var defaultTTL: Int64 = 2
    /// Hops that a peer known from a hub may be passed on.
    public var hubTTL: Int64 = 1
    /// How often the own record may change, and lists are looked at, milliseconds.
    public var exchangeMs: Int64 = 60_000
    /// Peers learnt by gossip and kept, per group.
    public var peersMax = 50
    /// How long a learnt peer that fails is silent before it goes, milliseconds.
    public var staleMs: Int64 = 300_000
    /// How many calls in a row fail before a learnt peer that is silent goes.
    public var failuresMax = 3
    /// How long the own record stands, milliseconds; it is renewed at half.
    public var lifeMs: Int64 = 3 * 24 * 3_600_000

    /// TTLs above count as this.
    static let ttlMax: Int64 = 2
    /// After so many exchange intervals everything is told again, because a reply may have been lost.
    static let refreshExchanges: Int64 = 10
    /// Entries of one list.
    public static let entriesMax = 51

    public init() {}
}
