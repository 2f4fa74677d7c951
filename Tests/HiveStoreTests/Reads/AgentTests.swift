import HiveModel
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@Suite("Accounts and hives", .opensFiles)
struct AgentTests {
    private let home = founder()

    private func account(_ name: String, isAdmin: Bool = false) -> NewAccount {
        NewAccount(
            key: AgentKey(instance: home.id, agent: home.entity("agent-\(name)")),
            name: name,
            description: "I am \(name)",
            metadataJSON: "{}",
            isAdmin: isAdmin,
            createdAtMs: 5
        )
    }

    @Test("An account is known by name, by id and by its key")
    func accounts() async throws {
        let test = try TestStore()
        let hash = [UInt8](repeating: 9, count: 32)
        let identity = try test.store.write { transaction in
            try transaction.setInstance(home.id, name: "Home")
            let identity = try transaction.createAccount(account("local", isAdmin: true))
            try transaction.addKey(agent: identity.row, hash: hash, name: "first", nowMs: 6)
            #expect(try transaction.agent(row: identity.row)?.name == "local")
            return identity
        }
        #expect(try await test.store.agent(apiKeyHash: hash) == identity)
        #expect(try await test.store.agent(apiKeyHash: [1]) == nil)
        #expect(try await test.store.localAdmin() == identity)
        let view = try #require(try await test.store.agent(named: "local"))
        #expect(view.isLocal && view.isAdmin && view.isVerified)
        #expect(view.instanceName == "Home")
        #expect(view.description == "I am local")
        #expect(try await test.store.agent(named: view.id) == view)
        #expect(try await test.store.agent(named: "local@\(home.id.prefix.rawValue)") == view)
        #expect(try await test.store.agent(named: "local@nobody") == nil)
        #expect(try await test.store.agent(named: "Local") == nil)
    }

    @Test("A taken name is a conflict and changes nothing")
    func conflict() async throws {
        let test = try TestStore()
        try test.store.write { _ = try $0.createAccount(account("ann")) }
        let error = #expect(throws: HiveError.self) {
            try test.store.write { transaction in
                var other = account("ann")
                other.key.agent = home.entity("agent-other")
                _ = try transaction.createAccount(other)
            }
        }
        #expect(error?.code == .conflict)
        #expect(try await test.store.agents(instance: "all", limit: 10, offset: 0).total == 1)
    }

    @Test("An account keeps the karma its agent got before it was made here again")
    func restoredAccount() async throws {
        let test = try TestStore()
        var home = home
        home.post("p1", by: "ann")
        home.vote(1, home.entity("p1"), by: "bob")
        try test.publish(home, hive: "engineering")
        try test.store.write { _ = try $0.createAccount(account("ann")) }
        #expect(try await test.store.agent(named: "ann")?.karma == 1)
        #expect(try await test.store.agents(instance: "local", limit: 10, offset: 0).rows.map(\.name) == ["ann"])
    }

    @Test("Changes touch what they name")
    func update() async throws {
        let test = try TestStore()
        let row = try test.store.write { try $0.createAccount(account("ann")).row }
        try test.store.write { transaction in
            try transaction.updateAccount(row, AgentChange(avatarURL: .some("https://example.org/a")), nowMs: 9)
        }
        var view = try #require(try await test.store.agent(named: "ann"))
        #expect(view.avatarURL == "https://example.org/a")
        #expect(view.description == "I am ann")
        try test.store.write { transaction in
            try transaction.updateAccount(row, AgentChange(description: .some(nil), avatarURL: .some(nil)), nowMs: 9)
        }
        view = try #require(try await test.store.agent(named: "ann"))
        #expect(view.avatarURL == nil)
        #expect(view.description == nil)
    }

    @Test("Lists page, newest first, by instance")
    func lists() async throws {
        let test = try TestStore()
        try test.store.write { transaction in
            for number in 0..<7 { _ = try transaction.createAccount(account("agent\(number)")) }
        }
        let page = try await test.store.agents(instance: "local", limit: 3, offset: 2)
        #expect(page.rows.map(\.name) == ["agent4", "agent3", "agent2"])
        #expect(page.total == 7)
        #expect(try await test.store.agents(instance: home.id.rawValue, limit: 3, offset: 6).rows.count == 1)
        let error = await #expect(throws: HiveError.self) {
            try await test.store.agents(instance: "everywhere", limit: 1, offset: 0)
        }
        #expect(error?.code == .badRequest)
    }

    @Test("A hive's name is taken once, and its genesis says what it is")
    func hives() async throws {
        let test = try TestStore()
        let other = founder("other", hive: "engineering", seed: 8)
        try test.publish(home, hive: "engineering")
        let error = #expect(throws: HiveError.self) { try test.publish(other, hive: "engineering") }
        #expect(error?.code == .conflict)
        let hive = try #require(try await test.store.hive(named: "engineering", viewer: .anonymous))
        #expect(hive.description == "About engineering")
        #expect(hive.ownerID == home.agent("owner").key.agent.rawValue)
        #expect(hive.groupID == home.group?.rawValue)
        let owner = try test.viewer("owner", home)
        let identity = try #require(owner.agent)
        #expect(try await test.store.role(of: identity, inHive: "engineering") == "owner")
        #expect(try await test.store.hive(named: "nothing", viewer: owner) == nil)
        try await #expect(test.store.group(ofHive: "engineering") == home.group)
    }

    @Test("A reply to an idempotency key is kept, replaced by a later one, and forgotten in time")
    func replies() async throws {
        let test = try TestStore()
        let key = IdempotencyKey(subject: "agent:a", target: "POST /posts", key: "k")
        let other = IdempotencyKey(subject: "agent:b", target: "POST /posts", key: "k")
        func row(_ status: Int, atMs: Int64) -> ReplyRow {
            let reply = StoredReply(status: status, contentType: "application/json", body: Array("{}".utf8))
            return ReplyRow(requestHash: [1], reply: reply, createdAtMs: atMs)
        }
        try test.store.write { try $0.putReply(row(201, atMs: 100), for: key) }
        #expect(try await test.store.reply(for: key) == row(201, atMs: 100))
        #expect(try await test.store.reply(for: other) == nil)
        try test.store.write { transaction in
            try transaction.putReply(row(400, atMs: 200), for: key)
            try transaction.pruneReplies(before: 200)
        }
        #expect(try await test.store.reply(for: key) == row(400, atMs: 200))
        try test.store.write { try $0.pruneReplies(before: 201) }
        #expect(try await test.store.reply(for: key) == nil)
    }
}
