import HiveHTTP
import HiveModel
import HivePorts
import Hummingbird

/// A page `{data, total, limit, offset}`.
enum Lists {
    static func schema(of row: Schema) -> Schema {
        .object([
            Field("data", .array(of: row, minCount: 0)),
            Field("total", .count, "All rows that the filter and the caller's rights allow"),
            Field("limit", .count),
            Field("offset", .count),
        ])
    }

    static let limit = Route.Parameter.query(
        "limit",
        .integer(min: 1, max: 100, clampsAtMax: true),
        "Rows of a page, at most 100.",
        defaultText: "50"
    )

    static let offset = Route.Parameter.query("offset", .integer(min: 0), "Rows to skip.", defaultText: "0")

    /// Limit and offset of a query, with the default limit given.
    static func bounds(_ query: QueryValues, limit: Int64 = 50) -> (limit: Int, offset: Int) {
        (Int(query.integer("limit") ?? limit), Int(query.integer("offset") ?? 0))
    }

    static func response<Row>(
        _ page: Page<Row>,
        limit: Int,
        offset: Int,
        write: (Row, inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter(capacity: 512 * (page.rows.count + 1))
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for row in page.rows { write(row, &writer) }
        writer.endArray()
        writer.member("total", page.total)
        writer.member("limit", Int64(limit))
        writer.member("offset", Int64(offset))
        writer.endObject()
        return .json(writer)
    }
}
