public import HiveModel

extension TestInstance {
    /// Writes a post of an agent here; `id` is the part after the prefix.
    @discardableResult
    public mutating func post(
        _ id: String,
        title: String = "A title",
        content: String? = "Some content",
        url: String? = nil,
        by author: String = "alice",
        createdAtMs: Int64? = nil
    ) -> Event {
        append(
            .postCreated(
                PostCreated(
                    post: entity(id),
                    title: title,
                    content: content,
                    url: url,
                    author: agent(author),
                    createdAtMs: createdAtMs
                )
            )
        )
    }

    /// Writes a comment of an agent here on any post.
    @discardableResult
    public mutating func comment(
        _ id: String,
        on post: EntityID,
        parent: EntityID? = nil,
        content: String = "A comment",
        by author: String = "alice",
        createdAtMs: Int64? = nil
    ) -> Event {
        append(
            .commentCreated(
                CommentCreated(
                    comment: entity(id),
                    post: post,
                    parent: parent,
                    content: content,
                    author: agent(author),
                    createdAtMs: createdAtMs
                )
            )
        )
    }

    @discardableResult
    public mutating func vote(
        _ value: Int64,
        on kind: ContentKind = .post,
        _ target: EntityID,
        by voter: String = "alice"
    ) -> Event {
        append(
            .voteCast(VoteCast(target: ContentTarget(kind: kind, id: target), voter: agent(voter).key, value: value))
        )
    }

    @discardableResult
    public mutating func updatePost(
        _ post: EntityID,
        title: FieldChange<String> = .untouched,
        content: FieldChange<String?> = .untouched,
        url: FieldChange<String?> = .untouched,
        by agent: String = "alice",
        refs: EventRefs = EventRefs()
    ) -> Event {
        let payload = PostUpdated(post: post, title: title, content: content, url: url, by: self.agent(agent))
        return append(.postUpdated(payload), refs: refs)
    }

    @discardableResult
    public mutating func updateComment(
        _ comment: EntityID,
        content: String,
        by agent: String = "alice",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(.commentUpdated(CommentUpdated(comment: comment, content: content, by: self.agent(agent))), refs: refs)
    }

    @discardableResult
    public mutating func deletePost(
        _ post: EntityID,
        reason: String? = nil,
        by agent: String = "alice",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(.postDeleted(ContentDeleted(target: post, by: self.agent(agent), reason: reason)), refs: refs)
    }

    @discardableResult
    public mutating func deleteComment(
        _ comment: EntityID,
        reason: String? = nil,
        by agent: String = "alice",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(.commentDeleted(ContentDeleted(target: comment, by: self.agent(agent), reason: reason)), refs: refs)
    }

    @discardableResult
    public mutating func profile(_ agent: String, name: String, avatarURL: String? = nil) -> Event {
        append(
            .agentProfileChanged(
                AgentProfileChanged(agent: self.agent(agent).key.agent, name: name, avatarURL: avatarURL)
            )
        )
    }
}
