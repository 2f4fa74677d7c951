public import HiveModel
public import HiveSync

/// Everything a node is told: a plain value, validated where it is made.
public struct NodeConfiguration: Sendable {
    public enum AuthMode: String, Sendable { case local, token }
    public enum Registration: String, Sendable { case open, invite, closed }

    public struct Instance: Hashable, Sendable {
        public var name: String
        public var description: String
        /// Without a slash at the end.
        public var url: String?
    }

    public struct RateLimit: Hashable, Sendable {
        public var isEnabled: Bool
        /// Writes a minute.
        public var writesMax: Int
        /// Reads a minute.
        public var readsMax: Int
    }

    public struct Cors: Hashable, Sendable {
        public var isEnabled: Bool
        /// `*` = any.
        public var origins: [String]
    }

    /// Paths of PEM files.
    public struct TLS: Hashable, Sendable {
        public var certificate: String
        public var key: String
    }

    public struct Peer: Hashable, Sendable {
        public var name: String
        /// Ends in `/sync/v1`.
        public var syncEndpoint: String
        public var sharedHives: [String]
    }

    public struct Sync: Sendable {
        public var isEnabled: Bool
        /// As configured, ending in `/sync/v1`; nil = to be derived from the bound address (`advertisesEndpoint`).
        public var syncEndpoint: String?
        /// At least 16 bytes.
        public var handshakeSecret: String?
        public var peers: [Peer]
        public var heartbeatIntervalMs: Int64
        /// CIDRs.
        public var allowedNetworks: [String]
        /// CIDRs whose addresses may call `/sync/v1`; nil = all may.
        public var meshNetworks: [String]?
        /// A PEM file of authorities that https peers are trusted by besides those of the system.
        public var authoritiesFile: String?
        /// How peers are learnt from peers.
        public var gossip: GossipSettings
        /// The policy of new hives.
        public var defaults: GroupPolicy
    }

    public var dataDirectory: DataDirectory
    /// The file that was read; nil where none was.
    public var configFile: String?
    public var host: String
    /// 0 = any free one.
    public var port: Int
    public var databasePath: String
    /// Nil = plain http.
    public var tls: TLS?
    public var instance: Instance
    /// At least 16 characters.
    public var adminKey: String?
    public var authMode: AuthMode
    public var registration: Registration
    public var rateLimit: RateLimit
    public var cors: Cors
    /// CIDRs of proxies whose `X-Forwarded-For` counts.
    public var trustedProxies: [String]
    /// A level's name as swift-log knows it.
    public var logLevel: String
    public var sync: Sync
    /// Sentences to log at the start.
    public var warnings: [String]
    /// What was typed and set, so that the file can be read again.
    var sources: Sources

    struct Sources: Sendable {
        var flags: ConfigurationFlags
        var environment: [String: String]
        /// Every setting as it was settled, by key path.
        var values: [String: ConfigurationValue]
    }

    /// Whether only this machine can reach the server.
    public var isLoopback: Bool { HostName.isLoopback(host) }

    /// What the instance advertises once bound to `port`; nil where it can only dial out.
    public func advertisedEndpoint(boundPort: Int) -> String? {
        guard sync.isEnabled else { return nil }
        if let endpoint = sync.syncEndpoint { return endpoint }
        guard !HostName.isWildcard(host) else { return nil }
        return "\(scheme)://\(HostName.inURL(host)):\(boundPort)/sync/v1"
    }

    var scheme: String { tls == nil ? "http" : "https" }
}

/// What a host setting says about who can connect.
enum HostName {
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || (host.hasPrefix("127.") && isIPv4(host))
    }

    static func isWildcard(_ host: String) -> Bool {
        ["0.0.0.0", "::", "[::]", "*", ""].contains(host)
    }

    /// IPv6 addresses stand in brackets in a URL.
    static func inURL(_ host: String) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
