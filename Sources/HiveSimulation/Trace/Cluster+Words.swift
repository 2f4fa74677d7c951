import HiveModel
import HiveSync

/// What nodes hold, in short, for traces and failures.
extension Cluster {
    /// A node's logs: how far each stands, what cuts it, what it waits for, what lies aside.
    func logs(of node: Int) -> String {
        let texts = try? nodes[node].store.read { state in
            try nodes.filter { try state.identityKey(of: $0.instance) != nil }.map { other in
                "n\(other.number) " + (try log(of: other.instance, in: state))
            }
        }
        return (texts ?? []).joined(separator: "; ")
    }

    private func log(of origin: InstanceID, in state: Store.State) throws -> String {
        var text = try state.head(of: origin).map { "\($0.place.epoch).\($0.place.seq) \($0.hash.brief)" } ?? "-"
        for proof in try state.proofs(of: origin) {
            text += " fork \(proof.place.epoch).\(proof.place.seq) \(proof.hash.brief)"
        }
        for fence in try state.terms(of: origin).awaited {
            text += " awaits \(fence.place.epoch).\(fence.place.seq) \(fence.hash.brief)"
        }
        let kept = try state.keptEvents(of: origin)
        guard !kept.isEmpty else { return text }
        let ends = kept.filter { event in !kept.contains { $0.event.header.prev == event.event.hash } }
        let lost = try state.lostEvents(of: origin).count
        return text + " aside \(kept.count), \(lost) lost, to "
            + ends.map { "\($0.event.header.place.epoch).\($0.event.header.place.seq) \($0.event.hash.brief)" }
            .joined(separator: " ")
    }
}

extension Hash256 {
    /// Six digits.
    var brief: String { String(word0 >> 40, radix: 16) }
}
