public import HiveHTTP
public import HiveSync
import HiveWire

/// Every limit, interval and rule of the sync shell.
public struct PeeringSettings: Sendable {
    public var replicator: ReplicatorSettings
    /// Seed of the jitter; different on each node.
    public var seed: UInt64
    /// `sync.handshake_secret`, at least 16 bytes; nil = nobody is let in by it.
    public var handshakeSecret: [UInt8]?
    /// `sync.allowed_networks`: where learnt private endpoints may lead and plain http may carry tokens.
    public var allowedNetworks: [OutgoingNetwork]
    /// This instance listens on loopback only, so that learnt loopback endpoints can be meant for it.
    public var listensOnLoopbackOnly: Bool
    /// `sync.mesh_only`: the networks whose addresses may call `/sync/v1`; nil = all may.
    public var meshNetworks: [OutgoingNetwork]?
    /// `sync.ca_file`: authorities that https peers are trusted by besides those of the system.
    public var authorities: TrustedAuthorities?
    public var gossip: GossipSettings
    public var limits: Limits

    public init(
        replicator: ReplicatorSettings = ReplicatorSettings(),
        seed: UInt64,
        handshakeSecret: [UInt8]? = nil,
        allowedNetworks: [OutgoingNetwork] = [],
        listensOnLoopbackOnly: Bool,
        meshNetworks: [OutgoingNetwork]? = nil,
        authorities: TrustedAuthorities? = nil,
        gossip: GossipSettings = GossipSettings(),
        limits: Limits = Limits()
    ) {
        self.replicator = replicator
        self.seed = seed
        self.handshakeSecret = handshakeSecret
        self.allowedNetworks = allowedNetworks
        self.listensOnLoopbackOnly = listensOnLoopbackOnly
        self.meshNetworks = meshNetworks
        self.authorities = authorities
        self.gossip = gossip
        self.limits = limits
    }

    /// Bounds of buffers, waits and rates.
    ///
    /// Bytes, milliseconds, or counts.
    public struct Limits: Sendable {
        /// A push's body: 4 MiB of events, a last run that may pass them, and what stands around.
        public var pushBytesMax = WireLimits.pushBytesMax
        /// Any other body.
        public var requestBytesMax = 64 << 10
        /// How long a body may take to arrive.
        public var bodyMs: Int64 = 30_000
        /// One streamed answer to a pull; the puller then asks again.
        public var pullBytesMax = 64 << 20
        /// Read from the log and written to the socket at a time.
        public var pullChunkBytes = 256 << 10
        public var pullChunkEvents = 500
        /// The longest a pull waits for news.
        public var waitMsMax: Int64 = 60_000
        /// Pulls of one peer served at a time.
        public var pullsPerPeer = 64
        /// Events admitted in one go ...
        public var admitEvents = 1_000
        /// ...
        ///
        /// and their bytes.
        public var admitBytes = 1 << 20
        /// Batches of one stream with the writer at a time: while one is being written the next waits for it.
        public var admitsAhead = 2
        /// The longest line of a pull: a fork proof.
        public var lineBytesMax = WireLimits.lineBytesMax
        public var handshakeMs: Int64 = 30_000
        /// Handshakes between their two calls.
        public var handshakesMax = 1_024
        public var handshakesPerAddress = 32
        public var requestsPerSecond: Int64 = 100
        /// A request beyond the credits is held up so long before it is refused.
        public var requestHeldMsMax: Int64 = 250
        public var eventsPerSecond: Int64 = 50_000
        /// Sessions remembered without asking the store.
        public var sessionsCached = 4_096
        /// How far the clock of an HMAC request may be off.
        public var clockWindowMs: Int64 = 60_000
        public var noncesMax = 65_536
        public var callMs: Int64 = 10_000
        public var pushMs: Int64 = 60_000
        /// How often a changed report is written to the store.
        public var reportMs: Int64 = 5_000

        public init() {}
    }
}
