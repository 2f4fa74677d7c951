import GRDB
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Query plans", .opensFiles)
struct QueryPlanTests {
    private func plan(_ sql: String, _ test: TestStore) throws -> [String] {
        try test.store.withCore { core in
            let statement = try core.connection.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            let parameters = sql.count { $0 == "?" }
            let arguments = StatementArguments(Array(repeating: DatabaseValue.null, count: parameters))
            return try Row.fetchAll(statement, arguments: arguments).map { $0["detail"] }
        }
    }

    /// Steps that read a whole table, or sort what an index should have sorted.
    private func faults(_ plan: [String]) -> [String] {
        plan.filter { step in
            // The view's own rows, which come one by one from the steps listed before.
            if step == "SCAN hive_members", plan.contains("CO-ROUTINE hive_members") { return false }
            return (step.hasPrefix("SCAN") && !step.hasPrefix("SCAN CONSTANT ROW")) || step.contains("TEMP B-TREE")
        }
    }

    @Test("No statement of the writer scans a table or sorts")
    func writer() throws {
        let test = try TestStore()
        // A group's few rows, and FTS5's own commands.
        let exempt: Set<String> = ["known", "members", "unindexPost", "unindexComment"]
        let statements = try test.store.withCore { core in
            Mirror(reflecting: core.statements).children.compactMap { child in
                (child.value as? HotStatement).map { (child.label ?? "", $0.sql) }
            }
        }
        #expect(statements.count > 50)
        for (name, sql) in statements
        where !exempt.contains(name) && !sql.contains("SAVEPOINT") && sql != "RELEASE event" {
            #expect(faults(try plan(sql, test)) == [], "\(name)")
        }
    }

    @Test("Feeds walk indexes in their order, and by score read nothing else")
    func feeds() throws {
        let test = try TestStore()
        for sql in [FeedSQL.hiveNew, FeedSQL.allNew, FeedSQL.hiveTop, FeedSQL.allTop] {
            let plan = try plan(sql, test)
            #expect(faults(plan) == [], "\(sql)")
            #expect(plan.count == 1)
        }
        for sql in [FeedSQL.hiveTop, FeedSQL.allTop] {
            let plan = try plan(sql, test)
            #expect(plan.allSatisfy { $0.contains("COVERING INDEX") }, "\(plan)")
        }
        for sql in [FeedSQL.countHiveSince, FeedSQL.countAllSince] {
            #expect(faults(try plan(sql, test)) == [])
        }
    }

    @Test(
        "Reads of one thing use an index",
        arguments: [
            ("agentByRow", ReadSQL.agentByRow), ("agentByID", ReadSQL.agentByID),
            ("localAgentByName", ReadSQL.localAgentByName), ("listedAgentsByName", ReadSQL.listedAgentsByName),
            ("agentsOfInstance", ReadSQL.agentsOfInstance), ("searchAgents", ReadSQL.searchAgents),
            ("hiveByName", ReadSQL.hiveByName), ("groupOfHive", ReadSQL.groupOfHive),
            ("hiveOfGroup", ReadSQL.hiveOfGroup), ("postByRow", ReadSQL.postByRow), ("postsByID", ReadSQL.postsByID),
            ("postPlace", ReadSQL.postPlace), ("eventHash", ReadSQL.eventHash),
            ("commentsOfPost", ReadSQL.commentsOfPost), ("commentsByID", ReadSQL.commentsByID),
            ("commentByRow", ReadSQL.commentByRow), ("parentOf", ReadSQL.parentOf),
            ("commentPlace", ReadSQL.commentPlace), ("postsOfGroup", ReadSQL.postsOfGroup),
            ("identityByKey", AgentSQL.identityByKey), ("identityByName", AgentSQL.identityByName),
            ("vote", VoteSQL.get), ("pseudonyms", VoteSQL.pseudonyms), ("pseudonym", VoteSQL.pseudonym),
            ("run", EventSQL.run), ("arrivals", EventSQL.arrivals),
            ("atArrival", EventSQL.atArrival), ("lastArrival", EventSQL.lastArrival),
            ("changesAfter", EventSQL.changesAfter), ("pruneChanges", EventSQL.pruneChanges),
            ("lastChange", EventSQL.lastChange), ("queueEnd", "SELECT target FROM fts_queue ORDER BY target LIMIT 5"),
            ("indexPosts", SQLiteDialect.indexPosts), ("indexComments", SQLiteDialect.indexComments),
            ("session", PeerSQL.sessionByToken), ("invite", PeerSQL.invite), ("reply", PeerSQL.reply),
            ("pruneReplies", PeerSQL.pruneReplies), ("agentByKey", ReadSQL.agentByKey),
            ("privateGroupsOf", ReadSQL.privateGroupsOf), ("recountMembers", GroupSQL.recountMembers),
            ("role", GovernanceSQL.role), ("standing", GovernanceSQL.standing), ("edits", GovernanceSQL.edits),
        ]
    )
    func reads(name: String, sql: String) throws {
        let test = try TestStore()
        // Ordered by the primary key, from its beginning.
        let ordered: Set<String> = ["queueEnd"]
        let found = faults(try plan(sql, test)).filter { !($0.hasPrefix("SCAN") && ordered.contains(name)) }
        #expect(found == [], "\(name)")
    }

    @Test("Lists of agents, hives and search hits walk in their order without sorting")
    func lists() throws {
        let test = try TestStore()
        let searches = [SQLiteDialect.findPosts, SQLiteDialect.findComments]
        for sql in [ReadSQL.localAgents, ReadSQL.allAgents, ReadSQL.hives] + searches {
            let plan = try plan(sql, test)
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }
}
