import HiveModel

// What members write: of few ids, so that writes meet.
extension ActWriter {
    mutating func writeContent(_ writer: Int) {
        let by = agent(writer)
        let home = numbers.chance(1, of: 4) ? numbers.below(instances.count) : writer
        switch numbers.below(16) {
        case 0..<3:
            let post = PostCreated(post: post(of: writer), title: text(), content: text(), url: nil, author: by)
            write(writer, .postCreated(post))
        case 3..<5:
            let parent = numbers.chance(1, of: 2) ? comment(of: numbers.below(instances.count)) : nil
            write(
                writer,
                .commentCreated(
                    CommentCreated(
                        comment: comment(of: writer),
                        post: anyPost(),
                        parent: parent,
                        content: text(),
                        author: by
                    )
                )
            )
        case 5..<8:
            let update = PostUpdated(
                post: post(of: home),
                title: numbers.chance(1, of: 2) ? .set(text()) : .untouched,
                content: numbers.chance(1, of: 2) ? .set(numbers.chance(1, of: 4) ? nil : text()) : .untouched,
                by: by
            )
            write(writer, .postUpdated(update))
        case 8:
            write(writer, .commentUpdated(CommentUpdated(comment: comment(of: home), content: text(), by: by)))
        case 9: delete(writer, by, home, auth: nil)
        case 10: write(writer, .agentProfileChanged(profile(by)))
        case 11:
            let action: MembershipChanged.Action = numbers.chance(2, of: 3) ? .join : .leave
            write(writer, .membershipChanged(MembershipChanged(agent: by, action: action, by: by)))
        default:
            let isPost = numbers.chance(1, of: 2)
            let target = isPost ? anyPost() : comment(of: numbers.below(instances.count))
            let kind: ContentKind = isPost ? .post : .comment
            let vote = VoteCast(
                target: ContentTarget(kind: kind, id: target),
                voter: by.key,
                value: Int64(numbers.below(3)) - 1
            )
            write(writer, .voteCast(vote))
        }
    }

    /// Changes, deletes or pins what others wrote.
    mutating func moderate(_ writer: Int) {
        let by = agent(writer)
        let auth = moderation(by, writer)
        let home = numbers.below(instances.count)
        switch numbers.below(6) {
        case 0..<3: delete(writer, by, home, auth: auth)
        case 3:
            let update = PostUpdated(post: post(of: home), title: .set(text()), by: by)
            write(writer, .postUpdated(update), refs: EventRefs(auth: auth))
        default:
            let pin = PostPinned(post: post(of: home), isPinned: numbers.chance(2, of: 3), by: by)
            write(writer, .postPinned(pin), refs: EventRefs(auth: auth))
        }
    }

    private mutating func delete(_ writer: Int, _ by: AgentSnapshot, _ home: Int, auth: EventID?) {
        let isPost = numbers.chance(1, of: 2)
        let target = isPost ? post(of: home) : comment(of: home)
        let deletion = ContentDeleted(target: target, by: by, reason: numbers.chance(1, of: 2) ? text() : nil)
        write(writer, isPost ? .postDeleted(deletion) : .commentDeleted(deletion), refs: EventRefs(auth: auth))
    }

    private mutating func profile(_ by: AgentSnapshot) -> AgentProfileChanged {
        AgentProfileChanged(agent: by.key.agent, name: text(), avatarURL: nil)
    }

    private mutating func post(of owner: Int) -> EntityID { instances[owner].entity("p\(numbers.below(2))") }

    private mutating func anyPost() -> EntityID { post(of: numbers.below(instances.count)) }

    private mutating func comment(of owner: Int) -> EntityID { instances[owner].entity("c\(numbers.below(2))") }

    private mutating func text() -> String { "text \(numbers.below(1_000))" }
}
