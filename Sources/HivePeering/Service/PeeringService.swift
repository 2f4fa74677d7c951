import HiveCrypto
import HiveHTTP
public import HiveModel
public import HivePorts
public import HiveSync
public import Logging
public import ServiceLifecycle
import Synchronization

/// The `/sync/v1` shell of one instance: serves its routes, calls its peers, and carries out what the `Replicator`
/// decides.
///
/// Decisions are made under a lock, by one call of the state machine; their effects are carried out outside of it by
/// `run(_:)`. Every call to a peer is a child task of `run()`.
public final class PeeringService: Service, Sendable {
    let identity: any InstanceIdentity
    let replica: any ReplicaAccess
    let store: any SyncStore
    let desk: any JoinDesk
    let settings: PeeringSettings
    let clock: any PeeringClock
    let alerts: any AlertSink
    let logger: Logger
    let rules: EndpointRules
    let sessions: SessionCache
    let credits: Credits
    let timers: TimerScheduler
    let reports = PeerReports()
    let directory = PeerDirectory()
    let incarnation = Incarnation()
    let heads = KnownHeads()
    let greetings = OneAtATime()
    let repairs = Repairs()
    let gossip: Gossip
    let calls: PeerClient
    let initiator: HandshakeInitiator
    private let client: OutgoingClient
    private let replicator: Mutex<Replicator>
    private let orders: AsyncStream<PeerCall>
    private let orderSink: AsyncStream<PeerCall>.Continuation

    public init(
        identity: any InstanceIdentity,
        replica: any ReplicaAccess,
        store: any SyncStore,
        desk: any JoinDesk,
        settings: PeeringSettings,
        alerts: any AlertSink,
        logger: Logger,
        clock: any PeeringClock = SystemPeeringClock()
    ) {
        self.identity = identity
        self.replica = replica
        self.store = store
        self.desk = desk
        self.settings = settings
        self.clock = clock
        self.alerts = alerts
        self.logger = logger
        client = OutgoingClient(trusting: settings.authorities)
        rules = EndpointRules(
            allowedNetworks: settings.allowedNetworks,
            listensOnLoopbackOnly: settings.listensOnLoopbackOnly
        )
        sessions = SessionCache(store: store, max: settings.limits.sessionsCached)
        credits = Credits(limits: settings.limits)
        timers = TimerScheduler(clock: clock)
        gossip = Gossip(identity: identity, directory: directory, settings: settings.gossip)
        calls = PeerClient(
            http: client,
            rules: rules,
            own: identity.instance,
            clock: clock,
            limits: settings.limits
        )
        initiator = HandshakeInitiator(
            identity: identity,
            store: store,
            sessions: sessions,
            client: calls,
            clock: clock,
            handshakeSecret: settings.handshakeSecret
        )
        replicator = Mutex(Replicator(settings: settings.replicator, own: identity.instance, seed: settings.seed))
        (orders, orderSink) = AsyncStream.makeStream(of: PeerCall.self)
    }

    // MARK: What the node tells

    /// A transaction was committed; the group's heads are now these.
    ///
    /// Cheap; call it after every commit.
    public func committed(_ group: GroupID, _ heads: GroupHeads) {
        self.heads.put(group, heads)
        tell(.committed(group, heads))
    }

    /// A group was shared or joined and takes part in sync from now on.
    public func groupOpened(_ group: GroupID, _ heads: GroupHeads) {
        self.heads.put(group, heads)
        tell(.groupOpened(group, heads))
    }

    public func groupClosed(_ group: GroupID) {
        heads.remove(group)
        tell(.groupClosed(group))
    }

    /// A peer entry is new or has changed, its token included.
    ///
    /// The store holds it already.
    public func peerConfigured(_ record: PeerRecord) {
        directory.put(record)
        tell(.peerConfigured(record.entry))
    }

    public func peerForgotten(_ id: PeerID) {
        if let instance = directory.remove(id)?.instance { sessions.forget(instance) }
        reports.forget(id)
        alerts.clear(peer: id)
        tell(.peerForgotten(id))
    }

    /// Starts a pull of the group from every peer that can be dialled; returns those.
    public func resync(_ group: GroupID) -> [PeerID] {
        tell(.resyncRequested(group))
        return directory.all().filter { $0.groups.contains(group) && $0.syncEndpoint != nil }.map(\.id)
    }

    /// How each peer fares, one report per peer and group.
    public func status() -> [PeerReport] { replicator.withLock { $0.currentReports() } }

    /// Whether this instance can and will dial another, as its last calls tell.
    func reaches(_ instance: InstanceID) -> Bool { replicator.withLock { $0.reaches(instance) } }

    /// Whether events of this instance's own log may go to a peer (protocol, section 9).
    func sendsOwnLog(to peer: InstanceID?, in group: GroupID) -> Bool {
        replicator.withLock { replicator in peer.map { replicator.sendsOwnLog(to: $0, in: group) } ?? false }
    }

    /// This instance's heads as told to a peer: without its own log where the peer is to give that back whole.
    func told(_ heads: [LogHead], to peer: InstanceID?, in group: GroupID) -> [LogHead] {
        guard let peer, replicator.withLock({ $0.leavesOutOwnLog(to: peer, in: group) }) else { return heads }
        return heads.filter { $0.origin != identity.instance }
    }

    var ownLog: OwnLogWatch {
        OwnLogWatch(own: identity.instance, replica: replica) { [weak self] event in self?.tell(event) }
    }

    /// How one peer fares with one group; with nil, as a whole.
    public func status(of peer: PeerID, group: GroupID?) -> PeerReport? {
        status().first { $0.peer == peer && $0.group == group }
    }

    /// When a peer was last in contact, in either direction: milliseconds since 1970; nil = not since the start.
    public func lastContactMs(of peer: PeerID) -> Int64? { reports.lastContactMs(of: peer) }

    // MARK: Running

    /// Serves until cancelled or told to shut down; calls under way are cancelled then.
    public func run() async throws {
        do {
            try await start()
        } catch {
            await client.shutdown()
            throw error
        }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.timers.run { self.tell(.timerFired($0)) } }
                group.addTask { await self.keepReports() }
                group.addTask { await self.followRumours() }
                for await call in self.orders {
                    group.addTask { await self.carryOut(call) }
                }
                group.cancelAll()
            }
        }
        await storeReports()
        await client.shutdown()
    }

    /// Tells the replicator of the peers and groups the store remembers.
    private func start() async throws {
        let records = try await store.peers()
        gossip.restore(records)
        for record in records {
            directory.put(record)
            tell(.peerConfigured(record.entry))
        }
        for group in try await replica.sharedGroups() {
            heads.put(group.id, arrival: group.localSeq)
            groupOpened(group.id, group.heads)
            // A commit between the reading and the opening was told to a group that was not open yet.
            if let newest = try await replica.heads(of: group.id) { committed(group.id, newest) }
        }
    }

    /// Puts a call behind those to be carried out.
    func order(_ call: PeerCall) { orderSink.yield(call) }

    /// Lock, decide, unlock, act.
    func tell(_ event: ReplicatorEvent) {
        var effects: [ReplicatorEffect] = []
        let now = clock.now()
        replicator.withLock { $0.handle(event, at: now, into: &effects) }
        for effect in effects { run(effect) }
    }

    /// The one interpreter of the replicator's effects.
    private func run(_ effect: ReplicatorEffect) {
        switch effect {
        case .handshake(let peer, let group): orderSink.yield(.handshake(peer, group))
        case .push(let peer, let group, let above, let maxEvents, let withEvidence, let unknown):
            let beside = PushExtras(hasEvidence: withEvidence, introducing: unknown)
            orderSink.yield(.push(peer, group, above: above, maxEvents: maxEvents, beside))
        case .pull(let peer, let group, let waitMs): orderSink.yield(.pull(peer, group, waitMs: waitMs))
        case .heartbeat(let peer): orderSink.yield(.heartbeat(peer))
        case .schedule(let timer, let instant): timers.schedule(timer, at: instant)
        case .cancel(let timer): timers.cancel(timer)
        case .report(let report): take(report)
        case .diverged(let peer, let group, let ours, let theirs): diverged(peer, group, ours: ours, theirs: theirs)
        case .converged(let peer, let group): converged(peer, group)
        }
    }
}

/// A call to a peer that the replicator asked for.
enum PeerCall: Sendable {
    case handshake(PeerID, GroupID)
    case push(PeerID, GroupID, above: [LogHead], maxEvents: Int, PushExtras)
    case pull(PeerID, GroupID, waitMs: Int64)
    case heartbeat(PeerID)
    /// No call: a peer showed by which event a membership ended.
    case takeRemoval([UInt8])
    /// No call: a peer of equal heads showed another state.
    case repair(PeerID, GroupID)
}

/// What goes beside the events of a push.
struct PushExtras: Hashable, Sendable {
    /// Fork proofs and transfers.
    var hasEvidence: Bool
    /// Instances the peer does not know.
    var introducing: [InstanceID]
}

extension PeerRecord {
    /// What the replicator needs to know of it.
    var entry: PeerEntry {
        PeerEntry(
            id: id,
            instance: instance,
            isDialable: syncEndpoint != nil,
            hasSession: syncToken != nil,
            reachesUs: reachesUs,
            groups: groups
        )
    }
}
