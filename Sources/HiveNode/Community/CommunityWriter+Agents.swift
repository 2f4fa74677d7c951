import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync

extension CommunityWriter {
    func registerAgent(_ agent: NewAgent) async throws -> RegisteredAgent {
        let key = RandomText.apiKey()
        let hash = local.crypto.sha256(Array(key.utf8)).bytes
        let id = nextID()
        return try await perform { turn in
            let identity = try turn.createAccount(agent, id: id)
            if let code = agent.inviteCode { try turn.redeem(agentInvite: code, for: identity.id) }
            var transaction = turn.transaction
            try transaction.addKey(agent: identity.row, hash: hash, name: "first", nowMs: turn.nowMs)
            return RegisteredAgent(agent: try turn.agentView(identity.row), apiKey: key)
        }
    }

    func updateAgent(_ agent: AgentIdentity, _ change: AgentChange) async throws -> AgentView {
        try await writer.perform { turn in
            var transaction = turn.transaction
            try transaction.updateAccount(agent.row, change, nowMs: turn.nowMs)
            let view = try turn.agentView(agent.row)
            if change.avatarURL != nil { try turn.spreadProfile(of: view) }
            return try turn.agentView(agent.row)
        }
    }

    func createHive(_ hive: NewHive, by agent: AgentIdentity) async throws -> HiveView {
        let founding = try Founding(hive.rules, defaults: defaults)
        return try await perform { turn in try turn.createHive(hive, by: agent, founding) }
    }
}

extension WriteTurn {
    func agentView(_ row: Int64) throws -> AgentView {
        guard let view = try transaction.agent(row: row) else {
            throw HiveError(.notFound, "There is no such agent here.")
        }
        return view
    }

    func createAccount(_ agent: NewAgent, id: EntityID) throws -> AgentIdentity {
        var transaction = transaction
        return try transaction.createAccount(
            NewAccount(
                key: AgentKey(instance: local.instance, agent: id),
                name: agent.name,
                description: agent.description,
                metadataJSON: agent.metadataJSON,
                isAdmin: agent.isAdmin,
                createdAtMs: nowMs
            )
        )
    }

    /// Founds a group of one and gives it its hive.
    func createHive(_ hive: NewHive, by agent: AgentIdentity, _ founding: Founding) throws -> HiveView {
        guard try transaction.group(ofHive: hive.name) == nil else {
            throw HiveError(.conflict, "There is a hive named \(hive.name) already.")
        }
        let view = try agentView(agent.row)
        let owner = AgentKey(instance: local.instance, agent: try entityID(view.id))
        let genesis = GenesisDraft(
            groupName: hive.name,
            hive: HiveDescription(
                name: hive.name,
                description: hive.description,
                isPublic: hive.isPublic,
                createdAtMs: nowMs
            ),
            // The roster shows the owner's instance by this name; the agent's own comes with its profile.
            owner: AgentSnapshot(key: owner, name: local.name, avatarURL: nil),
            policy: founding.policy,
            successors: founding.successors,
            quorum: founding.quorum,
            nonce: RandomText.nonce()
        )
        let event = try local.found(genesis, wallMs: nowMs)
        let group = event.groupID
        var transaction = transaction
        try transaction.createGroup(group, isShared: false, status: "active", createdAtMs: nowMs)
        let row = NewHiveRow(
            id: RandomText.nanoid(),
            name: hive.name,
            description: hive.description,
            isPublic: hive.isPublic,
            settingsJSON: hive.settingsJSON,
            owner: agent.row,
            createdAtMs: nowMs
        )
        try transaction.createHive(row, group: group)
        let outcome = try admit([event], in: group)
        guard outcome.inserted == 1 else {
            let why = outcome.rejected.first?.reason ?? "it was not taken"
            throw HiveError(.internalFault, "The first event of the hive \(hive.name) was refused: \(why)")
        }
        let founder = Governor(agent: try actor(view, in: group), rank: .owner)
        // Other instances learn settings from events alone.
        try put(try Self.settings(hive.settingsJSON).map { ($0.key, $0.value) }, by: founder, in: group)
        return try self.hive(hive.name, viewer: .admin(agent))
    }
}

/// What a group is founded on.
struct Founding {
    var policy: GroupPolicy
    var successors: [PublicKey] = []
    var quorum: Int64 = 0

    init(policy: GroupPolicy) {
        self.policy = policy
    }

    /// Throws `HiveError(.badRequest)` for rules no group can have.
    init(_ rules: GroupRules, defaults: GroupPolicy) throws {
        policy = defaults
        if let text = rules.admission {
            guard let admission = GroupPolicy.Admission(rawValue: text) else {
                throw HiveError(.badRequest, "sync.admission is owner or members, not \(text).")
            }
            policy.admission = admission
        }
        if let text = rules.votePrivacy {
            guard let privacy = GroupPolicy.VotePrivacy(rawValue: text) else {
                throw HiveError(.badRequest, "sync.vote_privacy is open or pseudonymous, not \(text).")
            }
            policy.votePrivacy = privacy
        }
        for text in rules.successors {
            guard let key = PublicKey(base64: text) else {
                throw HiveError(.badRequest, "sync.successors: \(text) is no Ed25519 key in base64.")
            }
            if !successors.contains(key) { successors.append(key) }
        }
        guard successors.count <= Limits.successorsMax else {
            throw HiveError(.badRequest, "sync.successors: at most \(Limits.successorsMax).")
        }
        guard let asked = rules.quorum else {
            quorum = Int64(successors.count)
            return
        }
        guard asked > 0, asked <= successors.count else {
            throw HiveError(.badRequest, "sync.quorum is 1 to the number of successors.")
        }
        quorum = asked
    }
}
