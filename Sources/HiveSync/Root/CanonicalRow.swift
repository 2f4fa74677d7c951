import HiveModel

/// The canonical row and the id of one replicated thing (`docs/protocol.md`, "State root").
///
/// A row is a JSON array in RFC 8785 form. A live post or comment whose author's ban hides it says "hidden"; a vote
/// that a ban hides ends in `true`. A fence is `[epoch, seq, hash]` or null. Left out is what is local or derived: row
/// numbers, counters, names shown as a courtesy. A stamp is `[ms, counter, prefix, epoch, seq]`; a field that still has
/// its creation's stamp says `null`.
///
///     ["group", group_name, name, description, is_public, created_at, owner_instance, owner_agent]
///     ["owner", n, instance, agent]
///     ["member", instance, role, name, added_by]
///     ["moderator", instance, agent, role, event]
///     ["ban", instance, agent, action, scope, fence, event]
///     ["membership", instance, agent, is_joined, stamp]
///     ["setting", key, value, event, heads]
///     ["post", id, author_instance, author_agent, created_at, stamp, "live",
///      title, title_stamp, content, content_stamp, url, url_stamp, is_pinned, pin_stamp]
///     ["post", id, author_instance, author_agent, created_at, stamp, "deleted",
///      by_instance, by_agent, deletion_stamp, reason]
///     ["comment", id, post, parent, author_instance, author_agent, created_at, stamp, "live", content, content_stamp]
///     ["comment", id, post, parent, author_instance, author_agent, created_at, stamp, "deleted",
///      by_instance, by_agent, deletion_stamp, reason]
///     ["vote", kind, target, voter_instance, voter_agent, value, stamp, is_hidden]
///     ["profile", instance, agent, name, avatar_url, stamp]
///
/// The entity ids are `group`, `owner:<n>`, `member:<instance>`, `post:<id>`, `comment:<id>`, `setting:<key>`,
/// `vote:<kind>:<target>:<instance>:<agent>`, and `moderator`, `ban`, `membership` and `profile`, each followed by
/// `:<instance>:<agent>`.
struct CanonicalRow {
    var writer = JSONWriter(capacity: 1024)
    var id: [UInt8] = []

    /// The row last written.
    var bytes: [UInt8] { writer.bytes }

    /// The bucket of the row last written: the first byte of the SHA-256 of its id.
    func bucket(_ crypto: some Hashing) -> Int { Int(crypto.sha256(id).word0 >> 56) }

    /// The id last written, UTF-8.
    var entityID: [UInt8] { id }

    mutating func write(_ entity: Entity) {
        writer.reset()
        id.removeAll(keepingCapacity: true)
        writer.beginArray()
        switch entity {
        case .group(let group): write(group)
        case .member(let member): write(member)
        case .owner(let owner): write(owner)
        case .moderator(let moderator, let agent): write(moderator, agent)
        case .ban(let ban, let agent): write(ban, agent)
        case .membership(let membership, let agent): write(membership, agent)
        case .setting(let setting): write(setting)
        case .post(let post, let author, let deletedBy): write(post, author, deletedBy)
        case .comment(let comment, let post, let author, let deletedBy): write(comment, post, author, deletedBy)
        case .vote(let vote, let target, let voter): write(vote, target, voter)
        case .profile(let profile, let agent): write(profile, agent)
        }
        writer.endArray()
    }

    // MARK: One of each

    private mutating func write(_ group: GroupRow) {
        id.append(contentsOf: "group".utf8)
        writer.string("group")
        writer.string(group.groupName)
        writer.string(group.hive.name)
        writer.string(group.hive.description)
        writer.bool(group.hive.isPublic)
        writer.int(group.hive.createdAtMs)
        write(group.owner.key)
    }

    private mutating func write(_ member: MemberRow) {
        id.append(contentsOf: "member:".utf8)
        id.append(contentsOf: member.instance.rawValue.utf8)
        writer.string("member")
        writer.string(member.instance.rawValue)
        writer.string(member.role.rawValue)
        writer.string(member.name)
        writer.string(member.addedBy?.rawValue)
    }

    private mutating func write(_ post: PostRow, _ author: AgentKey, _ deletedBy: AgentKey?) {
        id.append(contentsOf: "post:".utf8)
        id.append(contentsOf: post.id.rawValue.utf8)
        writer.string("post")
        writer.string(post.id.rawValue)
        write(author)
        write(post.creation)
        if let tombstone = post.tombstone {
            write(tombstone, by: deletedBy)
        } else {
            writer.string(post.isHidden ? "hidden" : "live")
            writer.string(post.title)
            write(post.titleStamp)
            writer.string(post.content)
            write(post.contentStamp)
            writer.string(post.url)
            write(post.urlStamp)
            writer.bool(post.isPinned)
            write(post.pinStamp)
        }
    }

    private mutating func write(_ comment: CommentRow, _ post: EntityID, _ author: AgentKey, _ deletedBy: AgentKey?) {
        id.append(contentsOf: "comment:".utf8)
        id.append(contentsOf: comment.id.rawValue.utf8)
        writer.string("comment")
        writer.string(comment.id.rawValue)
        writer.string(post.rawValue)
        writer.string(comment.parent?.rawValue)
        write(author)
        write(comment.creation)
        if let tombstone = comment.tombstone {
            write(tombstone, by: deletedBy)
        } else {
            writer.string(comment.isHidden ? "hidden" : "live")
            writer.string(comment.content)
            write(comment.contentStamp)
        }
    }

    private mutating func write(_ vote: VoteRow, _ target: ContentTarget, _ voter: AgentKey) {
        id.append(contentsOf: "vote:".utf8)
        id.append(contentsOf: target.kind.rawValue.utf8)
        id.append(UInt8(ascii: ":"))
        id.append(contentsOf: target.id.rawValue.utf8)
        id.append(UInt8(ascii: ":"))
        appendID(of: voter)
        writer.string("vote")
        writer.string(target.kind.rawValue)
        writer.string(target.id.rawValue)
        write(voter)
        writer.int(vote.value)
        write(vote.stamp)
        writer.bool(vote.isHidden)
    }

    private mutating func write(_ profile: ProfileRow, _ agent: AgentKey) {
        id.append(contentsOf: "profile:".utf8)
        appendID(of: agent)
        writer.string("profile")
        write(agent)
        writer.string(profile.name)
        writer.string(profile.avatarURL)
        write(profile.stamp)
    }

    // MARK: Parts

    mutating func appendID(of agent: AgentKey) {
        id.append(contentsOf: agent.instance.rawValue.utf8)
        id.append(UInt8(ascii: ":"))
        id.append(contentsOf: agent.agent.rawValue.utf8)
    }

    mutating func write(_ agent: AgentKey) {
        writer.string(agent.instance.rawValue)
        writer.string(agent.agent.rawValue)
    }

    private mutating func write(_ creation: Creation?) {
        writer.int(creation?.createdAtMs)
        write(creation?.stamp)
    }

    private mutating func write(_ tombstone: Tombstone, by agent: AgentKey?) {
        writer.string("deleted")
        writer.string(agent?.instance.rawValue)
        writer.string(agent?.agent.rawValue)
        write(tombstone.stamp)
        writer.string(tombstone.reason)
    }

    mutating func write(_ stamp: Stamp?) {
        guard let stamp else { return writer.null() }
        writer.beginArray()
        writer.int(stamp.time.ms)
        writer.int(stamp.time.counter)
        writer.string(stamp.prefix.rawValue)
        writer.int(stamp.place.epoch)
        writer.int(stamp.place.seq)
        writer.endArray()
    }
}
