import HiveModel
import HivePorts
import HiveStore
import HiveSync
import Synchronization

/// Which joined groups are still being received, and how far they must come to be complete.
final class BackfillBoard: Sendable {
    private let targets = Mutex<[GroupID: [LogHead]]>([:])

    /// - Parameter heads: how far the responder of the handshake held the group.
    func begin(_ group: GroupID, upTo heads: [LogHead]) {
        targets.withLock { $0[group] = heads }
    }

    func end(_ group: GroupID) {
        targets.withLock { _ = $0.removeValue(forKey: group) }
    }

    /// Nil where the group is complete, or nobody said how far it goes.
    func target(of group: GroupID) -> [LogHead]? { targets.withLock { $0[group] } }

    var isAnyUnderWay: Bool { targets.withLock { !$0.isEmpty } }

    /// Whether `held` reaches every head of `target`.
    static func covers(_ held: [LogHead], _ target: [LogHead]) -> Bool {
        target.allSatisfy { wanted in
            held.contains { $0.origin == wanted.origin && $0.place >= wanted.place }
        }
    }
}

extension WriteTurn {
    /// Begins this instance's log as soon as the group's roster names it, and ends the backfill once the heads cover
    /// what the responder reported.
    ///
    /// Where the responder holds a log of this instance from an earlier life of its database, that is received first:
    /// to begin again would fork it.
    func openOwnLog(in group: GroupID, backfills: BackfillBoard) throws {
        let state = try state(of: group)
        let heads = try state.heads()
        let target = backfills.target(of: group)
        let isComplete = target.map { BackfillBoard.covers(heads, $0) } ?? false
        if try state.head(of: local.instance) == nil, let member = try state.members().first(where: isLocal) {
            let isKnownElsewhere = target?.contains { $0.origin == local.instance } ?? false
            if !isKnownElsewhere || isComplete {
                try openEpoch(in: group, lowest: try state.firstEpoch(of: member), reason: "joined")
            }
        } else if let head = try state.head(of: local.instance), let member = try state.members().first(where: isLocal)
        {
            // Removed and added again, as after a change of role: its older epochs stay fenced.
            let first = try state.firstEpoch(of: member)
            if first > head.place.epoch { try openEpoch(in: group, lowest: first, reason: "returned") }
        }
        guard isComplete, try state.head(of: local.instance) != nil else { return }
        var transaction = transaction
        try transaction.setGroupStatus(group, "active", reason: nil)
        memory.endedBackfills.append(group)
    }

    private func isLocal(_ member: MemberRow) -> Bool { member.instance == local.instance }
}

extension FoldState {
    /// The epoch from which on the addition lets a member write; 1 for the founder.
    func firstEpoch(of member: MemberRow) throws -> Int64 {
        guard let addition = member.addedBy else { return 1 }
        guard let act = try acts(ActKey(roster: member.instance)).first(where: { $0.id == addition }),
            case .instanceAdded(let said) = EventPayload(of: act)
        else { return 1 }
        return said.fromEpoch
    }
}
