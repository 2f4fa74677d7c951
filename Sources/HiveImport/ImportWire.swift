import HiveModel
public import HivePorts

/// The body of `POST /api/v1/admin/import`: `{"hive", "items": [...]}`, each item with its `type` and the fields of
/// `ImportItem` in snake case.
public enum ImportWire {
    public static func body(hive: String, items: [ImportItem]) -> [UInt8] {
        JSONWriter.bytes(ImportBody(hive: hive, items: items))
    }
}

private struct ImportBody: JSONWritable {
    var hive: String
    var items: [ImportItem]

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("hive")
        writer.string(hive)
        writer.key("items")
        writer.beginArray()
        for item in items { Self.write(item, to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    private static func write(_ item: ImportItem, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        switch item {
        case .agent(let name):
            writer.string("agent")
            member("name", name, &writer)
        case .post(let key, let author, let title, let content, let url, let createdAtMs):
            writer.string("post")
            member("key", key, &writer)
            member("author", author, &writer)
            member("title", title, &writer)
            member("content", content, &writer)
            member("url", url, &writer)
            writer.key("created_at_ms")
            writer.int(createdAtMs)
        case .comment(let key, let post, let parent, let author, let content, let createdAtMs):
            writer.string("comment")
            member("key", key, &writer)
            member("post", post, &writer)
            member("parent", parent, &writer)
            member("author", author, &writer)
            member("content", content, &writer)
            writer.key("created_at_ms")
            writer.int(createdAtMs)
        case .vote(let kind, let key, let voter, let value):
            writer.string("vote")
            member("kind", kind.rawValue, &writer)
            member("key", key, &writer)
            member("voter", voter, &writer)
            writer.key("value")
            writer.int(value)
        }
        writer.endObject()
    }

    private static func member(_ key: StaticString, _ text: String?, _ writer: inout JSONWriter) {
        guard let text else { return }
        writer.key(key)
        writer.string(text)
    }
}
