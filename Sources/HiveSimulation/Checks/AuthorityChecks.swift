import HiveModel
import HiveSync

/// Every row was made by whoever it names, in that instance's own log, and changed only by who may.
enum NoEffectWithoutAuthority: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let cluster = rest.cluster
        try rest.chosen.store.read { state in
            let members = try state.members()
            let owner = try state.group()?.owner.key.instance
            let readers = Set(members.filter { $0.role == .readonly }.map(\.instance))
            func fail(_ detail: String) { cluster.fail(.noEffectWithoutAuthority, rest.chosen.number, detail) }
            func check(_ id: EntityID, _ author: AgentKey, _ creation: Creation?, _ deletedBy: AgentKey?) throws {
                let name = id.rawValue
                guard let creation else { return }
                if !id.carries(author.instance.prefix) { fail("\(name) carries another instance's prefix") }
                if creation.stamp.prefix != author.instance.prefix { fail("\(name) was created in another's log") }
                if readers.contains(author.instance) { fail("\(name) was created by a read-only instance") }
                guard let event = try state.event(origin: author.instance, place: creation.stamp.place) else {
                    return fail("\(name) was created by no event")
                }
                if event.header.stamp != creation.stamp { fail("\(name) has another stamp than its event") }
                if let deletedBy, deletedBy != author, deletedBy.instance != owner, !cluster.isPrivileged(deletedBy) {
                    fail("\(name) was deleted by \(deletedBy.agent.rawValue)")
                }
            }
            func check(_ stamp: Stamp?, _ id: EntityID, _ author: AgentKey) {
                guard let stamp, stamp.prefix != author.instance.prefix, stamp.prefix != owner?.prefix,
                    !cluster.isPrivileged(stamp.prefix)
                else { return }
                fail("\(id.rawValue) was changed by \(stamp.prefix.rawValue)")
            }
            try state.forEachEntity { entity in
                switch entity {
                case .post(let post, let author, let deletedBy):
                    try check(post.id, author, post.creation, deletedBy)
                    for stamp in [post.titleStamp, post.contentStamp, post.urlStamp] { check(stamp, post.id, author) }
                case .comment(let comment, _, let author, let deletedBy):
                    try check(comment.id, author, comment.creation, deletedBy)
                    check(comment.contentStamp, comment.id, author)
                case .vote(let vote, let target, let voter):
                    let name = "a vote on \(target.id.rawValue)"
                    if vote.stamp.prefix != voter.instance.prefix { fail("\(name) was cast in another's log") }
                    if !(-1...1).contains(vote.value) { fail("\(name) counts \(vote.value)") }
                case .profile(let profile, let agent):
                    if profile.stamp.prefix != agent.instance.prefix { fail("a profile was changed in another's log") }
                default: break
                }
            }
        }
    }
}

extension Cluster {
    /// Whether somebody was ever made moderator, so that changing others' content can be right.
    func isPrivileged(_ agent: AgentKey) -> Bool { isPrivileged(agent.instance.prefix) }

    func isPrivileged(_ prefix: InstancePrefix) -> Bool {
        options.has(.moderation) || options.has(.transfers)
    }
}
