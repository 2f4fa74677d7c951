public import HivePorts

extension HiveStore: GovernanceReads {
    public func members(
        ofHive name: String,
        viewer: Viewer,
        limit: Int,
        offset: Int
    ) async throws -> Page<HiveMember> {
        try await read(hive: name, viewer) { hive, reader in
            try GovernanceQueries.members(hive, limit: limit, offset: offset, reader)
        }
    }

    public func applicants(
        ofHive name: String,
        viewer: Viewer,
        limit: Int,
        offset: Int
    ) async throws -> Page<HiveMember> {
        try await read(hive: name, viewer) { hive, reader in
            try GovernanceQueries.applicants(hive, limit: limit, offset: offset, reader)
        }
    }

    public func standing(of agent: Int64, inHive name: String) async throws -> HiveStanding {
        try await read { try GovernanceQueries.standing(of: agent, inHive: name, $0) }
    }

    public func moderators(ofHive name: String, viewer: Viewer) async throws -> [HiveModerator] {
        try await read(hive: name, viewer) { hive, reader in try GovernanceQueries.moderators(hive, reader) }
    }

    public func bans(ofHive name: String, viewer: Viewer, limit: Int, offset: Int) async throws -> Page<HiveBan> {
        try await read(hive: name, viewer) { hive, reader in
            try GovernanceQueries.bans(hive, limit: limit, offset: offset, reader)
        }
    }

    public func settings(ofHive name: String, viewer: Viewer) async throws -> HiveSettingsView {
        try await read(hive: name, viewer) { hive, reader in try GovernanceQueries.settings(hive, reader) }
    }

    public func history(ofPost id: String, viewer: Viewer) async throws -> [PostRevision]? {
        try await read { reader in
            try HistoryReads(reader: reader, scope: ViewerScope(viewer, reader)).revisions(ofPost: id)
        }
    }

    public func moderationLog(
        ofHive name: String,
        viewer: Viewer,
        limit: Int,
        offset: Int
    ) async throws -> [ModerationEntry] {
        try await read(hive: name, viewer) { hive, reader in
            try ModerationReads(hive, reader).entries(limit: limit, offset: offset)
        }
    }

    public func conflicts(inGroup id: String) async throws -> [SettingConflict] {
        try await read { try ConflictReads.conflicts(inGroup: id, $0) }
    }

    private func read<T: Sendable>(
        hive name: String,
        _ viewer: Viewer,
        _ body: @Sendable @escaping (HiveRow, Reader) throws -> T
    ) async throws -> T {
        try await read { reader in
            try body(try HiveReads.existingHive(named: name, ViewerScope(viewer, reader), reader), reader)
        }
    }
}
