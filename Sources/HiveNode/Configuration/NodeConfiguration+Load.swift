import Foundation
import HiveHTTP
import HiveModel
import HiveSync

extension NodeConfiguration {
    /// Finds the data directory and the file, lays flags over environment over file over defaults, and checks the
    /// whole.
    ///
    /// Throws `ConfigurationError`; nothing is created or changed.
    public static func load(
        flags: ConfigurationFlags,
        environment: [String: String]
    ) throws -> NodeConfiguration {
        let directory = DataDirectory.locate(flag: flags.dataDirectory, environment: environment)
        let named = flags.configFile ?? environment["OPENHIVE_CONFIG"]
        let path = named ?? directory.configFile
        var file: [String: SettledValue] = [:]
        var readFile: String?
        if named != nil || FileManager.default.fileExists(atPath: path) {
            file = try ConfigurationFile.read(path: path)
            readFile = path
        }
        let layers = try ConfigurationLayers(flags: flags, environment: environment, file: file)
        let sources = Sources(
            flags: flags,
            environment: environment,
            values: layers.values.mapValues(\.value)
        )
        return try NodeConfiguration(layers, directory: directory, configFile: readFile, sources: sources)
    }

    /// The same flags and environment over the file as it is now.
    func reloaded() throws -> NodeConfiguration {
        try Self.load(flags: sources.flags, environment: sources.environment)
    }

    /// The keys whose values differ, sorted.
    func changes(from other: NodeConfiguration) -> [String] {
        Set(sources.values.keys).union(other.sources.values.keys)
            .filter { sources.values[$0] != other.sources.values[$0] }
            .sorted()
    }

    init(
        _ layers: ConfigurationLayers,
        directory: DataDirectory,
        configFile: String?,
        sources: Sources
    ) throws {
        let host = layers.string("host") ?? "127.0.0.1"
        let isLoopback = HostName.isLoopback(host)
        self.init(
            dataDirectory: directory,
            configFile: configFile,
            host: host,
            port: Int(layers.integer("port")),
            databasePath: Self.file(layers, "database", directory: directory) ?? directory.databaseFile,
            tls: try Self.tls(layers, directory: directory),
            instance: try Self.instance(layers),
            adminKey: try Self.secret(layers, "admin.key", unit: "characters"),
            authMode: try Self.authMode(layers, host: host),
            registration: layers.string("registration").flatMap(Registration.init) ?? (isLoopback ? .open : .invite),
            rateLimit: RateLimit(
                isEnabled: layers.boolean("rate_limit.enabled"),
                writesMax: Int(layers.integer("rate_limit.max")),
                readsMax: Int(layers.integer("rate_limit.max_reads"))
            ),
            cors: Cors(isEnabled: layers.boolean("cors.enabled"), origins: layers.strings("cors.origin")),
            trustedProxies: try Self.networks(layers, "trusted_proxies"),
            logLevel: layers.string("log.level") ?? "info",
            sync: try Self.sync(layers, directory: directory),
            warnings: layers.warnings,
            sources: sources
        )
    }

    /// A path that a setting names: in the file relative to the data directory, else to the working directory.
    private static func file(_ layers: ConfigurationLayers, _ key: String, directory: DataDirectory) -> String? {
        guard let given = layers.string(key), !given.isEmpty else { return nil }
        if case .file = layers.origin(key) { return DataDirectory.absolute(given, below: directory.root) }
        return DataDirectory.absolute(given, below: FileManager.default.currentDirectoryPath)
    }

    private static func tls(_ layers: ConfigurationLayers, directory: DataDirectory) throws -> TLS? {
        let certificate = file(layers, "tls.certificate", directory: directory)
        let key = file(layers, "tls.key", directory: directory)
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLS(certificate: certificate, key: key)
        default:
            let (given, missing) =
                key == nil ? ("tls.certificate", "tls.key") : ("tls.key", "tls.certificate")
            throw ConfigurationError(
                origin: layers.origin(given),
                key: given,
                message: "\(given) is set and \(missing) is not: https needs both, plain http neither."
            )
        }
    }

    private static func authMode(_ layers: ConfigurationLayers, host: String) throws -> AuthMode {
        let isLoopback = HostName.isLoopback(host)
        guard let mode = layers.string("auth.mode").flatMap(AuthMode.init) else { return isLoopback ? .local : .token }
        guard mode == .token || isLoopback else {
            throw ConfigurationError(
                origin: layers.origin("auth.mode"),
                key: "auth.mode",
                message: "auth.mode local gives everybody who can connect admin rights, and host \(host) is not "
                    + "loopback: write auth.mode token, or host 127.0.0.1."
            )
        }
        return mode
    }

    private static func instance(_ layers: ConfigurationLayers) throws -> Instance {
        let name = layers.string("instance.name") ?? "OpenHive"
        guard (1...100).contains(name.utf16.count) else {
            throw ConfigurationError(
                origin: layers.origin("instance.name"),
                key: "instance.name",
                message: "instance.name has 1 to 100 characters, not \(name.utf16.count)."
            )
        }
        var url = layers.string("instance.url")
        if let given = url {
            guard isHTTP(given) else { throw notHTTP(layers, "instance.url", given, "https://hive.example.org") }
            while url?.last == "/" { url?.removeLast() }
        }
        return Instance(name: name, description: layers.string("instance.description") ?? "", url: url)
    }

    private static func secret(_ layers: ConfigurationLayers, _ path: String, unit: String) throws -> String? {
        guard let given = layers.string(path) else { return nil }
        guard given.utf8.count >= 16 else {
            throw ConfigurationError(
                origin: layers.origin(path),
                key: path,
                message: "\(path) has at least 16 \(unit): make one with openssl rand -hex 24."
            )
        }
        return given
    }

    private static func sync(_ layers: ConfigurationLayers, directory: DataDirectory) throws -> Sync {
        var endpoint = layers.string("sync.sync_endpoint")
        if let given = endpoint { endpoint = try syncEndpoint(given, layers, "sync.sync_endpoint") }
        let meshNetworks = try networks(layers, "sync.mesh_networks")
        var peers: [Peer] = []
        for object in layers.objects("sync.peers") {
            guard case .string(let name) = object["name"], case .string(let given) = object["sync_endpoint"],
                case .strings(let hives) = object["shared_hives"]
            else { continue }
            let peerEndpoint = try syncEndpoint(given, layers, "sync.peers")
            guard !peers.contains(where: { $0.syncEndpoint == peerEndpoint }) else {
                throw ConfigurationError(
                    origin: layers.origin("sync.peers"),
                    key: "sync.peers",
                    message: "sync.peers has \(peerEndpoint) twice: keep one entry with all its shared_hives."
                )
            }
            peers.append(Peer(name: name, syncEndpoint: peerEndpoint, sharedHives: hives))
        }
        return Sync(
            isEnabled: layers.boolean("sync.enabled"),
            syncEndpoint: endpoint,
            handshakeSecret: try secret(layers, "sync.handshake_secret", unit: "bytes"),
            peers: peers,
            heartbeatIntervalMs: layers.integer("sync.heartbeat_interval"),
            allowedNetworks: try networks(layers, "sync.allowed_networks"),
            meshNetworks: layers.boolean("sync.mesh_only") ? meshNetworks : nil,
            authoritiesFile: file(layers, "sync.ca_file", directory: directory),
            gossip: gossip(layers),
            defaults: GroupPolicy(
                maxClockDriftMs: layers.integer("sync.defaults.max_clock_drift_ms"),
                retentionDays: layers.integer("sync.defaults.retention_days"),
                admission: layers.string("sync.defaults.admission").flatMap(GroupPolicy.Admission.init) ?? .members,
                votePrivacy: layers.string("sync.defaults.vote_privacy").flatMap(GroupPolicy.VotePrivacy.init) ?? .open
            )
        )
    }

    private static func gossip(_ layers: ConfigurationLayers) -> GossipSettings {
        var gossip = GossipSettings()
        gossip.isEnabled = layers.boolean("sync.gossip.enabled")
        gossip.defaultTTL = layers.integer("sync.gossip.default_ttl")
        gossip.hubTTL = layers.integer("sync.gossip.hub_peer_ttl")
        gossip.exchangeMs = layers.integer("sync.gossip.exchange_interval")
        gossip.peersMax = Int(layers.integer("sync.gossip.max_gossip_peers"))
        gossip.staleMs = layers.integer("sync.gossip.stale_timeout")
        gossip.failuresMax = Int(layers.integer("sync.gossip.max_failures"))
        return gossip
    }

    private static func syncEndpoint(
        _ given: String,
        _ layers: ConfigurationLayers,
        _ path: String
    ) throws -> String {
        guard let endpoint = SyncEndpoint.normalized(given) else {
            throw notHTTP(layers, path, given, "https://hive.example.org/sync/v1")
        }
        return endpoint
    }

    private static func notHTTP(
        _ layers: ConfigurationLayers,
        _ path: String,
        _ given: String,
        _ example: String
    ) -> ConfigurationError {
        ConfigurationError(
            origin: layers.origin(path),
            key: path,
            message: "\(path) is an address such as \(example), not \"\(given)\"."
        )
    }

    private static func isHTTP(_ text: String) -> Bool {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased() else { return false }
        return (scheme == "http" || scheme == "https") && !(url.host() ?? "").isEmpty
    }

    private static func networks(_ layers: ConfigurationLayers, _ path: String) throws -> [String] {
        let given = layers.strings(path)
        for network in given where !network.contains("/") || OutgoingNetwork(network) == nil {
            throw ConfigurationError(
                origin: layers.origin(path),
                key: path,
                message: "\(path) has networks such as 10.0.0.0/8 or fd00::/8, not \"\(network)\"."
            )
        }
        return given
    }
}
