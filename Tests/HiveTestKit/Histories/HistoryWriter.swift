import HiveModel

/// Writes a `History` step by step.
struct HistoryWriter {
    typealias Instance = TestInstance<StandInCrypto>

    var numbers: SeededGenerator
    var instances: [Instance] = []
    let group: GroupID
    private var nowMs: Int64 = 1_700_000_000_000
    private var skewsMs: [Int64] = []
    /// Where the epochs of each instance ended.
    private var closed: [[ClosedEpoch]]
    /// Additions so far: writer, subject, event, role.
    private var additions: [Addition] = []

    private struct Addition {
        var writer: Int
        var subject: Int
        var event: EventID
        var role: MemberRole
    }

    private static let postsEach = 3
    private static let commentsEach = 3

    init(seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        let count = 2 + numbers.below(4)
        for number in 0..<count {
            let name = ["ada", "bob", "cyd", "dan", "eve"][number]
            var instance = Instance(name, seed: seed &* 1000 &+ UInt64(number), crypto: StandInCrypto())
            instance.tickMs = 0
            instances.append(instance)
            skewsMs.append(Int64(numbers.below(40_000)) - 20_000)
        }
        closed = Array(repeating: [], count: count)
        let admission: GroupPolicy.Admission = numbers.chance(1, of: 4) ? .owner : .members
        instances[0].wallMs = nowMs + skewsMs[0]
        group = instances[0].found(policy: GroupPolicy(admission: admission)).groupID
        self.numbers = numbers
    }

    mutating func run(steps: Int?) {
        for index in 1..<instances.count where numbers.chance(1, of: 2) {
            add(index, by: 0, role: pick([.member, .member, .member, .admin]))
        }
        let steps = steps ?? 30 + numbers.below(80)
        for _ in 0..<steps { step() }
        for index in instances.indices where instances[index].events.isEmpty { open(index) }
        for index in 1..<instances.count where !known().contains(index) {
            // Known to everybody from here on, and a member only where the writer has the right to say so.
            let writer = numbers.chance(1, of: 2) ? 0 : pick(known())
            add(index, by: writer, role: pick([.member, .member, .admin, .readonly]))
        }
    }

    /// The instances that a chain of additions leads to, whether these count or not.
    private func known() -> [Int] {
        var known = [0]
        while let next = additions.first(where: { known.contains($0.writer) && !known.contains($0.subject) }) {
            known.append(next.subject)
        }
        return known
    }

    private mutating func step() {
        nowMs += Int64(numbers.below(4_000))
        let writer = numbers.below(instances.count)
        guard !instances[writer].events.isEmpty else { return open(writer) }
        if numbers.chance(1, of: 3), let seen = instances[numbers.below(instances.count)].lastEvent {
            instances[writer].observe(seen)
        }
        switch numbers.below(100) {
        case 0..<14: createPost(writer)
        case 14..<28: createComment(writer)
        case 28..<54: vote(writer)
        case 54..<65: updatePost(writer)
        case 65..<70: deletePost(writer)
        case 70..<78: updateComment(writer)
        case 78..<82: deleteComment(writer)
        case 82..<87: changeProfile(writer)
        case 87..<95: addSomebody(writer)
        case 95..<97: open(writer)
        case 97..<98: write(writer, EventType("poll_opened"), "{}")
        default: writeVoid(writer)
        }
    }

    // MARK: Content

    private mutating func createPost(_ writer: Int) {
        let owner = numbers.chance(1, of: 15) ? numbers.below(instances.count) : writer
        write(
            writer,
            .postCreated(
                PostCreated(
                    post: post(of: owner),
                    title: text("title"),
                    content: numbers.chance(1, of: 3) ? nil : text("content"),
                    url: numbers.chance(1, of: 2) ? nil : "https://example.org/\(numbers.below(9))",
                    author: agent(writer),
                    createdAtMs: createdAt(writer)
                )
            )
        )
    }

    private mutating func createComment(_ writer: Int) {
        let owner = numbers.chance(1, of: 15) ? numbers.below(instances.count) : writer
        write(
            writer,
            .commentCreated(
                CommentCreated(
                    comment: comment(of: owner),
                    post: post(of: numbers.below(instances.count)),
                    parent: numbers.chance(1, of: 2) ? nil : comment(of: numbers.below(instances.count)),
                    content: text("comment \"\u{e9}\u{1}\""),
                    author: agent(writer),
                    createdAtMs: createdAt(writer)
                )
            )
        )
    }

    private mutating func vote(_ writer: Int) {
        write(
            writer,
            .voteCast(VoteCast(target: target(), voter: agent(writer).key, value: Int64(numbers.below(3)) - 1))
        )
    }

    private mutating func updatePost(_ writer: Int) {
        write(
            writer,
            .postUpdated(
                PostUpdated(
                    post: post(of: likelyHome(writer)),
                    title: numbers.chance(1, of: 2) ? .untouched : .set(text("new title")),
                    content: numbers.chance(1, of: 2) ? .untouched : .set(numbers.chance(1, of: 4) ? nil : text("new")),
                    url: numbers.chance(2, of: 3) ? .untouched : .set(nil),
                    by: agent(writer)
                )
            )
        )
    }

    private mutating func deletePost(_ writer: Int) {
        write(
            writer,
            .postDeleted(
                ContentDeleted(target: post(of: likelyHome(writer)), by: agent(writer), reason: reason())
            )
        )
    }

    private mutating func updateComment(_ writer: Int) {
        write(
            writer,
            .commentUpdated(
                CommentUpdated(comment: comment(of: likelyHome(writer)), content: text("changed"), by: agent(writer))
            )
        )
    }

    private mutating func deleteComment(_ writer: Int) {
        write(
            writer,
            .commentDeleted(
                ContentDeleted(target: comment(of: likelyHome(writer)), by: agent(writer), reason: reason())
            )
        )
    }

    private mutating func changeProfile(_ writer: Int) {
        write(
            writer,
            .agentProfileChanged(
                AgentProfileChanged(
                    agent: agent(writer).key.agent,
                    name: text("name"),
                    avatarURL: numbers.chance(1, of: 2) ? nil : "https://example.org/a.png"
                )
            )
        )
    }

    private mutating func writeVoid(_ writer: Int) {
        let payload = pick([#"{"value":7}"#, "{}", #"{"post_id":"no such form!"}"#])
        write(writer, pick([.voteCast, .postCreated, .commentDeleted]), payload)
    }

    // MARK: Roster

    private mutating func addSomebody(_ writer: Int) {
        let subject = numbers.below(instances.count)
        add(subject, by: writer, role: pick([.member, .member, .readonly, .admin]))
    }

    private mutating func add(_ subject: Int, by writer: Int, role: MemberRole) {
        var refs = EventRefs()
        let grants = additions.filter { $0.subject == writer && $0.role == .admin }
        if !grants.isEmpty, numbers.chance(4, of: 5) { refs.auth = pick(grants).event }
        if !additions.isEmpty, numbers.chance(1, of: 6) { refs.auth = pick(additions).event }
        let earlier = additions.filter { $0.subject == subject }
        if !earlier.isEmpty, numbers.chance(1, of: 2) { refs.par = [pick(earlier).event] }
        let event = write(
            writer,
            .instanceAdded(addition(of: subject, role: role, mark: "\(additions.count)")),
            refs: refs
        )
        additions.append(Addition(writer: writer, subject: subject, event: event.id, role: role))
    }

    private func addition(of subject: Int, role: MemberRole, mark: String) -> InstanceAdded {
        InstanceAdded(
            instance: instances[subject].id,
            identityKey: instances[subject].identityKey,
            role: role,
            name: "\(instances[subject].name) \(mark)"
        )
    }

    // MARK: Choices

    /// Opens a log; a later one closes those before at their ends.
    private mutating func open(_ writer: Int) {
        instances[writer].wallMs = nowMs + skewsMs[writer]
        if let last = instances[writer].lastEvent {
            closed[writer].append(ClosedEpoch(last: last.header.place, hash: last.hash))
        }
        let epoch = (instances[writer].lastPlace?.epoch ?? 0) + 1
        instances[writer].open(in: group, epoch: epoch, closed: closed[writer])
    }

    @discardableResult
    private mutating func write(_ writer: Int, _ payload: EventPayload, refs: EventRefs = EventRefs()) -> Event {
        instances[writer].wallMs = nowMs + skewsMs[writer]
        var at: HybridTime?
        if numbers.chance(1, of: 12) {
            at = HybridTime(ms: instances[writer].wallMs - 40_000 - Int64(numbers.below(30_000)), counter: 0)
        }
        return instances[writer].append(payload, refs: refs, at: at)
    }

    private mutating func write(_ writer: Int, _ type: EventType, _ payload: String) {
        instances[writer].wallMs = nowMs + skewsMs[writer]
        instances[writer].append(type, payload: Array(payload.utf8))
    }

    /// One of `choices`, which are not empty.
    private mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[numbers.below(choices.count)] }

    private mutating func post(of owner: Int) -> EntityID {
        instances[owner].entity("p\(numbers.below(Self.postsEach))")
    }

    private mutating func comment(of owner: Int) -> EntityID {
        instances[owner].entity("c\(numbers.below(Self.commentsEach))")
    }

    private mutating func target() -> ContentTarget {
        let owner = numbers.below(instances.count)
        if numbers.chance(1, of: 2) { return ContentTarget(kind: .post, id: post(of: owner)) }
        return ContentTarget(kind: .comment, id: comment(of: owner))
    }

    /// Whose content a writer changes: mostly its own, for the owner more often others'.
    private mutating func likelyHome(_ writer: Int) -> Int {
        numbers.chance(writer == 0 ? 1 : 3, of: 4) ? writer : numbers.below(instances.count)
    }

    /// Mostly an agent of the writer.
    private mutating func agent(_ writer: Int) -> AgentSnapshot {
        let instance = numbers.chance(1, of: 25) ? numbers.below(instances.count) : writer
        return instances[instance].agent(pick(["owner", "owner", "second"]))
    }

    private mutating func createdAt(_ writer: Int) -> Int64? {
        switch numbers.below(10) {
        case 0: nowMs + 1_000_000
        case 1, 2: 1_600_000_000_000 + Int64(numbers.below(1_000))
        default: nil
        }
    }

    private mutating func text(_ kind: String) -> String { "\(kind) \(numbers.below(1_000))" }

    private mutating func reason() -> String? { numbers.chance(1, of: 2) ? nil : text("reason") }
}
