import HiveModel
import OrderedCollections

/// Peers and groups come and go.
extension Replicator {
    /// A new or changed entry.
    ///
    /// A token that came with it (the peer shook hands with us) counts like a handshake of ours.
    mutating func configure(_ entry: PeerEntry, _ turn: inout Turn) {
        guard var state = peers[entry.id] else {
            peers[entry.id] = PeerState(entry: entry)
            for group in entry.groups where groups[group] != nil { addLink(entry.id, group) }
            settle(entry.id, &turn)
            return
        }
        if entry.hasSession { state.session += 1 }
        state.entry = entry
        for group in state.links.keys where !entry.groups.contains(group) {
            if let link = state.links.removeValue(forKey: group) { drop(link, &turn) }
        }
        for group in state.links.keys {
            guard entry.hasSession, var link = state.links[group], !link.isMet, !link.isGreeting else { continue }
            link.meet()
            state.links[group] = link
        }
        peers[entry.id] = state
        for group in entry.groups where groups[group] != nil && peers[entry.id]?.links[group] == nil {
            addLink(entry.id, group)
        }
        if !entry.isDialable { hangUp(entry.id, &turn) }
        settle(entry.id, &turn)
    }

    mutating func forget(_ peer: PeerID, _ turn: inout Turn) {
        guard let state = peers.removeValue(forKey: peer) else { return }
        lost(state.entry.instance)
        if case .scheduled(let timer) = state.heartbeat { turn.cancel(timer) }
        for link in state.links.values { drop(link, &turn) }
    }

    mutating func open(_ group: GroupID, _ heads: GroupHeads, _ turn: inout Turn) {
        guard groups[group] == nil else { return commit(group, heads, &turn) }
        closedGroups.remove(group)
        groups[group] = heads
        for peer in peers.keys where peers[peer]?.entry.groups.contains(group) == true {
            addLink(peer, group)
            settle(peer, &turn)
        }
    }

    mutating func close(_ group: GroupID, _ turn: inout Turn) {
        guard groups.removeValue(forKey: group) != nil else { return }
        gates[group] = nil
        closedGroups.insert(group)
        for peer in peers.keys {
            guard let link = peers[peer]?.links.removeValue(forKey: group) else { continue }
            drop(link, &turn)
            settle(peer, &turn)
        }
    }

    /// Our own heads moved: by a local write, a push or a pull.
    mutating func commit(_ group: GroupID, _ heads: GroupHeads, _ turn: inout Turn) {
        guard groups[group] != nil else { return }
        groups[group] = heads
        for peer in peers.keys where peers[peer]?.links[group] != nil { settle(peer, group, &turn) }
    }

    private mutating func addLink(_ peer: PeerID, _ group: GroupID) {
        guard let state = peers[peer] else { return }
        peers[peer]?.links[group] = PeerLink(peer: peer, group: group, hasSession: state.entry.hasSession)
    }

    /// The peer has no endpoint any more: what waits for a call to it ends.
    private mutating func hangUp(_ peer: PeerID, _ turn: inout Turn) {
        guard var state = peers[peer] else { return }
        if case .scheduled(let timer) = state.heartbeat {
            turn.cancel(timer)
            state.heartbeat = .off
        }
        for group in state.links.keys {
            guard var link = state.links[group] else { continue }
            drop(link, &turn)
            link.retryTimer = nil
            if case .gathering = link.push { link.push = .idle }
            state.links[group] = link
        }
        peers[peer] = state
    }

    /// Cancels the timers of a link that goes away; its late answers find nothing.
    private func drop(_ link: PeerLink, _ turn: inout Turn) {
        turn.cancel(link.retryTimer)
        if case .gathering(let timer) = link.push { turn.cancel(timer) }
    }
}

extension PeerLink {
    var isGreeting: Bool {
        switch phase {
        case .greeting: true
        case .unmet, .backfilling, .active: false
        }
    }

    /// A token came by another way than this link's own handshake: ask how far the peer is.
    mutating func meet() {
        hasMet = true
        phase = .backfilling(nil)
        isPullDue = true
    }

    /// The link's own handshake succeeded: what the peer reported is to be backfilled.
    mutating func greeted(_ heads: [LogHead], _ ours: [LogHead]) {
        hasMet = true
        if trouble.last?.kind != .unauthorized { trouble = LinkTrouble() }
        picture = heads
        unserved = []
        untaken = []
        handed = []
        phase = .backfilling(heads)
        isPullDue = !ours.covers(heads)
    }
}
