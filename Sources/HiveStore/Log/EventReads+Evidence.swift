import HiveModel
import HivePorts
import HiveSync

/// What peers are handed beside the events that stand.
extension EventReads {
    /// The fork proofs that `heads` do not show, and all transfers of ownership.
    func evidence(above heads: [LogHead]) throws -> LogEvidence {
        var evidence = LogEvidence()
        let ours = try GroupReads.heads(number, reader)
        let proofs = try reader.prepare(KeptSQL.proofsOf)
        proofs.bind(1, number).bindNull(2)
        while try proofs.step() {
            let origin = try proofs.instanceID(0)
            let (mine, theirs) = (ours.first { $0.origin == origin }, heads.first { $0.origin == origin })
            guard LogEvidence.isOwed(ours: mine, theirs: theirs) else { continue }
            evidence.proofs.append(try proof(proofs.blob(1)))
        }
        let transfers = try reader.prepare(KeptSQL.transfers)
        transfers.bind(1, number)
        while try transfers.step() { evidence.transfers.append(transfers.blob(1)) }
        return evidence
    }

    func proofs(of origin: InstanceID) throws -> [ForkProof] {
        let row = try reader.prepare(KeptSQL.proofsOf)
        row.bind(1, number).bind(2, origin.rawValue)
        var proofs: [ForkProof] = []
        while try row.step() { proofs.append(try proof(row.blob(1))) }
        return proofs
    }

    private func proof(_ bytes: [UInt8]) throws -> ForkProof {
        guard let proof = try? ForkProof(parsing: bytes, group: group, hashing: hashing) else {
            throw DamagedRow("a fork proof can't be read")
        }
        return proof
    }

    /// As `lostEvents` of the engine's state, in wire form: whole events as long as they fit, at least one.
    ///
    /// Costs a pass over the log of `origin` where anything of it is aside.
    func lostEvents(of origin: InstanceID, maxBytes: Int) throws -> EventBatch {
        let logs = try GroupReads.logs(number, reader).map(\.name).filter { $0.origin == origin }
        let columns = try columns()
        var kept: [Event] = []
        for log in logs {
            let row = try reader.prepare(KeptSQL.ofLog)
            row.bind(1, log.n)
            while try row.step() {
                kept.append(try columns.event(row, origin: origin, epoch: log.epoch, before: nil))
            }
        }
        var batch = EventBatch(lines: [], count: 0, hasMore: false, reached: [])
        guard !kept.isEmpty else { return batch }
        var done: Set<EventID> = []
        for log in logs {
            let row = try reader.prepare(KeptSQL.refs)
            row.bind(1, log.n)
            while try row.step() {
                if let original = try EventColumns.refs(row.blob(0)).re { done.insert(original) }
            }
        }
        for event in kept.lost(repeated: done) {
            guard batch.count == 0 || batch.lines.count < maxBytes else {
                batch.hasMore = true
                break
            }
            event.writeWire(into: &batch.lines)
            batch.lines.append(UInt8(ascii: "\n"))
            batch.count += 1
        }
        return batch
    }

    /// The hash of what is held at the place of `head`: its own where that event is held, standing or aside, else that
    /// of the event that stands there.
    func heldHash(at head: LogHead) throws -> Hash256? {
        let logs = try GroupReads.logs(number, reader).map(\.name)
        let standing = try standing(head.origin, head.place, logs)
        guard standing != head.hash,
            let log = logs.first(where: { $0.origin == head.origin && $0.epoch == head.place.epoch })
        else { return standing }
        let kept = try reader.prepare(KeptSQL.isKept)
        kept.bind(1, log.n).bind(2, head.place.seq)
        kept.bind(3, head.hash)
        return try kept.step() ? head.hash : standing
    }
}
