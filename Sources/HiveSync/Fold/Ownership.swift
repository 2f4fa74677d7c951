import HiveModel

/// Who owns the group, first to present.
///
/// Decided from the standing events alone, before everything else.
struct Ownership: Hashable, Sendable {
    /// The n-th owner at index n - 1.
    var owners: [AgentKey]

    /// The owner of the genesis; transfers add to it.
    init(genesis: GroupRow) {
        owners = [genesis.owner.key]
    }

    var current: AgentKey? { owners.last }

    /// As which owner an event of `origin` at `place` acts: n for the n-th, 0 for none.
    func rank(of origin: InstanceID, at place: Place) -> Int {
        owners.last?.instance == origin ? owners.count : 0
    }
}
