import HiveHTTP
import HiveModel
import HivePorts

/// A vote as sent and as answered.
enum VoteShape {
    static let fields = [Field("value", .literals([1, -1]))]

    static let reply = Schema.object([
        Field("score", .integer()),
        Field("user_vote", .nullable(.literals([1, -1])), "Null where the vote was taken back"),
    ])

    static func writer(_ result: VoteResult) -> JSONWriter {
        var writer = JSONWriter(capacity: 64)
        writer.beginObject()
        writer.member("score", result.score)
        writer.member("user_vote", result.userVote)
        writer.endObject()
        return writer
    }
}
