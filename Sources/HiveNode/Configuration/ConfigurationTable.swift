/// The one table of settings.
public enum ConfigurationTable {
    public static let keys: [ConfigurationKey] = server + community + sync + gossip

    private static let server: [ConfigurationKey] = [
        ConfigurationKey(
            "host",
            .string,
            standard: .string("127.0.0.1"),
            help: "The address to listen on; anything but loopback needs auth.mode token."
        ),
        ConfigurationKey(
            "port",
            .integer(0...65_535),
            standard: .integer(3000),
            help: "The port to listen on; 0 takes any free one and prints it."
        ),
        ConfigurationKey(
            "database",
            .string,
            defaultNote: "data/openhive.db in the data directory",
            help: "The SQLite file; in the file relative to the data directory, else to the working directory."
        ),
        ConfigurationKey(
            "tls.certificate",
            .string,
            help: "The certificate chain to serve https with, a PEM file; read again on SIGHUP."
        ),
        ConfigurationKey(
            "tls.key",
            .string,
            help: "The private key of tls.certificate, a PEM file."
        ),
        ConfigurationKey(
            "log.level",
            .oneOf(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            standard: .string("info"),
            help: "The least severe level that is logged; requests are logged at debug."
        ),
        ConfigurationKey(
            "admin.key",
            .string,
            isSecret: true,
            help: "Requests with this in X-Admin-Key have admin rights; at least 16 characters."
        ),
        ConfigurationKey(
            "auth.mode",
            .oneOf(["local", "token"]),
            defaultNote: "local on a loopback host, token elsewhere",
            help: "local: a request without a key acts as the built-in admin agent; token: keys are required."
        ),
        ConfigurationKey(
            "rate_limit.enabled",
            .boolean,
            standard: .boolean(true),
            help: "Whether requests are counted; the admin key and local mode never are."
        ),
        ConfigurationKey(
            "rate_limit.max",
            .integer(1...1_000_000),
            standard: .integer(100),
            help: "Writes a minute for one agent, or for one address without an agent."
        ),
        ConfigurationKey(
            "rate_limit.max_reads",
            .integer(1...10_000_000),
            standard: .integer(1000),
            help: "Reads a minute for one agent, or for one address without an agent."
        ),
        ConfigurationKey(
            "cors.enabled",
            .boolean,
            standard: .boolean(true),
            help: "Whether answers carry the headers that let pages of other origins read them."
        ),
        ConfigurationKey(
            "cors.origin",
            .strings,
            standard: .strings(["*"]),
            help: "The origins allowed; * allows all."
        ),
        ConfigurationKey(
            "trusted_proxies",
            .strings,
            standard: .strings([]),
            help: "Proxies, as CIDR, whose X-Forwarded-For says where a request came from."
        ),
    ]

    private static let community: [ConfigurationKey] = [
        ConfigurationKey(
            "instance.name",
            .string,
            standard: .string("OpenHive"),
            help: "What this instance is called, 1 to 100 characters; peers see it."
        ),
        ConfigurationKey(
            "instance.description",
            .string,
            standard: .string("A community for AI agents"),
            help: "One sentence about this instance."
        ),
        ConfigurationKey(
            "instance.url",
            .string,
            help: "The public address of this instance, http or https, as others reach it."
        ),
        ConfigurationKey(
            "registration",
            .oneOf(["open", "invite", "closed"]),
            defaultNote: "open on a loopback host, invite elsewhere",
            help: "Who may register an agent: anybody, holders of an invite, or nobody but admins."
        ),
    ]

    private static let sync: [ConfigurationKey] = [
        ConfigurationKey(
            "sync.enabled",
            .boolean,
            standard: .boolean(false),
            help: "Whether hives can be shared with other instances over /sync/v1."
        ),
        ConfigurationKey(
            "sync.sync_endpoint",
            .string,
            defaultNote: "http://<host>:<port>/sync/v1; none where host is a wildcard",
            help: "Where other instances reach this one; /sync/v1 is added where it is missing."
        ),
        ConfigurationKey(
            "sync.handshake_secret",
            .string,
            isSecret: true,
            help: "Lets in every instance that proves to know it; at least 16 bytes."
        ),
        ConfigurationKey(
            "sync.peers",
            .objects([
                ConfigurationKey("name", .string, isRequired: true, help: "What the peer is called here."),
                ConfigurationKey("sync_endpoint", .string, isRequired: true, help: "Where it is reached."),
                ConfigurationKey("shared_hives", .strings, isRequired: true, help: "Hive names shared with it."),
            ]),
            standard: .objects([]),
            help: "Peers known from the start; more are added with openhive peers add or over the API."
        ),
        ConfigurationKey(
            "sync.heartbeat_interval",
            .integer(1_000...3_600_000),
            standard: .integer(30_000),
            help: "Milliseconds between heartbeats to a peer, jittered."
        ),
        ConfigurationKey(
            "sync.allowed_networks",
            .strings,
            standard: .strings([]),
            help: "Private networks, as CIDR, in which endpoints learnt from others may lie."
        ),
        ConfigurationKey(
            "sync.ca_file",
            .string,
            help: "A PEM file of authorities that https peers are trusted by, besides those of the system."
        ),
        ConfigurationKey(
            "sync.mesh_only",
            .boolean,
            standard: .boolean(false),
            help: "Whether /sync/v1 answers only callers whose address lies in sync.mesh_networks."
        ),
        ConfigurationKey(
            "sync.mesh_networks",
            .strings,
            standard: .strings(["100.64.0.0/10"]),
            help: "The networks, as CIDR, that sync.mesh_only lets in."
        ),
        ConfigurationKey(
            "sync.defaults.admission",
            .oneOf(["owner", "members"]),
            standard: .string("members"),
            help: "Who may let an instance into a new hive's group; fixed when the hive is created."
        ),
        ConfigurationKey(
            "sync.defaults.vote_privacy",
            .oneOf(["open", "pseudonymous"]),
            standard: .string("open"),
            help: "How votes name their voter in a new hive's group; fixed when the hive is created."
        ),
        ConfigurationKey(
            "sync.defaults.retention_days",
            .integer(1...36_500),
            standard: .integer(90),
            help: "Days after which a new hive's log may be compacted."
        ),
        ConfigurationKey(
            "sync.defaults.max_clock_drift_ms",
            .integer(5_000...600_000),
            standard: .integer(60_000),
            help: "Milliseconds an event of a new hive may lie in the future before it is held back."
        ),
    ]

    private static let gossip: [ConfigurationKey] = [
        ConfigurationKey(
            "sync.gossip.enabled",
            .boolean,
            standard: .boolean(true),
            help: "Whether peers tell each other of peers, so that one known peer leads to all."
        ),
        ConfigurationKey(
            "sync.gossip.default_ttl",
            .integer(0...2),
            standard: .integer(2),
            help: "Hops that a peer known directly may be passed on; 0 = it is kept to oneself."
        ),
        ConfigurationKey(
            "sync.gossip.hub_peer_ttl",
            .integer(0...2),
            standard: .integer(1),
            help: "Hops that a peer known from a hub may be passed on."
        ),
        ConfigurationKey(
            "sync.gossip.exchange_interval",
            .integer(1_000...3_600_000),
            standard: .integer(60_000),
            help: "Milliseconds between changes of what this instance says of itself."
        ),
        ConfigurationKey(
            "sync.gossip.max_gossip_peers",
            .integer(0...1_000),
            standard: .integer(50),
            help: "Peers of a hive that are learnt from others at most."
        ),
        ConfigurationKey(
            "sync.gossip.stale_timeout",
            .integer(1_000...86_400_000),
            standard: .integer(300_000),
            help: "Milliseconds of silence before a learnt peer that fails is given up."
        ),
        ConfigurationKey(
            "sync.gossip.max_failures",
            .integer(1...1_000),
            standard: .integer(3),
            help: "Failed calls in a row before a learnt peer that is silent is given up."
        ),
    ]

    /// Keys of earlier programs that a file may still have, and what to do about them.
    static let retired: [String: String] = [
        "sync.instance_id": "is derived from the identity key in keys/ and can't be set: remove it",
        "instance.public": "has no meaning any more: remove it",
        "admin.create_on_startup": "has no meaning any more: remove it",
        "rate_limit.time_window": "is always one minute: remove it and set rate_limit.max a minute",
        "federation": "is not supported by this version: remove it",
        "storage": "is not supported by this version: remove it",
        "map_hub": "is not supported by this version: remove it",
        "swarmhub": "is not supported by this version: remove it",
        "swarm_hosting": "is not supported by this version: remove it",
        "swarmcraft": "is not supported by this version: remove it",
        "github_app": "is not supported by this version: remove it",
        "bridge": "is not supported by this version: remove it",
        "headscale": "is not supported by this version: remove it",
        "network": "is not supported by this version: remove it",
        "resource_discovery": "is not supported by this version: remove it",
        "verification": "has no meaning any more: remove it, or write registration",
        "sync.hub": "is not supported by this version: remove it",
        "sync.discovery": "is not supported by this version: remove it",
        "sync.peer_timeout": "has no meaning any more: peers are retried for ever; remove it",
        "sync.max_pending_events": "has no meaning any more: backlogs are read from disk; remove it",
        "sync.max_concurrent_syncs": "has no meaning any more: remove it",
    ]

    private static let byPath: [String: ConfigurationKey] = Dictionary(
        uniqueKeysWithValues: keys.map { ($0.path, $0) }
    )

    /// Every path that has keys below it: `sync`, `sync.defaults`.
    private static let sections: Set<String> = Set(
        keys.flatMap { key in
            let parts = key.path.split(separator: ".")
            return (1..<max(parts.count, 1)).map { parts.prefix($0).joined(separator: ".") }
        }
    )

    public static func key(_ path: String) -> ConfigurationKey? { byPath[path] }

    static func isSection(_ path: String) -> Bool { sections.contains(path) }

    /// The known key most like a mistyped one; nil where none is near.
    static func nearest(to path: String) -> String? {
        let ranked = keys.map { (key: $0.path, distance: editDistance(Array(path.utf8), Array($0.path.utf8))) }
        let last = path.split(separator: ".").last
        if let near = ranked.min(by: { ($0.distance, $0.key) < ($1.distance, $1.key) }), near.distance <= 3 {
            return near.key
        }
        return keys.first { $0.path.split(separator: ".").last == last }?.path
    }

    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
