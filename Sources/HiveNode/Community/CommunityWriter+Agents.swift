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
        var policy = defaults
        if let given = hive.admission {
            guard let admission = GroupPolicy.Admission(rawValue: given) else {
                throw HiveError(.badRequest, "sync.admission is owner or members, not \(given).")
            }
            policy.admission = admission
        }
        let rules = policy
        return try await perform { turn in try turn.createHive(hive, by: agent, policy: rules) }
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
    func createHive(_ hive: NewHive, by agent: AgentIdentity, policy: GroupPolicy) throws -> HiveView {
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
            policy: policy,
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
        _ = try actor(view, in: group)
        return try self.hive(hive.name, viewer: .admin(agent))
    }
}
