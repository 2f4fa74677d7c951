import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// What changed about who takes part in a group.
struct MembershipNews: Sendable {
    /// This instance does so no more.
    var hasEnded = false
    /// Entries of peers that began or ceased to share the group.
    var peers: [PeerRecord] = []
}

/// Taking part in groups: leaving, being removed, and what that means for peers (protocol, section 7).
extension WriteTurn {
    /// Why this instance takes no more part in a group; nil where it does.
    func ending(of group: GroupID) throws -> String? {
        if let known = memory.endings[group] { return known }
        let kept = try transaction.groupStatus(group)
        let ending = kept?.status == GroupEnding.status ? kept?.reason ?? GroupEnding.unnamed : nil
        memory.endings[group] = .some(ending)
        return ending
    }

    /// Ceases to take part; what is here stays.
    func end(_ group: GroupID, _ reason: String) throws {
        var transaction = transaction
        try transaction.setShared(group, false)
        try transaction.setGroupStatus(group, GroupEnding.status, reason: reason)
        memory.endings[group] = .some(reason)
        memory.hives.removeAll()
    }

    /// Takes part again in a group that is here: it was left, or this instance was removed.
    func resume(_ group: GroupID) throws {
        var transaction = transaction
        try transaction.setShared(group, true)
        try transaction.setGroupStatus(group, "backfilling", reason: nil)
        memory.endings[group] = .some(nil)
        memory.hives.removeAll()
    }

    /// Leaves, or stops sharing a group of one.
    ///
    /// Entries of peers that are told nothing are returned; those that must hear of a leave keep the group until they
    /// have.
    func leaveGroup(_ record: GroupRecord, reason: String?) throws -> [PeerRecord] {
        guard try ending(of: record.id) == nil else { return [] }
        let members = try state(of: record.id).members()
        guard let own = members.first(where: { $0.instance == local.instance }) else {
            try end(record.id, GroupEnding.givenUp)
            return try release(record, peers: try transaction.peers())
        }
        guard own.role != .owner else {
            guard members.count <= 1 else {
                throw HiveError(
                    .conflict,
                    "This instance owns the group and others are members: hand it over (transfer-owner) or remove them "
                        + "first."
                )
            }
            var transaction = transaction
            try transaction.setShared(record.id, false)
            return try release(record, peers: try transaction.peers())
        }
        _ = try removeMember(RemovalOrder(instance: own.instance.rawValue, reason: reason), from: record.id)
        try end(record.id, GroupEnding.left)
        return []
    }

    /// Takes a group out of entries of peers; an entry that shares nothing any more loses its session, and one that was
    /// learnt goes.
    func release(_ record: GroupRecord, peers: [PeerRecord]) throws -> [PeerRecord] {
        var transaction = transaction
        var changed: [PeerRecord] = []
        for var peer in peers where peer.groups.contains(record.id) {
            peer.groups.removeAll { $0 == record.id }
            peer.sharedHives.removeAll { $0 == record.hiveName }
            peer.updatedAtMs = nowMs
            if peer.groups.isEmpty {
                if let instance = peer.instance { try transaction.removeSession(of: instance) }
                peer.syncToken = nil
            }
            if peer.groups.isEmpty, !peer.isManual {
                try transaction.removePeer(id: peer.id)
            } else {
                try transaction.putPeer(peer)
            }
            changed.append(peer)
        }
        return changed
    }

    // MARK: What others decide

    /// Looks at who is a member now: whether this instance still is, and which peers are.
    func attendMembership(in group: GroupID) throws -> MembershipNews {
        guard let record = try transaction.groups().first(where: { $0.id == group }), record.isShared else {
            return MembershipNews()
        }
        let state = try state(of: group)
        let members = try state.members()
        guard !members.isEmpty else { return MembershipNews() }
        if record.status != "backfilling", try state.head(of: local.instance) != nil,
            !members.contains(where: { $0.instance == local.instance })
        {
            try end(group, try endingReason(in: group, members))
            return MembershipNews(hasEnded: true)
        }
        return MembershipNews(peers: try updatePeers(of: record, members))
    }

    /// A removal that a peer showed where it refused us, or in place of an answer.
    ///
    /// It goes the way of every event. Where earlier events of its log are missing, which a removed instance gets no
    /// more, its signature alone has to do: by an owner or admin whose log is known here.
    func takeRemoval(_ event: Event, of group: GroupID) throws -> MembershipNews {
        guard try transaction.groups().contains(where: { $0.id == group && $0.isShared }),
            case .instanceRemoved(let said) = EventPayload(of: event)
        else { return MembershipNews() }
        let outcome = try admit([event], in: group)
        guard outcome.inserted + outcome.duplicates == 0, said.instance == local.instance else {
            return try attendMembership(in: group)
        }
        let state = try state(of: group)
        let members = try state.members()
        let header = event.header
        guard let remover = members.first(where: { $0.instance == header.origin }), remover.instance != local.instance,
            remover.role == .owner || remover.role == .admin,
            try state.head(of: header.origin).map({ $0.place < header.place }) ?? false,
            let key = try state.logKey(origin: header.origin, epoch: header.place.epoch),
            event.isSigned(by: key, local.crypto)
        else { return MembershipNews() }
        try end(group, GroupEnding.removed(by: remover.name, said.reason))
        return MembershipNews(hasEnded: true)
    }

    private func endingReason(in group: GroupID, _ members: [MemberRow]) throws -> String {
        let acts = try state(of: group).acts(ActKey(roster: local.instance))
        guard let removal = StandingRemoval.of(local.instance, acts: acts, members: members),
            case .instanceRemoved(let said) = EventPayload(of: removal)
        else { return GroupEnding.unnamed }
        let origin = removal.header.origin
        if origin == local.instance { return GroupEnding.left }
        let name = members.first { $0.instance == origin }?.name ?? origin.rawValue
        return GroupEnding.removed(by: name, said.reason)
    }

    /// Nobody who was removed is sent anything of the group; who came back is.
    private func updatePeers(of record: GroupRecord, _ members: [MemberRow]) throws -> [PeerRecord] {
        var changed: [PeerRecord] = []
        var transaction = transaction
        for var peer in try transaction.peers() {
            guard let instance = peer.instance, let hive = record.hiveName, peer.sharedHives.contains(hive) else {
                continue
            }
            let isMember = members.contains { $0.instance == instance }
            let isSharing = peer.groups.contains(record.id)
            guard isMember != isSharing else { continue }
            if isMember {
                peer.groups = (peer.groups + [record.id]).sorted()
            } else {
                // One that is not let in yet has no acts: it keeps asking.
                guard try !state(of: record.id).acts(ActKey(roster: instance)).isEmpty else { continue }
                peer.groups.removeAll { $0 == record.id }
            }
            peer.updatedAtMs = nowMs
            try transaction.putPeer(peer)
            changed.append(peer)
        }
        return changed
    }
}
