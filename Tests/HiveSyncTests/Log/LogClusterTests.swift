import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Clusters whose logs fork")
struct LogClusterTests {
    /// Runs one history; says what is wrong with its end, or nothing.
    static func fault(seed: UInt64, hostileOwner: Bool, coverage: inout [String: Int]) throws -> String? {
        var cluster = try LogCluster(seed: seed, hostileOwner: hostileOwner)
        try cluster.run(steps: 60)
        let isSettled = try cluster.settle()
        for (name, count) in cluster.coverage { coverage[name, default: 0] += count }
        guard isSettled else { return "it doesn't come to rest" }
        let first = cluster.nodes[0]
        for node in cluster.nodes.dropFirst() {
            let (ours, theirs) = (first.replica.state.heads(), node.replica.state.heads())
            guard ours == theirs else { return "unequal heads: \(ours) and \(theirs)" }
            for head in ours where first.log(of: head.origin) != node.log(of: head.origin) {
                return "unequal logs at \(head)"
            }
            guard first.replica.root == node.replica.root else { return "unequal states" }
        }
        let lost = cluster.lost()
        guard lost.isEmpty else { return "\(lost.count) acknowledged events lost, the first \(lost[0].header)" }
        var again = first.replica
        try again.refold()
        guard again.root == first.replica.root else { return "another state when folded from nothing" }
        return nil
    }

    @Test(
        "Replicas that pull random pieces end with equal logs and states, and lose nothing",
        arguments: [false, true]
    )
    func converges(hostileOwner: Bool) throws {
        var coverage: [String: Int] = [:]
        for seed in UInt64(1)...60 {
            let fault = try Self.fault(seed: seed, hostileOwner: hostileOwner, coverage: &coverage)
            #expect(fault == nil, "seed \(seed)")
        }
        for name in ["fork", "dead epoch", "cut", "epoch", "repeat", "restore", "transfer", "beyond a fork"] {
            #expect((coverage[name] ?? 0) > 0, "\(name): \(coverage)")
        }
    }
}
