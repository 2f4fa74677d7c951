import HiveModel

/// How instances see one hive, side by side.
struct DemoComparison: Sendable {
    struct Side: Sendable {
        var name: String
        var group: JSONValue
        /// The first page, newest first.
        var newest: [JSONValue]
        /// The first page, best first.
        var best: [JSONValue]
    }

    /// The first is what the others are compared with; never empty.
    var sides: [Side]

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

    private var groups: [JSONValue] { sides.map(\.group) }

    var areHeadsEqual: Bool {
        groups.first?["heads"] != nil
            && groups.allSatisfy {
                $0["heads"] == groups[0]["heads"] && $0.text("heads_digest") == groups[0].text("heads_digest")
            }
    }

    var areRootsEqual: Bool {
        groups.first?.text("state_root") != nil
            && groups.allSatisfy { $0.text("state_root") == groups[0].text("state_root") }
    }

    var areFeedsEqual: Bool {
        sides.first?.newest.isEmpty == false
            && sides.allSatisfy { side in
                Self.shown(side.newest) == Self.shown(sides[0].newest)
                    && Self.shown(side.best) == Self.shown(sides[0].best)
            }
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
        let counts = sides.map { TableWriter.Column("EVENTS ON \($0.name)", .right) }
        var heads = TableWriter([.init("LOG OF"), .init("EPOCH", .right)] + counts + [.init("HEAD")])
        for member in groups.first?["members"]?.array ?? [] {
            let id = member.text("instance_id") ?? ""
            let own = groups.map { $0["heads"]?[id] }
            let hash = own[0]?.text("hash")
            let isSame = own.allSatisfy { $0?.text("hash") == hash }
            heads.add(
                cells: [member.text("name") ?? id, own[0]?.number("epoch").map(String.init)]
                    + own.map { $0?.number("seq").map(Readable.count) }
                    + [isSame ? hash.map { String($0.prefix(16)) } : "differs"]
            )
        }
        var roots = TableWriter([.init("INSTANCE"), .init("STATE ROOT", widthMax: 70)])
        for side in sides { roots.add(side.name, side.group.text("state_root")) }
        return heads.lines + [""] + roots.lines
    }

    func feedLines(of side: Side, now: Int64) -> [String] {
        Feed.table(side.newest, now: now, showsHive: false).lines + [""]
            + Feed.table(side.best, now: now, showsHive: false).lines
    }

    var json: JSONValue {
        .record([
            "equal": .bool(isEqual), "heads_equal": .bool(areHeadsEqual), "roots_equal": .bool(areRootsEqual),
            "feeds_equal": .bool(areFeedsEqual), "heads": groups.first?["heads"],
            "state_roots": .array(groups.map { $0["state_root"] ?? .null }),
        ])
    }
}
