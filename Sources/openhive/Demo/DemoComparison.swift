import HiveModel

/// Two instances' views of one hive, side by side.
struct DemoComparison: Sendable {
    struct Side: Sendable {
        var name: String
        var group: JSONValue
        /// The first page, newest first.
        var newest: [JSONValue]
        /// The first page, best first.
        var best: [JSONValue]
    }

    var left: Side
    var right: Side

    static func side(_ name: String, client: NodeClient, group: String, hive: String) async throws -> Side {
        Side(
            name: name,
            group: try await client.get("/api/v1/sync/groups/\(NodeClient.part(group))"),
            newest: try await page("new", client, hive),
            best: try await page("top", client, hive)
        )
    }

    private static func page(_ sort: String, _ client: NodeClient, _ hive: String) async throws -> [JSONValue] {
        try await client.get(
            "/api/v1/hives/\(NodeClient.part(hive))/feed",
            query: [("sort", sort), ("limit", "10")]
        ).listed
    }

    var areHeadsEqual: Bool {
        left.group["heads"].map { $0 == right.group["heads"] } ?? false
            && left.group.text("heads_digest") == right.group.text("heads_digest")
    }

    var areRootsEqual: Bool {
        left.group.text("state_root") != nil && left.group.text("state_root") == right.group.text("state_root")
    }

    var areFeedsEqual: Bool {
        !left.newest.isEmpty && Self.shown(left.newest) == Self.shown(right.newest)
            && Self.shown(left.best) == Self.shown(right.best)
    }

    var isEqual: Bool { areHeadsEqual && areRootsEqual && areFeedsEqual }

    /// What a reader sees of a post, without what is each instance's own (the hive's local id).
    private static func shown(_ feed: [JSONValue]) -> [[JSONValue?]] {
        feed.map { post in
            [
                post["id"], post["title"], post["content"], post["url"], post["score"], post["comment_count"],
                post["created_at"], post["is_pinned"], post["author"]?["id"], post["author"]?["name"],
            ]
        }
    }

    var lines: [String] {
        var heads = TableWriter([
            .init("LOG OF"), .init("EPOCH", .right), .init("EVENTS ON \(left.name)", .right),
            .init("EVENTS ON \(right.name)", .right), .init("HEAD ON \(left.name)"), .init("HEAD ON \(right.name)"),
        ])
        for member in left.group["members"]?.array ?? [] {
            let id = member.text("instance_id") ?? ""
            let mine = left.group["heads"]?[id]
            let theirs = right.group["heads"]?[id]
            heads.add(
                id == left.group.text("owner_instance_id") ? left.name : member.text("name") ?? id,
                mine?.number("epoch").map(String.init),
                mine?.number("seq").map(Readable.count),
                theirs?.number("seq").map(Readable.count),
                mine?.text("hash").map { String($0.prefix(16)) },
                theirs?.text("hash").map { String($0.prefix(16)) }
            )
        }
        var roots = TableWriter([.init("INSTANCE"), .init("STATE ROOT", widthMax: 70)])
        for side in [left, right] { roots.add(side.name, side.group.text("state_root")) }
        return heads.lines + [""] + roots.lines
    }

    func feedLines(of side: Side, now: Int64) -> [String] {
        Feed.table(side.newest, now: now, showsHive: false).lines + [""]
            + Feed.table(side.best, now: now, showsHive: false).lines
    }

    var json: JSONValue {
        .record([
            "equal": .bool(isEqual), "heads_equal": .bool(areHeadsEqual), "roots_equal": .bool(areRootsEqual),
            "feeds_equal": .bool(areFeedsEqual), "heads": left.group["heads"],
            "state_roots": .array([left, right].map { $0.group["state_root"] ?? .null }),
        ])
    }
}
