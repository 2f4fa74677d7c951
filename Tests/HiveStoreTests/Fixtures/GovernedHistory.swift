import HiveModel
import HiveTestKit

/// A random history in which owner and moderators appoint, dismiss, ban, approve, set and pin, rightly and wrongly.
struct GovernedHistory {
    private(set) var group: TestGroup<StandInCrypto>
    private var numbers: HiveTestKit.SeededGenerator
    private var posts: [EntityID] = []
    private var comments: [EntityID] = []
    /// Acts by the register they are about.
    private var acts: [String: [EventID]] = [:]
    private var grants: [(agent: AgentSnapshot, event: EventID)] = []

    private static let names = ["owner", "ann", "bob", "eve"]

    init(seed: UInt64, steps: Int = 120) {
        numbers = HiveTestKit.SeededGenerator(seed: seed)
        group = TestGroup(3, seed: seed, crypto: StandInCrypto())
        for step in 0..<steps { write(step) }
    }

    var instances: [TestInstance<StandInCrypto>] { group.instances }

    private mutating func write(_ step: Int) {
        let index = numbers.below(3)
        // Usually it has seen what the others wrote.
        if numbers.chance(2, of: 3) {
            for other in instances { if let last = other.lastEvent { group.instances[index].observe(last) } }
        }
        let name = Self.names[numbers.below(4)]
        switch numbers.below(16) {
        case 0...2:
            group.instances[index].post("p\(step)", by: name)
            posts.append(instances[index].entity("p\(step)"))
        case 3, 4:
            guard let post = numbers.pick(posts) else { return }
            let parent = numbers.chance(1, of: 3) ? numbers.pick(comments) : nil
            group.instances[index].comment("c\(step)", on: post, parent: parent, by: name)
            comments.append(instances[index].entity("c\(step)"))
        case 5...8:
            let isPost = numbers.chance(2, of: 3)
            guard let target = numbers.pick(isPost ? posts : comments) else { return }
            let value = Int64(numbers.below(3)) - 1
            group.instances[index].vote(value, on: isPost ? .post : .comment, target, by: name)
        case 9: edit(index, name, step)
        case 10: Governance.membership(name, joins: numbers.chance(2, of: 3), in: &group.instances[index])
        default: decide(index)
        }
    }

    private mutating func edit(_ index: Int, _ name: String, _ step: Int) {
        let actor = actor(at: index, or: name)
        let refs = EventRefs(auth: actor.grant)
        switch numbers.below(4) {
        case 0:
            guard let post = numbers.pick(posts) else { return }
            group.instances[index].updatePost(post, title: .set("Edit \(step)"), by: actor.name, refs: refs)
        case 1:
            guard let post = numbers.pick(posts) else { return }
            group.instances[index].deletePost(post, reason: "spam", by: actor.name, refs: refs)
        case 2:
            guard let comment = numbers.pick(comments) else { return }
            group.instances[index].updateComment(comment, content: "Edit \(step)", by: actor.name, refs: refs)
        default:
            guard let comment = numbers.pick(comments) else { return }
            group.instances[index].deleteComment(comment, by: actor.name, refs: refs)
        }
    }

    private mutating func decide(_ index: Int) {
        let actor = actor(at: index, or: "owner")
        let party = numbers.below(3)
        let subject = instances[party].agent(Self.names[numbers.below(4)])
        let fence = numbers.chance(4, of: 5) ? fence(of: party) : nil
        switch numbers.below(5) {
        case 0:
            let role: ModeratorRole = numbers.chance(1, of: 3) ? .admin : .moderator
            let isAddition = numbers.chance(2, of: 3)
            let key = "moderator \(subject.key)"
            let event = Governance.moderator(
                subject,
                isAddition ? .add(role) : .remove,
                by: actor,
                fence: fence,
                replacing: replaced(key),
                in: &group.instances[index]
            )
            acts[key, default: []].append(event.id)
            if isAddition { grants.append((subject, event.id)) }
        case 1, 2:
            let action: MembershipChanged.Action = numbers.pick([.ban, .ban, .unban, .approve]) ?? .ban
            let key = "ban \(subject.key)"
            let event = Governance.decide(
                action,
                on: subject,
                scope: numbers.chance(1, of: 2) ? .all : .later,
                by: actor,
                fence: fence,
                reason: numbers.chance(1, of: 2) ? "because" : nil,
                replacing: replaced(key),
                in: &group.instances[index]
            )
            acts[key, default: []].append(event.id)
        case 3:
            let (key, value) = setting()
            let event = Governance.set(key, value, by: actor, replacing: replaced(key), in: &group.instances[index])
            acts[key, default: []].append(event.id)
        default:
            guard let post = numbers.pick(posts) else { return }
            Governance.pin(post, numbers.chance(2, of: 3), by: actor, in: &group.instances[index])
        }
    }

    // MARK: Choices

    private mutating func setting() -> (String, JSONValue) {
        switch numbers.below(5) {
        case 0: ("description", numbers.chance(1, of: 3) ? .null : .string("About \(numbers.below(9))"))
        case 1: ("is_public", .bool(numbers.chance(1, of: 2)))
        case 2: ("retention_days", .int(Int64(numbers.below(40))))
        case 3: ("post_permissions", numbers.chance(1, of: 3) ? .null : .string("mods"))
        default: ("caf\u{e9}", .array([.double(0.5), .int(Int64(numbers.below(9)))]))
        }
    }

    /// The owner, a moderator of the instance with a grant, or an agent without any right.
    private mutating func actor(at index: Int, or name: String) -> Governance.Actor {
        let own = grants.filter { $0.agent.key.instance == instances[index].id }
        if let grant = numbers.pick(own), numbers.chance(3, of: 4) {
            let name = Self.names.first { instances[index].agent($0).key == grant.agent.key } ?? name
            return Governance.Actor(name: name, grant: grant.event)
        }
        return Governance.Actor(name: index == 0 && numbers.chance(3, of: 4) ? "owner" : name)
    }

    private mutating func replaced(_ key: String) -> [EventID] {
        guard let held = acts[key], numbers.chance(3, of: 4) else { return [] }
        return Array(held.suffix(numbers.below(3)))
    }

    private mutating func fence(of party: Int) -> Fence? {
        guard let event = numbers.pick(instances[party].events) else { return nil }
        return Fence(place: event.header.place, hash: event.hash)
    }
}
