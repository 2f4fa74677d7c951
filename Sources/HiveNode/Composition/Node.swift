import HiveAPI
import HiveCrypto
import HiveHTTP
import HiveModel
import HivePeering
import HivePorts
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// A whole instance: storage, writer, peers and servers, from its configuration.
public enum Node {
    /// Runs until the process is told to stop (SIGTERM, SIGINT, where `handlesSignals`) or the task is cancelled.
    ///
    /// Makes the data directory where it isn't there. Throws a sentence where it can't start: port taken, directory in
    /// use.
    /// - Parameters:
    ///   - onProgress: told a sentence where something has to be done first that takes long.
    ///   - onReady: called once it listens.
    public static func run(
        configuration: NodeConfiguration,
        handlesSignals: Bool = true,
        onProgress: (@Sendable (String) -> Void)? = nil,
        onReady: (@Sendable (ReadyNode) async -> Void)? = nil
    ) async throws {
        try await run(
            configuration: configuration,
            handlesSignals: handlesSignals,
            onProgress: onProgress
        ) { ready, _ in
            await onReady?(ready)
        }
    }

    /// As above; `onReady` is shown the parts too, and tests bring their own clock.
    static func run(
        configuration: NodeConfiguration,
        handlesSignals: Bool,
        clock: any PeeringClock = SystemPeeringClock(),
        onProgress: (@Sendable (String) -> Void)? = nil,
        onReady: @escaping @Sendable (ReadyNode, NodeParts) async -> Void
    ) async throws {
        let logger = NodeLog.logger(level: configuration.logLevel)
        for warning in configuration.warnings { logger.warning("\(warning)") }
        let directory = configuration.dataDirectory
        let isNew = !directory.isInitialized
        if isNew { try directory.createFiles(settings: []) }
        let parts = try await NodeParts.open(
            configuration,
            logger: logger,
            clock: clock,
            onProgress: onProgress
        )
        do {
            if isNew { try directory.mark() }
            let server = try NodeServer(parts, isDirectoryNew: isNew, logger: logger, onReady: onReady)
            try await server.run(handlesSignals: handlesSignals)
        } catch {
            await close(parts)
            throw NodeFault.described(error, configuration)
        }
        await close(parts)
    }

    private static func close(_ parts: NodeParts) async {
        RunningServer.remove(from: parts.configuration.dataDirectory)
        await parts.close()
    }
}

/// The servers and services of one running node.
private struct NodeServer {
    let parts: NodeParts
    let isDirectoryNew: Bool
    let logger: Logger
    let onReady: @Sendable (ReadyNode, NodeParts) async -> Void
    let adminToken = RandomText.token()
    let adminKey: AdminKey?
    let certificate: ServerCertificate?

    init(
        _ parts: NodeParts,
        isDirectoryNew: Bool,
        logger: Logger,
        onReady: @escaping @Sendable (ReadyNode, NodeParts) async -> Void
    ) throws {
        self.parts = parts
        self.isDirectoryNew = isDirectoryNew
        self.logger = logger
        self.onReady = onReady
        let isKeyNeeded = parts.configuration.authMode == .token && parts.configuration.adminKey == nil
        certificate = try parts.configuration.tls.map {
            try ServerCertificate(chainFile: $0.certificate, keyFile: $0.key)
        }
        adminKey = isKeyNeeded ? try AdminKey.loadOrMake(parts.configuration.dataDirectory) : nil
    }

    func run(handlesSignals: Bool) async throws {
        let configuration = parts.configuration
        var services: [any Service] = []
        var syncRoutes: [Route] = []
        if configuration.sync.isEnabled {
            let peering = PeeringService(
                identity: parts.local,
                replica: parts.replica,
                store: parts.store,
                desk: JoinService(writer: parts.writer, local: parts.local, peering: parts.peering),
                settings: try configuration.peeringSettings(),
                alerts: parts.local.alerts,
                logger: logger,
                clock: parts.clock
            )
            parts.peering.attach(peering)
            syncRoutes = peering.routes()
            services = [peering, parts.joiner]
        }
        if handlesSignals {
            services.append(ConfigurationReloader(parts: parts, certificate: certificate, logger: logger))
        }
        services.append(application(syncRoutes: syncRoutes))
        var group = ServiceGroupConfiguration(
            services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
            gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [],
            logger: NodeLog.quiet(logger)
        )
        group.maximumGracefulShutdownDuration = .seconds(10)
        try await ServiceGroup(configuration: group).run()
    }

    private func application(syncRoutes: [Route]) -> some Service {
        let configuration = parts.configuration
        let settings = configuration.apiSettings(instance: parts.local.instance)
        let api = APIRoutes(
            reads: parts.store,
            writes: parts.community,
            sync: configuration.sync.isEnabled ? parts.sync : nil,
            groups: parts.sync,
            settings: settings
        )
        let router = HiveRouter.build(
            routes: api.routes + syncRoutes,
            info: settings.openAPIInfo,
            services: configuration.httpServices(
                adminKeys: [configuration.adminKey, adminKey?.text, adminToken].compactMap { $0 },
                reads: parts.store,
                idempotency: parts.replies,
                hashing: parts.local.crypto,
                nowMs: { [clock = parts.clock] in clock.wallMs() }
            )
        )
        return Application(
            responder: AccessLog(next: router),
            server: .connections(idleTimeout: .seconds(75), certificate: certificate),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.bindHost, port: configuration.port),
                serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(4_096)
            ),
            onServerRunning: { channel in await listens(on: channel) },
            logger: NodeLog.quiet(logger)
        )
    }

    /// The port is known: tells peers, commands and people.
    private func listens(on channel: any Channel) async {
        let configuration = parts.configuration
        let port = channel.localAddress?.port ?? configuration.port
        parts.local.syncEndpoint = configuration.advertisedEndpoint(boundPort: port)
        let ready = ReadyNode(
            address: configuration.localAddress(boundPort: port),
            port: port,
            instance: parts.local.instance,
            syncEndpoint: parts.local.syncEndpoint,
            firstAdminKey: adminKey.flatMap { $0.isNew ? $0.text : nil },
            adminToken: adminToken,
            isDirectoryNew: isDirectoryNew
        )
        let run = RunningServer(
            address: ready.address,
            pid: ProcessNumber.own,
            adminToken: adminToken,
            instanceID: ready.instance.rawValue,
            startedAtMs: SystemClock.nowMs()
        )
        do {
            try run.write(to: configuration.dataDirectory)
        } catch {
            logger.warning("commands can't find this server", metadata: ["reason": "\(error)"])
        }
        logger.info(
            "listening",
            metadata: [
                "address": "\(ready.address)", "instance.id": "\(ready.instance.rawValue)",
                "data.directory": "\(configuration.dataDirectory.root)",
                "auth.mode": "\(configuration.authMode.rawValue)",
            ]
        )
        if configuration.sync.isEnabled, ready.syncEndpoint == nil {
            logger.notice("no sync endpoint is advertised on a wildcard host: this instance dials out only")
        }
        await onReady(ready, parts)
    }
}
