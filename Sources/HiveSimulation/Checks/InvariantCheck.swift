import HiveModel
import HiveSync

/// One invariant, checked from outside the engine when a cluster is at rest.
///
/// Failures are told to the cluster.
protocol InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws
}

/// A cluster that should be at rest, as the checks look at it.
struct Rest<Store: SimulatedStore, Crypto: SimulationCrypto> {
    let cluster: Cluster<Store, Crypto>
    /// Nodes that were healed.
    let core: [SimulatedNode<Store, Crypto>]
    /// By core node: the canonical dump.
    var dumps: [[UInt8]]
    /// All events of one core node, chosen by the seed, in order of arrival.
    var events: [StoredEvent]
    let chosen: SimulatedNode<Store, Crypto>

    init(_ cluster: Cluster<Store, Crypto>) throws {
        self.cluster = cluster
        let core = cluster.core.map { cluster.nodes[$0] }
        self.core = core
        dumps = try core.map { node in try node.store.read { try $0.canonicalDump() } }
        let chosen = core[Int(cluster.seed % UInt64(core.count))]
        self.chosen = chosen
        events = try chosen.store.read { try $0.events(of: nil, after: 0, limit: 1_000_000) }
    }

    func fail(_ invariant: Invariant, _ node: SimulatedNode<Store, Crypto>?, _ detail: String) {
        cluster.fail(invariant, node?.number, detail)
    }

    static func all() -> [any InvariantCheck.Type] {
        [
            EqualHeadsAtRest.self, EqualHeadsMeanEqualState.self, ContiguousLogs.self, IntactChains.self,
            NoForgedEvent.self, NothingAcknowledgedIsLost.self, ForkIsContained.self, LogGrowth.self,
            IncrementalEqualsFresh.self, OrderAndRepetition.self, CountersEqualRecount.self,
            NoEffectWithoutAuthority.self, FencesRespected.self, TombstonesFinal.self, Bounded.self, FewSends.self,
        ]
    }
}
