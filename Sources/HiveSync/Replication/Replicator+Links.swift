import HiveModel
import OrderedCollections

/// Handshakes, pushes, pulls and what peers tell of one group.
extension Replicator {
    /// Lets a link go on and reports what changed.
    mutating func settle(_ peer: PeerID, _ group: GroupID, _ turn: inout Turn) {
        let withheld = withheldLog(from: peer, group)
        withLink(peer, group, &turn) { link, state, ours, turn in
            link.withheld = withheld
            link.advance(ours, state, &turn)
            link.report(ours, state, &turn)
        }
    }

    /// Lets a peer go on: all its links, its heartbeat.
    mutating func settle(_ peer: PeerID, _ turn: inout Turn) {
        guard let groups = peers[peer]?.links.keys else { return }
        for group in groups { settle(peer, group, &turn) }
        peers[peer]?.arrangeHeartbeat(&turn)
        peers[peer]?.report(&turn)
    }

    mutating func greeted(
        _ peer: PeerID,
        _ group: GroupID,
        instance: InstanceID,
        heads: [LogHead],
        reachesUs: Bool,
        _ turn: inout Turn
    ) {
        var isExpected = false
        withLink(peer, group, &turn) { link, state, ours, _ in
            guard link.isGreeting else { return }
            isExpected = true
            state.entry.instance = instance
            state.entry.hasSession = true
            state.entry.reachesUs = reachesUs
            state.called()
            state.session += 1
            link.greeted(heads, ours.heads)
        }
        guard isExpected, var state = peers[peer] else { return }
        for other in state.links.keys {
            guard var link = state.links[other], link.hasMet, !link.isMet else { continue }
            link.meet()
            state.links[other] = link
        }
        peers[peer] = state
        contact(peer, &turn)
    }

    mutating func greetingFailed(_ peer: PeerID, _ group: GroupID, _ failure: PeerFailure, _ turn: inout Turn) {
        peers[peer]?.called(failure)
        withLink(peer, group, &turn) { link, _, _, turn in link.greetingFailed(failure, &turn) }
        settle(peer, &turn)
    }

    mutating func pushAnswered(_ peer: PeerID, _ group: GroupID, _ answer: PushAnswer, _ turn: inout Turn) {
        peers[peer]?.called()
        withLink(peer, group, &turn) { link, _, ours, turn in link.pushAnswered(answer, ours.heads, &turn) }
        contact(peer, group, &turn)
    }

    mutating func pushFailed(_ peer: PeerID, _ group: GroupID, _ failure: PeerFailure, _ turn: inout Turn) {
        peers[peer]?.called(failure)
        if failure.kind == .unauthorized { lost(peers[peer]?.entry.instance) }
        withLink(peer, group, &turn) { link, state, _, turn in link.pushFailed(failure, &state, &turn) }
        settle(peer, &turn)
    }

    mutating func pullAnswered(_ peer: PeerID, _ group: GroupID, _ answer: PullAnswer, _ turn: inout Turn) {
        peers[peer]?.called()
        withLink(peer, group, &turn) { link, _, ours, turn in link.pullAnswered(answer, ours.heads, &turn) }
        ownLogPulled(peer, group)
        contact(peer, group, &turn)
    }

    mutating func pullFailed(_ peer: PeerID, _ group: GroupID, _ failure: PeerFailure, _ turn: inout Turn) {
        peers[peer]?.called(failure)
        if failure.kind == .unauthorized { lost(peers[peer]?.entry.instance) }
        withLink(peer, group, &turn) { link, state, _, turn in link.pullFailed(failure, &state, &turn) }
        settle(peer, &turn)
    }

    mutating func pullStarted(_ instance: InstanceID, _ group: GroupID, _ heads: [LogHead], _ turn: inout Turn) {
        for peer in peers(of: instance) { peers[peer]?.entry.reachesUs = true }
        inbound(instance, group, &turn) { link, ours, turn in link.pullStarted(heads, ours.heads, turn) }
    }

    mutating func pullServed(
        _ instance: InstanceID,
        _ group: GroupID,
        sent: [LogHead],
        hasMore: Bool,
        _ turn: inout Turn
    ) {
        inbound(instance, group, &turn) { link, _, turn in link.pullServed(sent, hasMore: hasMore, turn) }
    }

    mutating func resync(_ group: GroupID, _ turn: inout Turn) {
        for peer in peers.keys {
            withLink(peer, group, &turn) { link, _, _, _ in link.resync() }
            settle(peer, group, &turn)
        }
    }

    /// A peer called us about a group.
    mutating func inbound(
        _ instance: InstanceID,
        _ group: GroupID,
        _ turn: inout Turn,
        _ body: (inout PeerLink, GroupHeads, Turn) -> Void
    ) {
        for peer in peers(of: instance) {
            withLink(peer, group, &turn) { link, _, ours, turn in body(&link, ours, turn) }
            contact(peer, group, &turn)
        }
    }

    /// A sign of life about one group: the cheap path where nothing was wrong.
    private mutating func contact(_ peer: PeerID, _ group: GroupID, _ turn: inout Turn) {
        guard let state = peers[peer] else { return }
        if state.isTroubled { return contact(peer, &turn) }
        peers[peer]?.lastContact = turn.now
        settle(peer, group, &turn)
        peers[peer]?.report(&turn)
    }

    /// A sign of life: what failed for want of an answer is tried again.
    mutating func contact(_ peer: PeerID, _ turn: inout Turn) {
        guard var state = peers[peer] else { return }
        let isReconnect = state.isTroubled
        state.contacted(turn)
        peers[peer] = state
        settle(peer, &turn)
        if isReconnect { peers[peer]?.hurryHeartbeat(&turn) }
    }
}
