import HiveModel

/// What the decisions before content came to: who may write, and whose writes count on whose content.
struct Authority: Sendable {
    let ownership: Ownership?
    let members: [MemberRow]
    /// The row of the present owner's agent.
    let ownerAgent: RowNumber?
    private let writers: Set<InstanceID>

    init(ownership: Ownership?, members: [MemberRow], ownerAgent: RowNumber?) {
        self.ownership = ownership
        self.members = members
        self.ownerAgent = ownerAgent
        self.writers = Self.writers(among: members)
    }

    static func writers(among members: [MemberRow]) -> Set<InstanceID> {
        Set(members.lazy.filter { $0.role != .readonly }.map(\.instance))
    }

    /// Whether anything but an opening in this instance's logs has an effect.
    func mayWrite(_ instance: InstanceID) -> Bool { writers.contains(instance) }

    /// Whether a write is an act of the owner: of the owner's instance, by the owner's agent.
    func isOwnerAct(_ write: ContentWrite) -> Bool {
        guard let ownership, write.agent == ownerAgent else { return false }
        return ownership.rank(of: write.origin, at: write.stamp.place) > 0
    }

    /// Whether an update or deletion counts on content of `author`: by the author, the owner, or under a grant.
    func counts(_ write: ContentWrite, onContentOf author: RowNumber) -> Bool {
        write.agent == author || isOwnerAct(write)
    }
}

extension EventHeader {
    /// R0, first half: an agent acts only in its own instance's log.
    func isBy(_ agent: AgentKey) -> Bool { agent.instance == origin }

    /// R0, second half: a created id carries the prefix of the log's instance.
    func mayCreate(_ id: EntityID) -> Bool { id.carries(origin.prefix) }

    /// Whether a display time is in range: not after the event's own.
    func allows(createdAtMs: Int64?) -> Bool {
        guard let createdAtMs else { return true }
        return createdAtMs >= 0 && createdAtMs <= time.ms
    }
}

/// Sentences for void events.
enum VoidReason {
    static let foreignAgent = FoldVerdict.void("the acting agent belongs to another instance")
    static let foreignID = FoldVerdict.void("the id does not carry the prefix of the instance that created it")
    static let futureDate = FoldVerdict.void("created_at lies after the event's own time")
    static let createdBefore = FoldVerdict.void("the id was created before in the same log")
    static let notAllowed = FoldVerdict.void("only the author or the owner may change this")
}
