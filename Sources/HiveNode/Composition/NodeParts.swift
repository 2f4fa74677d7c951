import HiveCrypto
import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import Logging

/// What a server and an offline command have in common: the directory's lock, the store, the one writer, and everything
/// that works on them.
///
/// Open until `close`.
struct NodeParts: Sendable {
    let configuration: NodeConfiguration
    let lock: DirectoryLock
    let local: LocalInstance
    let store: HiveStore
    let clock: any PeeringClock
    let backend: StoreBackend
    let writer: Writer<StoreBackend>
    let board: HeadsBoard
    let backfills: BackfillBoard
    let held: HeldBoard
    let peering: PeeringHandle
    let joiner: PeerJoiner
    let community: CommunityWriter
    let replies: ReplyShelf
    let duties: GroupDuties
    let membership: MembershipWatch
    let clocks: ClockWatch
    let sync: SyncAdministrator
    /// Groups that were folded again at the opening.
    private(set) var refoldedGroups = 0

    /// Takes the lock, opens the database and brings it up to date, and starts the writer.
    /// - Parameters:
    ///   - clock: this machine's, but for tests.
    ///   - onProgress: told a sentence where that takes long.
    static func open(
        _ configuration: NodeConfiguration,
        logger: Logger,
        clock: any PeeringClock = SystemPeeringClock(),
        onProgress: (@Sendable (String) -> Void)? = nil
    ) async throws -> NodeParts {
        let lock = try DirectoryLock(configuration.dataDirectory)
        do {
            let local = try LocalInstance(
                directory: configuration.dataDirectory,
                name: configuration.instance.name,
                alerts: AlertBoard(logger: logger)
            )
            let options = StoreOptions(hashing: local.crypto, now: { clock.wallMs() })
            let store = try HiveStore.open(path: configuration.databasePath, options: options)
            var parts = NodeParts(
                configuration,
                lock: lock,
                local: local,
                store: store,
                clock: clock,
                logger: logger
            )
            parts.writer.start()
            do {
                let refolding = Refolding(writer: parts.writer, logger: logger, onProgress: onProgress)
                parts.refoldedGroups = try await refolding.run()
                try await parts.settle()
            } catch {
                await parts.writer.stop()
                store.close()
                throw error
            }
            return parts
        } catch {
            lock.release()
            throw error
        }
    }

    private init(
        _ configuration: NodeConfiguration,
        lock: DirectoryLock,
        local: LocalInstance,
        store: HiveStore,
        clock: any PeeringClock,
        logger: Logger
    ) {
        self.configuration = configuration
        self.lock = lock
        self.local = local
        self.store = store
        self.clock = clock
        board = HeadsBoard()
        backfills = BackfillBoard()
        held = HeldBoard()
        peering = PeeringHandle()
        backend = StoreBackend(store: store, local: local, backfills: backfills, nowMs: { clock.wallMs() })
        backend.addListener(board)
        backend.addListener(peering)
        duties = GroupDuties(alerts: local.alerts, logger: logger)
        backend.addListener(duties)
        membership = MembershipWatch(peering: peering, logger: logger)
        backend.addListener(membership)
        clocks = ClockWatch(clock: clock, logger: logger)
        backend.addListener(clocks)
        writer = Writer(backend: backend, logger: logger)
        duties.attach(writer)
        membership.attach(writer)
        clocks.attach(writer)
        community = CommunityWriter(writer: writer, local: local, defaults: configuration.sync.defaults)
        replies = ReplyShelf(store: store, writer: writer, local: local)
        joiner = PeerJoiner(
            store: store,
            hasHandshakeSecret: configuration.sync.handshakeSecret != nil,
            logger: logger
        )
        sync = SyncAdministrator(
            store: store,
            writer: writer,
            local: local,
            board: board,
            backfills: backfills,
            held: held,
            peering: peering,
            joiner: joiner,
            isEnabled: configuration.sync.isEnabled
        )
        joiner.attach(sync)
    }

    var replica: ReplicaService {
        ReplicaService(
            store: store,
            own: local.instance,
            writer: writer,
            board: board,
            backfills: backfills,
            held: held,
            clocks: clocks
        )
    }

    /// Writes what waits, brings the index up to date, and lets go of database and directory.
    func close() async {
        duties.attach(nil)
        membership.attach(nil)
        clocks.attach(nil)
        await writer.stop()
        // What is left in the write-ahead log would be read at the next start anyway; this leaves one file to copy.
        try? store.checkpoint()
        store.close()
        lock.release()
    }

    /// Takes over peers of a configuration that was read again.
    func takeConfigured(_ peers: [NodeConfiguration.Peer]) async throws {
        let records = try await writer.perform { turn in
            try turn.takeConfigured(peers)
            return try turn.transaction.peers()
        }
        for record in records where peers.contains(where: { $0.syncEndpoint == record.syncEndpoint }) {
            peering.peerConfigured(record)
        }
        joiner.look()
    }

    // MARK: First

    /// Makes what every database has, takes over the configured peers, and learns how far each group is held.
    private func settle() async throws {
        let peers = configuration.sync.peers
        let policy = configuration.sync.defaults
        let heads = try await writer.perform { turn in
            try turn.seed(policy: policy)
            try turn.takeConfigured(peers)
            var heads: [(group: GroupID, heads: GroupHeads)] = []
            for group in try turn.transaction.groups().map(\.id) {
                let state = try turn.state(of: group)
                let root = try state.stateRoot().value(turn.local.crypto)
                heads.append((group, GroupHeads(heads: try state.heads(), stateRoot: root, turn.local.crypto)))
            }
            return heads
        }
        for (group, heads) in heads where board.heads(of: group) == nil { board.put(heads, of: group) }
        duties.look(heads.map(\.group))
        membership.look(heads.map(\.group))
    }
}

extension WriteTurn {
    /// The built-in admin agent `local` and its hive `general`, where the database is new.
    fileprivate func seed(policy: GroupPolicy) throws {
        var transaction = transaction
        try transaction.setInstance(local.instance, name: local.name)
        guard try transaction.account(named: "local") == nil else { return }
        let admin = NewAgent(name: "local", description: "The built-in admin of this instance", isAdmin: true)
        let agent = try createAccount(admin, id: local.ids.next(ms: nowMs))
        guard try transaction.group(ofHive: "general") == nil else { return }
        _ = try createHive(
            NewHive(name: "general", description: "Everything else"),
            by: agent,
            Founding(policy: policy)
        )
    }

    /// Peers of the configuration become manual entries; one that is there already keeps its session.
    fileprivate func takeConfigured(_ peers: [NodeConfiguration.Peer]) throws {
        var transaction = transaction
        let known = try transaction.peers()
        for configured in peers {
            var peer =
                known.first { $0.syncEndpoint == configured.syncEndpoint }
                ?? PeerRecord(
                    id: PeerID("peer_" + RandomText.nanoid()),
                    name: configured.name,
                    syncEndpoint: configured.syncEndpoint,
                    sharedHives: [],
                    groups: [],
                    createdAtMs: nowMs,
                    updatedAtMs: nowMs
                )
            peer.name = configured.name
            peer.source = "manual"
            for hive in configured.sharedHives where !peer.sharedHives.contains(hive) { peer.sharedHives.append(hive) }
            peer.groups = Array(Set(peer.groups + (try sharedGroups(named: peer.sharedHives)))).sorted()
            peer.updatedAtMs = nowMs
            try transaction.putPeer(peer)
        }
    }
}
