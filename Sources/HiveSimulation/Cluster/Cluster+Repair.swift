import HiveModel
import HiveSync

/// Rows that change by themselves, and how a node finds out.
extension Cluster {
    /// Changes one bit of a stored row, past the engine; false where there is none yet.
    func flipBit(_ node: Int, _ seed: UInt64) throws -> Bool {
        let machine = nodes[node]
        var random = SimulationRandom(seed: seed)
        guard let target = random.pick(ledger.posts)?.id else { return false }
        let isDone = try machine.store.transaction(isDoomed: false) { state in
            guard let (row, held) = try state.post(target), held.creation != nil, held.tombstone == nil else {
                return false
            }
            var post = held
            var bytes = Array(post.title.utf8)
            guard !bytes.isEmpty else { return false }
            bytes[random.below(bytes.count)] ^= 1
            post.title = String(decoding: bytes, as: UTF8.self)
            try state.putPost(post, at: row)
            return true
        }
        guard isDone else { return false }
        machine.isTampered = true
        coverage.note(.bitFlip)
        return true
    }

    /// What `openhive verify` does: folds the log from nothing and compares, and keeps the new fold where they differ.
    func verify(_ node: Int) throws {
        let machine = nodes[node]
        guard machine.isUp, !machine.isPaused else { return after(1_000, .verify(node: node)) }
        guard machine.isTampered else { return }
        let isWhole = try machine.store.read { state in
            try state.recomputedRoot(machine.crypto) == state.stateRoot()
        }
        guard isWhole else {
            coverage.note(.repair)
            return enqueue(WriterJob(work: .refold, origin: .node), at: node)
        }
        // A later write over the changed row hid it, or put the difference into the root.
        enqueue(WriterJob(work: .refold, origin: .node), at: node)
    }

    /// Two nodes of equal heads told each other different roots.
    func diverged(_ node: Int, _ other: Int) {
        coverage.note(.divergence)
        if nodes[node].isTampered { after(0, .verify(node: node)) }
        if nodes[other].isTampered { after(0, .verify(node: other)) }
        guard !nodes[node].isTampered, !nodes[other].isTampered else { return }
        let roots = (nodes[node].heads, nodes[other].heads)
        guard roots.0.digest == roots.1.digest, roots.0.stateRoot != roots.1.stateRoot else { return }
        fail(.equalHeadsMeanEqualState, node, "told so of n\(other) by a heartbeat")
    }
}
