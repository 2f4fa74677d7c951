import HiveModel
import HiveSync

/// What of a group's logs does not stand, as far as it is asked for while appending: read once, since nearly always
/// nothing of it is there.
struct KeptTable {
    var terms: [InstanceID: LogTerms] = [:]
    /// The numbers of logs with events aside.
    var logs: Set<Int64> = []
    /// By log number.
    var proofs: [Int64: ForkProof] = [:]
    /// What this version of the fold fails at.
    var poison: [PoisonEvent] = []
}

extension SQLiteState {
    func kept() throws -> KeptTable {
        if let kept = memory.kept { return kept }
        var kept = KeptTable()
        let terms = try core.prepare(KeptSQL.terms)
        terms.bind(1, number)
        while try terms.step() {
            let end = terms.isNull(2) ? nil : Place(epoch: terms.int(2), seq: terms.int(3))
            kept.terms[try core.instanceID(terms.int(0))] = LogTerms(
                cut: try terms.optionalHash(1),
                end: end,
                awaited: try Self.fences(terms.blob(4))
            )
        }
        let logs = try core.prepare(KeptSQL.keptLogs)
        logs.bind(1, number)
        while try logs.step() { kept.logs.insert(logs.int(0)) }
        let proofs = try core.prepare(KeptSQL.proofs)
        proofs.bind(1, number)
        while try proofs.step() {
            guard let proof = try? ForkProof(parsing: proofs.blob(1), group: groupID, hashing: core.hashing) else {
                throw DamagedRow("a fork proof can't be read")
            }
            kept.proofs[proofs.int(0)] = proof
        }
        let poison = try core.prepare(KeptSQL.poison)
        poison.bind(1, number)
        while try poison.step() {
            kept.poison.append(
                PoisonEvent(
                    origin: try core.instanceID(poison.int(0)),
                    place: Place(epoch: poison.int(1), seq: poison.int(2)),
                    hash: try poison.hash(3),
                    reason: poison.text(4)
                )
            )
        }
        memory.kept = kept
        return kept
    }

    static func json(_ fences: [Fence]) -> [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.beginArray()
        for fence in fences {
            writer.beginArray()
            writer.int(fence.place.epoch)
            writer.int(fence.place.seq)
            writer.hex(fence.hash)
            writer.endArray()
        }
        writer.endArray()
        return writer.bytes
    }

    private static func fences(_ json: [UInt8]) throws -> [Fence] {
        let damaged = DamagedRow("what a log waits for can't be read")
        guard let elements = try? JSONValue(parsing: json).array else { throw damaged }
        return try elements.map { element in
            guard let parts = element.array, parts.count == 3, let epoch = parts[0].int, let seq = parts[1].int,
                let hash = parts[2].string.flatMap({ Hash256(hex: $0) })
            else { throw damaged }
            return Fence(place: Place(epoch: epoch, seq: seq), hash: hash)
        }
    }
}
