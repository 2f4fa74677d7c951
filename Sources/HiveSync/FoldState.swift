public import HiveModel

/// A local number for a row; it never leaves the database it comes from and is in no dump or root.
public typealias RowNumber = Int64

/// One group's materialised state as the fold reads and writes it, synchronously, inside the transaction that stores
/// the events.
///
/// Two implementations: memory, and SQLite in its open write transaction; one contract suite runs on both.
///
/// Rows are values: the fold reads one, changes it and puts it back. Every `put` replaces the whole row. Everything
/// here is idempotent but `addScore`, `addCommentCount` and `addKarma`. Whatever an implementation throws is a fault of
/// this machine: the fold passes it on and the transaction must be rolled back.
public protocol FoldState {
    // MARK: Log

    /// The stored event at `place` of `origin`'s log; nil where none stands.
    func event(origin: InstanceID, place: Place) throws -> Event?

    /// The hash of the stored event at `place`; nil where none stands.
    func eventHash(origin: InstanceID, place: Place) throws -> Hash256?

    /// The first `limit` stored events of `origin`, or of all logs where nil, whose arrival number is above `arrival`,
    /// in arrival order. A page, not a cursor, because the fold changes the state between two events.
    func events(of origin: InstanceID?, after arrival: RowNumber, limit: Int) throws -> [StoredEvent]

    /// What this version fails at, in no particular order; asked once a transaction.
    func poison() throws -> [PoisonEvent]

    /// Keeps the fold from an event that it failed at; once, whatever its number of calls.
    mutating func markPoison(_ event: PoisonEvent) throws

    /// Lets the fold try again what an earlier version failed at.
    mutating func clearPoison() throws

    // MARK: Agents

    /// The row of an agent, made where unknown. `name` and `avatarURL` show until a profile event is folded; they are a
    /// courtesy to readers and in no dump.
    mutating func agentRow(_ key: AgentKey, name: String?, avatarURL: String?) throws -> RowNumber

    func agentKey(_ row: RowNumber) throws -> AgentKey

    func profile(of agent: RowNumber) throws -> ProfileRow?

    mutating func putProfile(_ profile: ProfileRow, of agent: RowNumber) throws

    /// Adds to the sum of others' counted votes on the agent's live content.
    mutating func addKarma(_ delta: Int64, to agent: RowNumber) throws

    /// What this group's votes give an agent.
    func karma(of agent: RowNumber) throws -> Int64

    // MARK: Posts and comments

    func post(_ id: EntityID) throws -> (row: RowNumber, post: PostRow)?

    /// Inserts a row, a creation or a stub that collects votes and comments. Nil, and no change, where the id has a
    /// row.
    mutating func insertPost(_ post: PostRow) throws -> RowNumber?

    mutating func putPost(_ post: PostRow, at row: RowNumber) throws

    /// The id of the post at `row`.
    func postID(_ row: RowNumber) throws -> EntityID

    func comment(_ id: EntityID) throws -> (row: RowNumber, comment: CommentRow)?

    /// As `insertPost`.
    mutating func insertComment(_ comment: CommentRow) throws -> RowNumber?

    mutating func putComment(_ comment: CommentRow, at row: RowNumber) throws

    /// Adds to a post's or comment's score, without reading the row.
    mutating func addScore(_ delta: Int64, to target: TargetRow) throws

    /// Adds to a post's count of visible comments, without reading the row.
    mutating func addCommentCount(_ delta: Int64, to post: RowNumber) throws

    /// What a vote needs to know of its target and a comment of its post, without reading texts; nil where the id was
    /// never seen.
    func voteTarget(_ target: ContentTarget) throws -> VoteTarget?

    // MARK: Updates and deletions

    /// Remembers a post's or comment's update or deletion, effective or not, so that what a later decision makes void
    /// can be taken back. A write with the stamp of a remembered one is that write: nothing changes.
    mutating func addWrite(_ write: ContentWrite, to target: TargetRow) throws

    /// All remembered writes of a target, by stamp ascending.
    func writes(to target: TargetRow) throws -> [ContentWrite]

    /// The posts and comments that `agent` created, by row; kinds apart.
    func content(by agent: RowNumber) throws -> [ContentTarget]

    /// The posts and comments that `agent` updated, deleted or pinned under a grant, effective or not; each once.
    func content(grantedTo agent: RowNumber) throws -> [ContentTarget]

    // MARK: Votes

    /// The votes of `voter`, in any order.
    func votes(by voter: RowNumber) throws -> [CastVote]

    /// Inserts the first vote of `voter` on `target`. Where there is one already nothing changes and it is returned.
    mutating func insertVote(_ vote: VoteRow, target: TargetRow, voter: RowNumber) throws -> VoteRow?

    /// Replaces the vote of `voter` on `target`.
    mutating func putVote(_ vote: VoteRow, target: TargetRow, voter: RowNumber) throws

    /// Sum of the counted votes (hidden ones count 0) of everybody but `author` on a target: for karma when the target
    /// dies or returns.
    func scoreByOthers(than author: RowNumber, target: TargetRow) throws -> Int64

    // MARK: Group, roster

    func group() throws -> GroupRow?

    mutating func putGroup(_ group: GroupRow) throws

    /// Remembers an act of a register, valid or not, by the place of its event; the event is read back from the log. An
    /// act remembered before stays one.
    mutating func addAct(_ key: ActKey, origin: InstanceID, place: Place) throws

    /// The events of all acts of a kind, in any order.
    func acts(_ kind: ActKind) throws -> [Event]

    /// The events of one register's acts, in any order.
    func acts(_ key: ActKey) throws -> [Event]

    // MARK: What was decided

    /// The owners, first to present.
    func owners() throws -> [OwnerRow]

    mutating func putOwners(_ owners: [OwnerRow]) throws

    /// Present members as decided, by instance id.
    func members() throws -> [MemberRow]

    mutating func putMembers(_ members: [MemberRow]) throws

    /// Present moderators and admins, by agent row.
    func moderators() throws -> [ModeratorRow]

    mutating func putModerators(_ moderators: [ModeratorRow]) throws

    /// What was decided in each agent's ban register that has a valid act, by agent row.
    func bans() throws -> [BanRow]

    func ban(of agent: RowNumber) throws -> BanRow?

    /// Replaces what was decided on an agent; nil where no act is valid.
    mutating func putBan(_ ban: BanRow?, of agent: RowNumber) throws

    /// The agent's own word on being in the hive.
    func membership(of agent: RowNumber) throws -> MembershipRow?

    mutating func putMembership(_ membership: MembershipRow, of agent: RowNumber) throws

    /// The settings that have a valid act, by key in UTF-8 order.
    func settings() throws -> [SettingRow]

    func setting(_ key: String) throws -> SettingRow?

    /// Replaces what was decided on a setting; nil where no act is valid.
    mutating func putSetting(_ setting: SettingRow?, of key: String) throws

    /// What the fold keeps in memory with this state for as long as the state is what it was decided from: nil at first
    /// and after a rollback. Never stored.
    var memo: FoldMemo { get set }

    // MARK: Root, rebuilding

    /// The state root's buckets; read at the first change of a transaction, written once at its end.
    func stateRoot() throws -> StateRoot

    mutating func putStateRoot(_ root: StateRoot) throws

    /// Removes every materialised row of the group (posts, comments, votes, writes, profiles, acts, all that was
    /// decided, group, root, karma they gave), leaving the log: the start of a fold from nothing.
    mutating func clear() throws

    /// Calls `body` with everything that is part of the replicated state, in any order: the group, owners, members,
    /// moderators, bans, memberships, settings, posts and comments with a creation (tombstones and hidden ones too,
    /// stubs not), all votes, profiles.
    func forEachEntity(_ body: (Entity) throws -> Void) throws

    /// Notes a change for live channels and the search index; recorded with the transaction.
    mutating func note(_ change: FoldChange) throws
}

/// An event with its arrival number.
public struct StoredEvent: Hashable, Sendable {
    public var arrival: RowNumber
    public var event: Event

    public init(arrival: RowNumber, event: Event) {
        self.arrival = arrival
        self.event = event
    }
}

/// A vote with its target.
public struct CastVote: Hashable, Sendable {
    public var id: ContentTarget
    public var target: TargetRow
    public var vote: VoteRow

    public init(id: ContentTarget, target: TargetRow, vote: VoteRow) {
        self.id = id
        self.target = target
        self.vote = vote
    }
}

/// The row of a post or a comment.
public struct TargetRow: Hashable, Sendable {
    public var kind: ContentKind
    public var row: RowNumber

    public init(kind: ContentKind, row: RowNumber) {
        self.kind = kind
        self.row = row
    }
}

public struct VoteTarget: Hashable, Sendable {
    public var target: TargetRow
    /// Nil for a stub.
    public var author: RowNumber?
    /// Created, not deleted, not hidden.
    public var isLive: Bool

    public init(target: TargetRow, author: RowNumber?, isLive: Bool) {
        self.target = target
        self.author = author
        self.isLive = isLive
    }
}
