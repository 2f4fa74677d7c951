import HiveModel
import HiveSync
import HiveTestKit

/// Several replicas that are handed everything anybody ever held of a group, branches that don't stand included: in
/// pieces, in random order, from each other.
struct OracleCluster {
    private let events: OracleEvents<StandInCrypto>
    /// Every log from its first event to an end, so that branches of one log are chains that begin alike.
    private let chains: [[Event]]
    private var replicas: [Replica]
    private var numbers: HiveTestKit.SeededGenerator

    init(_ events: OracleEvents<StandInCrypto>, replicas count: Int, seed: UInt64) {
        self.events = events
        chains = Self.chains(of: events.events)
        replicas = Array(repeating: Replica(of: events.group), count: count)
        for index in replicas.indices {
            for party in events.world.parties {
                replicas[index].state.putKnown(party.id, identityKey: party.identity.publicKey)
            }
        }
        numbers = HiveTestKit.SeededGenerator(seed: seed)
    }

    private static func chains(of events: [Event]) -> [[Event]] {
        let byHash = Dictionary(events.map { ($0.hash, $0) }) { first, _ in first }
        let continued = Set(events.compactMap(\.header.prev))
        return events.filter { !continued.contains($0.hash) }.map { end in
            var chain = [end]
            while let prev = chain.last?.header.prev, let event = byHash[prev] { chain.append(event) }
            return chain.reversed()
        }
    }

    // MARK: Delivering

    /// What is wrong at the end, as sentences.
    mutating func faults(expected: OracleOutline) throws -> [String] {
        for _ in 0..<4 * chains.count {
            if numbers.chance(1, of: 3) { try exchange() } else { try deliver() }
        }
        try settle()
        var faults: [String] = []
        var first: (dump: [UInt8], root: Hash256, heads: [UInt8])?
        for index in replicas.indices {
            let state = replicas[index].state
            let outline = try OracleOutline(state, heads: state.heads(), of: events)
            faults += expected.differences(from: outline).map { "replica \(index): \($0)" }
            faults += try Recount.faults(in: &replicas[index].state).map { "replica \(index): \($0)" }
            let shown = (try state.canonicalDump(), replicas[index].root, HeadsDigest.canonical(state.heads()))
            if let first, first.dump != shown.0 { faults.append("replica \(index) has another dump than the first") }
            if let first, first.root != shown.1 { faults.append("replica \(index) has another root than the first") }
            if let first, first.heads != shown.2 {
                let (one, other) = (
                    String(decoding: first.heads, as: UTF8.self), String(decoding: shown.2, as: UTF8.self)
                )
                faults.append("replica \(index) has other heads than the first: \(other), not \(one)")
            }
            first = first ?? shown
            try replicas[index].refold()
            if try replicas[index].state.canonicalDump() != shown.0 || replicas[index].root != shown.1 {
                faults.append("replica \(index): folded from nothing it differs")
            }
        }
        return faults
    }

    /// A piece of one chain, or of two, as a peer would push it.
    private mutating func deliver() throws {
        let replica = numbers.below(replicas.count)
        var batch: [Event] = []
        for _ in 0...numbers.below(2) {
            guard let chain = numbers.pick(chains) else { return }
            let start = numbers.chance(1, of: 2) ? 0 : numbers.below(chain.count)
            batch += chain[start..<min(chain.count, start + 1 + numbers.below(chain.count))]
        }
        try replicas[replica].admit(batch)
    }

    /// What one replica holds of one instance, standing or not, goes to another; proofs and transfers go first.
    private mutating func exchange() throws {
        let (from, to) = (numbers.below(replicas.count), numbers.below(replicas.count))
        guard from != to, let party = numbers.pick(events.world.parties) else { return }
        try replicas[to].admit(
            proofs: replicas[from].state.proofs(of: party.id),
            transfers: replicas[from].state.transfers().map(\.payload)
        )
        try replicas[to].admit(held(of: party.id, by: from))
    }

    private func held(of origin: InstanceID, by replica: Int) -> [Event] {
        let state = replicas[replica].state
        return state.events(of: origin, after: 0, limit: .max).map(\.event)
            + state.keptEvents(of: origin).map(\.event)
    }

    /// Everything to everybody, in turns of another order each, until nothing changes.
    ///
    /// Proofs and transfers also alone: of several proofs about one place the smallest counts, and where a fork keeps a
    /// transfer from being taken with its log, its pin is handed over by whoever holds it.
    private mutating func settle() throws {
        let transfers = events.events.filter { $0.header.type == .ownerChanged }.map(\.payload)
        var before: [[Hash256]] = []
        for _ in 0..<8 {
            let proofs = replicas.flatMap { replica in
                events.world.parties.flatMap { replica.state.proofs(of: $0.id) }
            }
            for index in replicas.indices {
                try replicas[index].admit(proofs: proofs, transfers: transfers)
                for chain in numbers.shuffled(chains) { try replicas[index].admit(chain) }
            }
            let now = replicas.map { known(by: $0) }
            if now == before { break }
            before = now
        }
    }

    /// What stands, and what is aside: a chain that waits for another moves no head.
    private func known(by replica: Replica) -> [Hash256] {
        let state = replica.state
        return [StandInCrypto().sha256(HeadsDigest.canonical(state.heads()))]
            + events.world.parties.flatMap { state.keptEvents(of: $0.id) }.map(\.event.hash)
    }
}

extension Replica {
    /// Takes what is handed over without the events it is in.
    fileprivate mutating func admit(proofs: [ForkProof], transfers: [[UInt8]]) throws {
        var admission = Admission<MemoryState, StandInCrypto>(group: group, crypto: StandInCrypto())
        _ = try admission.admit(proofs: proofs, wallMs: History.endMs, into: &state)
        _ = try admission.admit(transfers: transfers, into: &state)
        try admission.finish(&state)
    }
}
