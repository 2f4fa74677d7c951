public import HiveModel
import OrderedCollections

/// Decides what to push, to whom, when to pull, to shake hands, to send heartbeats and to try again (protocol,
/// section 6).
///
/// A pure state machine: one `handle` for each thing that happened, effects for what is to be done; time is an
/// argument, randomness its own. It names what is missing by heads only, so a slow or dead peer costs no memory.
public struct Replicator: Sendable {
    let settings: ReplicatorSettings
    /// In the order they were configured.
    var peers: OrderedDictionary<PeerID, PeerState> = [:]
    /// How far this instance holds each open group.
    var groups: OrderedDictionary<GroupID, GroupHeads> = [:]
    /// What may be sent of this instance's own log.
    var gates: [GroupID: OwnLogGate] = [:]
    /// Groups this instance has left or shares no more: what it wrote last, its leave, may be asked for by anybody.
    var closedGroups: Set<GroupID> = []
    /// This instance; nil where it writes nothing that an old copy of its database could contradict.
    let own: InstanceID?
    private var random: SplitMix64
    private var lastGeneration: UInt64 = 0

    /// - Parameters:
    ///   - own: this instance; nothing of its own log goes to a peer of which no `ownLogReported` was told. With nil
    ///     all of it does.
    ///   - seed: of the jitter; any number, different on each node.
    public init(settings: ReplicatorSettings = ReplicatorSettings(), own: InstanceID? = nil, seed: UInt64) {
        self.settings = settings
        self.own = own
        random = SplitMix64(seed: seed)
    }

    /// Takes in what happened at `now` and appends what is to be done, in order.
    ///
    /// `now` MUST NOT go back.
    public mutating func handle(_ event: ReplicatorEvent, at now: Instant, into effects: inout [ReplicatorEffect]) {
        var turn = Turn(now: now, settings: settings, random: random, lastGeneration: lastGeneration)
        take(event, &turn)
        random = turn.random
        lastGeneration = turn.lastGeneration
        effects.append(contentsOf: turn.effects)
    }

    private mutating func take(_ event: ReplicatorEvent, _ turn: inout Turn) {
        switch event {
        case .peerConfigured(let entry): configure(entry, &turn)
        case .peerForgotten(let peer): forget(peer, &turn)
        case .groupOpened(let group, let heads): open(group, heads, &turn)
        case .groupClosed(let group): close(group, &turn)
        case .committed(let group, let heads): commit(group, heads, &turn)
        case .handshakeSucceeded(let peer, let group, let instance, let heads, let reachesUs):
            greeted(peer, group, instance: instance, heads: heads.inOrder, reachesUs: reachesUs, &turn)
        case .handshakeFailed(let peer, let group, let failure): greetingFailed(peer, group, failure, &turn)
        case .pushAnswered(let peer, let group, let answer): pushAnswered(peer, group, answer, &turn)
        case .pushFailed(let peer, let group, let failure): pushFailed(peer, group, failure, &turn)
        case .pullAnswered(let peer, let group, let answer): pullAnswered(peer, group, answer, &turn)
        case .pullFailed(let peer, let group, let failure): pullFailed(peer, group, failure, &turn)
        case .heartbeatAnswered(let peer, let summary, let rttMs):
            heartbeatAnswered(peer, summary, rttMs: rttMs, &turn)
        case .heartbeatFailed(let peer, let failure): heartbeatFailed(peer, failure, &turn)
        case .heartbeatReceived(let instance, let summary): heartbeatReceived(instance, summary, &turn)
        case .headsReported(let instance, let group, let heads):
            inbound(instance, group, &turn) { link, _, _ in link.grow(heads.inOrder) }
        case .pullStarted(let instance, let group, let heads): pullStarted(instance, group, heads.inOrder, &turn)
        case .pullServed(let instance, let group, let sent, let hasMore):
            pullServed(instance, group, sent: sent.inOrder, hasMore: hasMore, &turn)
        case .ownLogReported(let instance, let group, let head, let held):
            ownLogReported(instance, group, head, held: held, &turn)
        case .resyncRequested(let group): resync(group, &turn)
        case .timerFired(let timer): fired(timer, &turn)
        }
    }

    /// Changes the link of `peer` and `group`, then lets it go on; nothing where there is none (any more).
    mutating func withLink(
        _ peer: PeerID,
        _ group: GroupID,
        _ turn: inout Turn,
        _ body: (inout PeerLink, inout PeerState, GroupHeads, inout Turn) -> Void
    ) {
        guard var state = peers[peer], var link = state.links[group], let ours = groups[group] else { return }
        body(&link, &state, ours, &turn)
        state.links[group] = link
        peers[peer] = state
    }

    /// Whether this instance can and will dial another, as far as its last calls tell: what it says of itself in
    /// handshakes and heartbeats, so that the other waits for news where it would not be brought any.
    public func reaches(_ instance: InstanceID) -> Bool {
        peers(of: instance).contains { peer in
            guard let state = peers[peer] else { return false }
            return state.entry.isDialable && state.unanswered < settings.unreachableAfterFailures
        }
    }

    /// The peers that are this instance, by their entries.
    func peers(of instance: InstanceID) -> [PeerID] {
        let states = peers.values.elements
        return states.indices.filter { states[$0].entry.instance == instance }.map { states[$0].entry.id }
    }
}
