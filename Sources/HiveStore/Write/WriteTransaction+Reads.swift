public import HivePorts
public import HiveSync

/// The read models as they will be after the commit, for replies and for rules checked while writing.
extension WriteTransaction {
    /// Nil where there is none; `.forbidden` where it is private to others.
    public func hive(named name: String, viewer: Viewer) throws -> HiveView? {
        try HiveReads.hive(named: name, ViewerScope(viewer, reader), reader)?.view
    }

    /// Nil where unknown or deleted; `.forbidden` where it is private to others.
    public func post(id: String, viewer: Viewer) throws -> PostView? {
        try core.flushCounts()
        try core.flushKarma()
        return try PostReads.post(id: id, ViewerScope(viewer, reader), reader)?.view
    }

    /// Nil where unknown, deleted, or not for the viewer.
    public func post(row: RowNumber, viewer: Viewer) throws -> PostView? {
        try core.flushCounts()
        try core.flushKarma()
        return try PostReads.post(row: row, ViewerScope(viewer, reader), reader)?.view
    }

    /// Nil where unknown or deleted; `.forbidden` where it is private to others.
    public func comment(id: String, viewer: Viewer) throws -> CommentView? {
        try core.flushCounts()
        try core.flushKarma()
        return try CommentReads.comment(id: id, ViewerScope(viewer, reader), reader)
    }

    /// Nil where unknown, deleted, or not for the viewer.
    public func comment(row: RowNumber, viewer: Viewer) throws -> CommentView? {
        try core.flushCounts()
        try core.flushKarma()
        return try CommentReads.comment(row: row, ViewerScope(viewer, reader), reader)
    }

    public func agent(row: RowNumber) throws -> AgentView? {
        try core.flushKarma()
        return try AgentReads.agent(row: row, reader)
    }

    /// By local name, `name@<instance prefix>` or id; nil where unknown.
    public func agent(named name: String) throws -> AgentView? {
        try core.flushKarma()
        return try AgentReads.agent(named: name, reader)
    }

    /// What an agent is in a hive; `.notFound` where there is none of that name.
    public func standing(of agent: RowNumber, inHive name: String) throws -> HiveStanding {
        try GovernanceQueries.standing(of: agent, inHive: name, reader)
    }
}
