import HiveHTTP
import HiveModel
import HivePorts

/// The query parameters that choose posts.
enum PostQueryShape {
    static let hive = Route.Parameter.query("hive", .string(min: 1), "Only posts of this hive.")

    static let paging: [Route.Parameter] = [
        .query("sort", .options(PostSort.allCases.map(\.rawValue)), "The order.", defaultText: "hot"),
        .query("limit", .integer(min: 1, max: 100), "Rows of a page.", defaultText: "25"),
        Lists.offset,
    ]

    static let walking: [Route.Parameter] = [
        .query(
            "since",
            .string(format: .dateTime),
            "Only posts created at or after this time, `2026-01-31T12:00:00Z`."
        ),
        .query(
            "cursor",
            .string(min: 1, max: 200),
            "`next_cursor` of the page before; for `sort=new`, which is the default where a cursor is sent."
        ),
    ]

    /// Reads what routes with these parameters declare.
    static func query(_ values: QueryValues, hive: String? = nil, wantsTotal: Bool) throws -> PostQuery {
        let cursor = values.string("cursor")
        let sort = values.string("sort").flatMap(PostSort.init) ?? (cursor == nil ? .hot : .new)
        guard cursor == nil || sort == .new else {
            throw ValidationError([.custom("A cursor goes with sort=new only", path: [.key("cursor")])])
        }
        let (limit, offset) = Lists.bounds(values, limit: 25)
        return PostQuery(
            hive: (hive ?? values.string("hive"))?.lowercased(),
            sort: sort,
            limit: limit,
            offset: offset,
            sinceMs: values.string("since").flatMap(ISOTime.milliseconds),
            cursor: cursor,
            wantsTotal: wantsTotal
        )
    }
}
