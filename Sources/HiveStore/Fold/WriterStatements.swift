/// Every statement the writer runs inside a transaction, prepared once.
final class WriterStatements {
    let savepoint, releaseSavepoint, rollbackToSavepoint: HotStatement

    // Log
    let insertEvent, eventAtPlace, eventAtArrival, eventHashAt, arrivals: HotStatement
    let logs, insertLog, updateLog, insertType: HotStatement
    let insertChange, putMeta: HotStatement

    // Agents
    let instance, instanceID, insertInstance, nameInstance: HotStatement
    let agentByKey, insertAgent, listAgent, agentKey, showAgent, setAvatar, profile, putProfile: HotStatement
    let profilesOf: HotStatement

    // Posts and comments
    let postByID, insertPost, putPost, insertRank, putRank, postID, shownPost, postVoteTarget: HotStatement
    let addCounts, addCommentCount: HotStatement
    let commentByID, commentID, insertComment, putComment, shownComment, commentVoteTarget,
        addCommentScore: HotStatement
    let postPage, commentPage: HotStatement
    let queue, unqueue, unindexPost, unindexComment: HotStatement

    // Votes and writes
    let insertVote, vote, putVote, scoreByOthers, votesOf: HotStatement
    let addWrite, writes, granted: HotStatement
    let addGroupKarma, addKarma, groupKarma: HotStatement

    // Group
    let genesis, putGenesis, known, putKnown, members, insertMember, clearMembers: HotStatement
    let root, putRoot, addCounters, setVisibility, setRankVisibility: HotStatement

    // What is decided
    let addAct, actsOfKind, actsOfKey, owners, moderators, bans, ban, putBan, removeBan: HotStatement
    let membership, memberships, putMembership, isMember, settings, setting, putSetting, removeSetting: HotStatement

    init(on connection: OpaquePointer) throws {
        func prepare(_ sql: String) throws -> HotStatement { try HotStatement(sql, on: connection) }
        savepoint = try prepare("SAVEPOINT event")
        releaseSavepoint = try prepare("RELEASE event")
        rollbackToSavepoint = try prepare("ROLLBACK TO event")

        insertEvent = try prepare(EventSQL.insert)
        eventAtPlace = try prepare(EventSQL.atPlace)
        eventAtArrival = try prepare(EventSQL.atArrival)
        eventHashAt = try prepare(EventSQL.hashAt)
        arrivals = try prepare(EventSQL.arrivals)
        logs = try prepare(EventSQL.logs)
        insertLog = try prepare(EventSQL.insertLog)
        updateLog = try prepare(EventSQL.updateLog)
        insertType = try prepare(EventSQL.insertType)
        insertChange = try prepare(EventSQL.insertChange)
        putMeta = try prepare(EventSQL.putMeta)

        instance = try prepare(AgentSQL.instance)
        instanceID = try prepare(AgentSQL.instanceID)
        insertInstance = try prepare(AgentSQL.insertInstance)
        nameInstance = try prepare(AgentSQL.nameInstance)
        agentByKey = try prepare(AgentSQL.byKey)
        insertAgent = try prepare(AgentSQL.insert)
        listAgent = try prepare(AgentSQL.list)
        agentKey = try prepare(AgentSQL.key)
        showAgent = try prepare(AgentSQL.show)
        setAvatar = try prepare(AgentSQL.setAvatar)
        profile = try prepare(AgentSQL.profile)
        putProfile = try prepare(AgentSQL.putProfile)
        profilesOf = try prepare(AgentSQL.profilesOf)

        postByID = try prepare(PostSQL.byID)
        insertPost = try prepare(PostSQL.insert)
        putPost = try prepare(PostSQL.put)
        insertRank = try prepare(PostSQL.insertRank)
        putRank = try prepare(PostSQL.putRank)
        postID = try prepare(PostSQL.id)
        shownPost = try prepare(PostSQL.shown)
        postVoteTarget = try prepare(PostSQL.voteTarget)
        addCounts = try prepare(PostSQL.addCounts)
        addCommentCount = try prepare(PostSQL.addCommentCount)
        commentByID = try prepare(CommentSQL.byID)
        commentID = try prepare(CommentSQL.id)
        insertComment = try prepare(CommentSQL.insert)
        putComment = try prepare(CommentSQL.put)
        shownComment = try prepare(CommentSQL.shown)
        commentVoteTarget = try prepare(CommentSQL.voteTarget)
        addCommentScore = try prepare(CommentSQL.addScore)
        postPage = try prepare(PostSQL.page)
        commentPage = try prepare(CommentSQL.page)
        queue = try prepare(PostSQL.queue)
        unqueue = try prepare(PostSQL.stillQueued)
        unindexPost = try prepare(SQLiteDialect.unindexPost)
        unindexComment = try prepare(SQLiteDialect.unindexComment)

        insertVote = try prepare(VoteSQL.insert)
        vote = try prepare(VoteSQL.get)
        putVote = try prepare(VoteSQL.put)
        scoreByOthers = try prepare(VoteSQL.scoreByOthers)
        votesOf = try prepare(VoteSQL.ofTarget)
        addWrite = try prepare(VoteSQL.addWrite)
        writes = try prepare(VoteSQL.writes)
        granted = try prepare(VoteSQL.granted)
        addGroupKarma = try prepare(VoteSQL.addGroupKarma)
        addKarma = try prepare(VoteSQL.addKarma)
        groupKarma = try prepare(VoteSQL.groupKarma)

        genesis = try prepare(GroupSQL.genesis)
        putGenesis = try prepare(GroupSQL.putGenesis)
        known = try prepare(GroupSQL.known)
        putKnown = try prepare(GroupSQL.putKnown)
        members = try prepare(GroupSQL.members)
        insertMember = try prepare(GroupSQL.insertMember)
        clearMembers = try prepare(GroupSQL.clearMembers)
        root = try prepare(GroupSQL.root)
        putRoot = try prepare(GroupSQL.putRoot)
        addCounters = try prepare(GroupSQL.addCounters)
        setVisibility = try prepare(PostSQL.setVisibility)
        setRankVisibility = try prepare(PostSQL.setRankVisibility)

        addAct = try prepare(DecidedSQL.addAct)
        actsOfKind = try prepare(DecidedSQL.actsOfKind)
        actsOfKey = try prepare(DecidedSQL.actsOfKey)
        owners = try prepare(DecidedSQL.owners)
        moderators = try prepare(DecidedSQL.moderators)
        bans = try prepare(DecidedSQL.bans)
        ban = try prepare(DecidedSQL.ban)
        putBan = try prepare(DecidedSQL.putBan)
        removeBan = try prepare(DecidedSQL.removeBan)
        membership = try prepare(DecidedSQL.membership)
        memberships = try prepare(DecidedSQL.memberships)
        putMembership = try prepare(DecidedSQL.putMembership)
        isMember = try prepare(DecidedSQL.isMember)
        settings = try prepare(DecidedSQL.settings)
        setting = try prepare(DecidedSQL.setting)
        putSetting = try prepare(DecidedSQL.putSetting)
        removeSetting = try prepare(DecidedSQL.removeSetting)
    }
}
