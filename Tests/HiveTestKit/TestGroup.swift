public import HiveModel

/// A group with its members' logs opened: the owner first, the others added by it.
public struct TestGroup<Crypto: TestCrypto>: Sendable {
    public let id: GroupID
    public let crypto: Crypto
    /// The owner, then the members.
    public var instances: [TestInstance<Crypto>]

    /// - Parameters:
    ///   - count: how many instances, with the owner.
    ///   - seed: decides all keys.
    ///   - successors: the instances, by index, whose identity keys may name the next owner.
    ///   - quorum: how many of them it takes.
    public init(
        _ count: Int,
        seed: UInt64 = 1,
        crypto: Crypto,
        policy: GroupPolicy = GroupPolicy(),
        successors: [Int] = [],
        quorum: Int64 = 0
    ) {
        self.crypto = crypto
        let all = (0..<max(1, count)).map { number in
            TestInstance("instance-\(number)", seed: seed &* 1000 &+ UInt64(number), crypto: crypto)
        }
        var owner = all[0]
        let keys = successors.map { all[$0].identityKey }
        id = owner.found(policy: policy, successors: keys, quorum: quorum).groupID
        var members: [TestInstance<Crypto>] = []
        for var member in all.dropFirst() {
            let addition = owner.add(member)
            member.observe(addition)
            member.open(in: id)
            members.append(member)
        }
        instances = [owner] + members
    }

    public var owner: TestInstance<Crypto> {
        get { instances[0] }
        set { instances[0] = newValue }
    }

    /// All logs, one after another, the owner's first: an order in which every event can be admitted.
    public var events: [Event] { instances.flatMap(\.events) }

    /// The logs mixed at random, each in its own order: what replicas receive, members' events before
    /// their additions among them.
    public func interleaved(_ generator: inout SeededGenerator) -> [Event] {
        var rest = instances.map { $0.events[...] }
        var mixed: [Event] = []
        while let log = generator.pick(rest.indices.filter { !rest[$0].isEmpty }) {
            if let event = rest[log].popFirst() { mixed.append(event) }
        }
        return mixed
    }
}
