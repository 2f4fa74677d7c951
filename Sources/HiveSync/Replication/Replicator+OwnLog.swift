public import HiveModel
import OrderedCollections

/// What may be sent of this instance's own log, when its database may be an old copy (protocol, section 9).
extension Replicator {
    /// Whether events of this instance's own log may be sent to `instance`: pushed, streamed or paged.
    public func sendsOwnLog(to instance: InstanceID, in group: GroupID) -> Bool {
        own == nil || closedGroups.contains(group) || gates[group]?.isOpen(to: instance) ?? false
    }

    /// Whether heads told to `instance` (in pulls, at their end, in replies to pushes) leave out this instance's own
    /// log, because `instance` holds another chain of it and is to give back all of that.
    public func leavesOutOwnLog(to instance: InstanceID, in group: GroupID) -> Bool {
        gates[group]?.fetchesWhole(from: instance) ?? false
    }

    mutating func ownLogReported(
        _ instance: InstanceID,
        _ group: GroupID,
        _ head: LogHead?,
        held: Hash256?,
        _ turn: inout Turn
    ) {
        guard let own, let ours = groups[group] else { return }
        var gate = gates[group] ?? OwnLogGate()
        let answer = gate.peerReported(instance, head, held: ours.heads.head(of: own), hash: held)
        gates[group] = gate
        for peer in peers(of: instance) {
            withLink(peer, group, &turn) { link, _, _, _ in link.ownLogReported(answer) }
            settle(peer, group, &turn)
        }
    }

    /// A peer holds exactly what we hold, our own log included.
    mutating func ownLogAgreed(_ instance: InstanceID, _ group: GroupID) {
        guard let own, let head = groups[group]?.heads.head(of: own) else { return }
        _ = gates[group, default: OwnLogGate()].peerReported(instance, head, held: head, hash: head.hash)
    }

    /// A pull ended; what a peer tells of our own log and does not serve is ignored in the end.
    mutating func ownLogPulled(_ peer: PeerID, _ group: GroupID) {
        guard let instance = peers[peer]?.entry.instance, let link = peers[peer]?.links[group],
            link.ownLogPulls.count >= settings.unservedPulls
        else { return }
        gates[group]?.peerCouldNotServe(instance)
    }

    /// The session with a peer ended: it has to say again how far it is.
    mutating func lost(_ instance: InstanceID?) {
        guard let instance else { return }
        for group in groups.keys { gates[group]?.peerLost(instance) }
    }

    /// Our own log, where nothing of it may go to the peer.
    func withheldLog(from peer: PeerID, _ group: GroupID) -> InstanceID? {
        guard let own, let instance = peers[peer]?.entry.instance else { return own }
        return sendsOwnLog(to: instance, in: group) ? nil : own
    }
}

extension PeerLink {
    /// The peer told how far it holds our own log.
    ///
    /// What it holds beyond is asked for at once, and again after each change of that.
    mutating func ownLogReported(_ answer: OwnLogGate.Answer) {
        if answer != ownLog, answer != .open { isPullDue = true }
        ownLog = answer
        if answer == .open { ownLogPulls = (nil, 0) }
    }

    /// A pull ended after which the peer still told of more of our own log than we hold.
    mutating func countOwnLogPull(_ ours: [LogHead], _ turn: inout Turn) {
        guard let withheld, ownLog != .open else { return }
        let held = ours.head(of: withheld)
        ownLogPulls = (held, ownLogPulls.held == held ? ownLogPulls.count + 1 : 1)
        guard ownLogPulls.count < turn.settings.unservedPulls else { return }
        isPullDue = true
        guard case .idle = pull else { return }
        pull = .waiting(.answered(until: turn.after(turn.backoffMs(failures: ownLogPulls.count))))
    }
}
