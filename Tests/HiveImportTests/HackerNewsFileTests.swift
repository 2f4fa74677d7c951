import HiveImport
import HiveModel
import Testing

@Suite("Reading Hacker News items")
struct HackerNewsFileTests {
    private func file(_ json: String) throws -> HackerNewsFile {
        try HackerNewsFile(parsing: Array(json.utf8))
    }

    private let story = #"{"by":"a1","id":1,"score":3,"time":100,"title":"T","type":"story","url":"https://x.y/"}"#

    @Test("A story is read with its time in milliseconds")
    func readsStory() throws {
        let item = try #require(try file("[\(story)]").items.first)
        #expect(item.id == 1)
        #expect(item.timeMs == 100_000)
        #expect(item.author == "a1")
        #expect(item.kind == .story(title: "T", url: "https://x.y/", score: 3))
    }

    @Test("One item a line works as an array does")
    func readsLines() throws {
        let other = story.replacing(#""id":1"#, with: #""id":2"#)
        let read = try file(story + "\n\n" + other + "\nnot json\n")
        #expect(read.items.map(\.id) == [1, 2])
        #expect(read.entryCount == 3)
        #expect(read.skipped[.malformed] == 1)
    }

    @Test(
        "What can't come in is counted by its reason",
        arguments: [
            (#"{"id":9,"deleted":true,"type":"story","time":1}"#, SkipReason.deleted),
            (#"{"id":9,"dead":true,"by":"ab","type":"story","time":1,"title":"T"}"#, .dead),
            (#"{"id":9,"by":"ab","type":"story","time":1}"#, .untitled),
            (#"{"id":9,"by":"ab","type":"story","time":1,"title":"  "}"#, .untitled),
            (#"{"id":9,"by":"ab","type":"pollopt","time":1,"text":"x"}"#, .otherType),
            (#"{"id":9,"by":"ab","type":"comment","time":1,"text":"x","parent":4}"#, .orphan),
            (#"{"id":9,"by":"ab","type":"comment","time":1,"parent":1}"#, .empty),
            (#"{"id":9,"by":"ab","type":"comment","time":1,"text":"<p>","parent":1}"#, .empty),
            (#"{"id":9,"by":"ab","type":"comment","time":1,"text":"x"}"#, .malformed),
            (#"{"id":1,"by":"ab","type":"story","time":1,"title":"again"}"#, .repeated),
            (#"{"id":"9","by":"ab","type":"story","time":1,"title":"T"}"#, .malformed),
            (#"{"id":-9,"by":"ab","type":"story","time":1,"title":"T"}"#, .malformed),
            (#"{"id":9,"by":7,"type":"story","time":1,"title":"T"}"#, .malformed),
            (#"{"id":9,"by":"","type":"story","time":1,"title":"T"}"#, .malformed),
            (#"{"id":9,"by":"ab","type":"story","time":"1","title":"T"}"#, .malformed),
            (#"{"id":9,"by":"ab","type":"story","time":-1,"title":"T"}"#, .malformed),
            (#"{"id":9,"by":"ab","type":"story","time":1,"title":7}"#, .malformed),
            (#"{"id":9,"by":"ab","type":"story","time":1,"title":"T","score":1.5}"#, .malformed),
            (#"{"id":9,"by":"ab","type":"story","time":1,"title":"T","dead":"no"}"#, .malformed),
            ("null", .malformed), ("7", .malformed), ("[]", .malformed), ("{}", .malformed),
        ]
    )
    func skips(item: String, reason: SkipReason) throws {
        let read = try file("[\(story),\(item)]")
        #expect(read.items.map(\.id) == [1])
        #expect(read.entryCount == 2)
        #expect(read.skipped.total == 1)
        #expect(read.skipped[reason] == 1)
    }

    @Test(
        "Bytes that are no JSON are refused as a whole",
        arguments: ["", "   ", "nonsense", "[", "[{\"id\":1,]", "[] trailing", "\"text\"", "[{\"a\":1,\"a\":2}]"]
    )
    func refuses(text: String) {
        #expect(throws: JSONError.self) { try file(text) }
    }

    @Test("Replies come after what they answer, whatever the order in the file")
    func ordersReplies() throws {
        let reply = #"{"by":"bb","id":3,"time":102,"type":"comment","parent":2,"text":"deep"}"#
        let first = #"{"by":"bb","id":2,"time":101,"type":"comment","parent":1,"text":"top"}"#
        let read = try file("[\(reply),\(story),\(first)]")
        #expect(read.items.map(\.id) == [1, 2, 3])
    }
}
