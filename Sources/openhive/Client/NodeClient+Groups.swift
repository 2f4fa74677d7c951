import HiveModel

/// A hive and the group it is replicated as; every hive has one, shared or not.
struct HiveGroup: Sendable, Hashable {
    var hive: String
    var group: String
}

extension NodeClient {
    private static var pageSize: Int { 100 }

    /// The groups of all hives on the server.
    func hiveGroups() async throws -> [HiveGroup] {
        var groups: [HiveGroup] = []
        while true {
            let page = try await get(
                "/api/v1/hives",
                query: [("limit", String(Self.pageSize)), ("offset", String(groups.count))]
            ).listed
            groups += page.compactMap { hive in
                guard let name = hive.text("name"), let group = hive.text("sync_group_id") else { return nil }
                return HiveGroup(hive: name, group: group)
            }
            guard page.count == Self.pageSize else { return groups }
        }
    }
}
