import HiveModel
import HiveSync

/// What a pulled stream begins with, before the events: what is no part of a standing log (protocol, sections 6 and 9).
///
/// Lines of its own: `{"proof": ...}`, `{"transfer": ...}`, and events kept aside as any events.
struct HandedOver: Sendable {
    var proofs: [ForkProof] = []
    /// `owner_changed` payloads.
    var transfers: [[UInt8]] = []
    var kept: [Event] = []

    private static let proofMark = Array(#"{"proof":"#.utf8)
    private static let transferMark = Array(#"{"transfer":"#.utf8)

    /// NDJSON.
    var lines: [UInt8] {
        var lines: [UInt8] = []
        for proof in proofs {
            var writer = JSONWriter()
            proof.write(to: &writer)
            lines += Self.proofMark + writer.bytes + Array("}\n".utf8)
        }
        for transfer in transfers { lines += Self.transferMark + transfer + Array("}\n".utf8) }
        for event in kept { lines += event.wireBytes() + [0x0A] }
        return lines
    }

    /// Takes a line that is neither an event nor the end; false where it is one of these.
    mutating func take(_ line: [UInt8], group: GroupID, hashing: some Hashing) -> Bool {
        if line.starts(with: Self.proofMark) {
            let bytes = Array(line.dropFirst(Self.proofMark.count).dropLast())
            if let proof = try? ForkProof(parsing: bytes, group: group, hashing: hashing) { proofs.append(proof) }
            return true
        }
        if line.starts(with: Self.transferMark) {
            transfers.append(Array(line.dropFirst(Self.transferMark.count).dropLast()))
            return true
        }
        return false
    }
}
