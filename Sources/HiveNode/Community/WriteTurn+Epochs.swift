import HiveModel
import HivePorts
import HiveStore
import HiveSync

extension WriteTurn {
    /// Closes this instance's log where the order says, opens the next epoch under a new key, and repeats what of its
    /// own does not stand.
    func renewLog(_ order: EpochOrder, in group: GroupID) throws -> OpenedEpoch {
        var state = try state(of: group)
        if let ending = try ending(of: group) {
            throw HiveError(.conflict, "There is no log here that others would take: \(ending)")
        }
        guard let head = try state.head(of: local.instance) else {
            throw HiveError(.conflict, "This instance has no log in the group yet.")
        }
        let end = try order.lastOwn.map { place in
            guard let hash = try state.eventHash(origin: local.instance, place: place) else {
                throw HiveError(.badRequest, "There is no event \(place.seq) in epoch \(place.epoch) of this instance.")
            }
            return Fence(place: place, hash: hash)
        }
        let closedOff = try end.map { try count(of: local.instance, beyond: $0, in: group) } ?? 0
        let wallMs = nowMs
        return try renew(group) { admission in
            let own = try admission.ownLog(of: local.instance, in: state)
            let author = try local.newAuthor(group: group, epoch: max(own.highestEpoch, head.place.epoch) + 1)
            let opened = try admission.rotate(
                closingAt: order.isKeyStolen ? end ?? Fence(place: head.place, hash: head.hash) : end,
                by: author,
                identity: local.identity,
                wallMs: wallMs,
                into: &state
            )
            let repeated = try admission.recover(
                by: author,
                identity: local.identity,
                wallMs: wallMs,
                into: &state
            )
            try admission.settle(&state)
            return OpenedEpoch(
                epoch: opened.event.header.place.epoch,
                closedOff: closedOff,
                repeated: Int64(repeated.count)
            )
        }
    }
}
