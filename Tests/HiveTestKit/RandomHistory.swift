internal import HiveModel

/// Writes random content into a group: what members who see each other late would write, and some of what they may not.
///
/// Ids are drawn from few names so that writes meet: creations repeat, updates and deletions come before creations,
/// votes change, agents act for others, parents are unknown or on other posts.
public struct RandomHistory {
    /// How many distinct posts, and comments, each instance has names for.
    public var names = 6
    private var generator: SeededGenerator

    public init(_ generator: SeededGenerator) {
        self.generator = generator
    }

    /// Appends `steps` events to random members' logs.
    public mutating func write<Crypto>(_ steps: Int, into group: inout TestGroup<Crypto>) {
        for _ in 0..<steps {
            let index = generator.below(group.instances.count)
            // Clocks lag and meet: an instance has sometimes just seen another's newest event.
            if generator.chance(1, of: 3), let seen = generator.pick(group.instances)?.lastEvent {
                group.instances[index].observe(seen)
            }
            group.instances[index].tickMs = Int64(generator.below(30))
            let ids = group.instances.map(\.id)
            step(&group.instances[index], among: ids)
        }
    }

    private mutating func step<Crypto>(_ instance: inout TestInstance<Crypto>, among ids: [InstanceID]) {
        let agent = "agent\(generator.below(3))"
        let home = instance.id
        // One in twelve acts on another's content as if it were its own; the fold must void it.
        let owner = generator.chance(1, of: 12) ? generator.pick(ids) ?? home : home
        let anyPost = target("post", among: ids)
        switch generator.below(20) {
        case 0..<3:
            instance.post(name("post"), title: text(), content: generator.chance(1, of: 4) ? nil : text(), by: agent)
        case 3..<7:
            let parent = generator.chance(1, of: 2) ? target("comment", among: ids) : nil
            instance.comment(name("comment"), on: anyPost, parent: parent, content: text(), by: agent)
        case 7..<10:
            let post = TestInstance<Crypto>.entity(name("post"), of: owner)
            instance.updatePost(post, title: change(), content: optionalChange(), url: optionalChange(), by: agent)
        case 10..<12:
            instance.updateComment(TestInstance<Crypto>.entity(name("comment"), of: owner), content: text(), by: agent)
        case 12: instance.deletePost(TestInstance<Crypto>.entity(name("post"), of: owner), by: agent)
        case 13:
            instance.deleteComment(TestInstance<Crypto>.entity(name("comment"), of: owner), reason: text(), by: agent)
        case 14: instance.profile(agent, name: text(), avatarURL: generator.chance(1, of: 2) ? text() : nil)
        default:
            let kind: ContentKind = generator.chance(1, of: 2) ? .post : .comment
            let voted = target(kind.rawValue, among: ids)
            instance.vote(Int64(generator.below(3)) - 1, on: kind, voted, by: agent)
        }
    }

    private mutating func name(_ kind: String) -> String { "\(kind)-\(generator.below(names))" }

    private mutating func target(_ kind: String, among ids: [InstanceID]) -> EntityID {
        guard let instance = generator.pick(ids) else { preconditionFailure("A group has an owner.") }
        return TestInstance<StandInCrypto>.entity(name(kind), of: instance)
    }

    private mutating func text() -> String { "text \(generator.below(1000))" }

    private mutating func change() -> FieldChange<String> { generator.chance(1, of: 2) ? .set(text()) : .untouched }

    private mutating func optionalChange() -> FieldChange<String?> {
        switch generator.below(4) {
        case 0: .set(nil)
        case 1: .set(text())
        default: .untouched
        }
    }
}
