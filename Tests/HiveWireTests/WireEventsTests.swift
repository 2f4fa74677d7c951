import HiveModel
import HiveSync
import HiveTestKit
import HiveWire
import Testing

@Suite("Lists and streams of events")
struct WireEventsTests {
    private let group = WireSamples.group
    private let crypto = WireSamples.crypto
    private let events: [Event]
    private let lines: [UInt8]

    init() {
        var history = RandomHistory(SeededGenerator(seed: 3))
        var cluster = WireSamples.cluster
        history.write(60, into: &cluster)
        events = cluster.events
        lines = cluster.events.flatMap { $0.wireBytes() + [0x0A] }
    }

    private func parse(_ body: [UInt8]) throws -> [Event] {
        let request = try PushRequest(parsing: body)
        return try WireEvents.parse(request.body, at: request.events, group: group, crypto)
    }

    @Test("A push body gives back its events, sequence number and heads")
    func push() throws {
        let body = PushRequest.body(lines: lines, senderSeq: 4_828, heads: WireSamples.heads)
        let request = try PushRequest(parsing: body)
        #expect(request.senderSeq == 4_828)
        #expect(request.heads == WireSamples.heads)
        #expect(request.events.count == events.count)
        #expect(try parse(body) == events)
        #expect(try PushRequest(parsing: PushRequest.body(lines: [], senderSeq: 0, heads: nil)).events.isEmpty)
    }

    @Test("Blanks, order and unknown members don't matter")
    func spacedPush() throws {
        let event = String(decoding: events[0].wireBytes(), as: UTF8.self)
        let body = """
             { "trace" : {"events":[1,2,{"]":"}"}]} , "sender_seq" : 7 ,
            "events" : [ \(event) ,\n\(event)] , "heads" : null }\u{20}
            """
        let request = try PushRequest(parsing: Array(body.utf8))
        #expect(request.senderSeq == 7)
        #expect(request.heads == nil)
        #expect(request.events.count == 2)
        #expect(try parse(Array(body.utf8)) == [events[0], events[0]])
    }

    @Test(
        "A bad event is named by its index, whatever is wrong with it",
        arguments: [
            "{}", "[]", "7", "\"event\"", "null", "{\"v\":1", "{\"v\":2}", "{\"v\":1}",
        ]
    )
    func badEvent(text: String) throws {
        let parts = events.prefix(3).map { String(decoding: $0.wireBytes(), as: UTF8.self) } + [text]
        let body = Array("{\"events\":[\(parts.joined(separator: ","))],\"sender_seq\":1}".utf8)
        let error = #expect(throws: WireError.self) { try parse(body) }
        if error?.code == .event {
            #expect(error?.index == 3)
            #expect(error?.message.contains("events[3]") == true)
        } else {
            #expect(error?.code == .notJSON)
        }
    }

    @Test("An altered event is named by its index")
    func alteredEvent() throws {
        var altered = events[5]
        altered.payload = Array("{\"other\":true}".utf8)
        let mixed: [Event] = events.prefix(5) + [altered] + events.suffix(3)
        let bytes: [UInt8] = mixed.flatMap { (event: Event) -> [UInt8] in event.wireBytes() + [0x0A] }
        let body = PushRequest.body(lines: bytes, senderSeq: 1, heads: nil)
        let error = #expect(throws: WireError.self) { try parse(body) }
        #expect(error?.index == 5)
    }

    @Test(
        "A body without what it needs is refused with a sentence that names it",
        arguments: [
            ("{\"sender_seq\":1}", "events"), ("{\"events\":[]}", "sender_seq"),
            ("{\"events\":{},\"sender_seq\":1}", "events"),
            ("{\"events\":[],\"events\":[],\"sender_seq\":1}", "events"),
            ("{\"events\":[],\"sender_seq\":-1}", "sender_seq"),
            ("{\"events\":[],\"sender_seq\":1,\"heads\":[]}", "heads"),
            ("[]", "object"), ("", "object"), ("{", "name"), ("{\"events\":[", "events[0]"),
            ("{\"events\":[{}", "comma"),
            ("{\"events\":[{}]", "comma"), ("{\"events\":[{}]}x", "follows"), ("{\"events\":[,]}", "events[0]"),
            ("{\"events\":[]}}", "follows"), ("{events:[]}", "name"), ("{\"a\":\"", "ends"), ("{\"a\":\"\\", "ends"),
        ]
    )
    func badBody(text: String, named: String) {
        let error = #expect(throws: WireError.self) { try PushRequest(parsing: Array(text.utf8)) }
        #expect(error.map { $0.message.contains(named) || $0.field.contains(named) } == true)
    }

    @Test("More events, or bytes, than a push may have are refused")
    func limits() {
        let many = String(repeating: "{},", count: WireLimits.pushEventsMax) + "{}"
        let error = #expect(throws: WireError.self) {
            try PushRequest(parsing: Array("{\"events\":[\(many)],\"sender_seq\":1}".utf8))
        }
        #expect(error?.code == .tooLarge)
        let long = [UInt8](repeating: 0x20, count: WireLimits.pushBytesMax + 1)
        #expect(throws: WireError.self) { try PushRequest(parsing: long) }
    }

    @Test("A stream cut into chunks at any place gives the same lines", arguments: UInt64(1)...20)
    func chunks(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let stream = lines + WireSamples.pullEnd.line
        var splitter = LineSplitter()
        var parser = EventParser(groupID: group)
        var read: [Event] = []
        var end: PullEnd?
        var index = 0
        func take(_ line: [UInt8]) throws {
            switch try PullLine(line) {
            case .event(let bytes): read.append(try parser.parse(bytes, hashing: crypto))
            case .proof, .transfer: Issue.record("an event was taken for something else")
            case .end(let last): end = last
            }
        }
        while index < stream.count {
            let next = min(stream.count, index + 1 + random.below(700))
            splitter.append(stream[index..<next])
            index = next
            while let line = try splitter.next() { try take(line) }
        }
        #expect(try splitter.rest() == nil)
        #expect(read == events)
        #expect(end == WireSamples.pullEnd)
    }

    @Test("A last line without its line feed is the rest; blank lines are nothing")
    func rest() throws {
        var splitter = LineSplitter()
        splitter.append(Array("\n \r\n{\"a\":1}\r\n\n{\"b\"".utf8))
        #expect(try splitter.next() == Array("{\"a\":1}\r".utf8))
        #expect(try splitter.next() == nil)
        #expect(splitter.pendingBytes == 4)
        #expect(try splitter.rest() == Array("{\"b\"".utf8))
        #expect(try splitter.rest() == nil)
    }

    @Test("A line longer than allowed is refused, whole or not")
    func longLine() {
        var splitter = LineSplitter(lineBytesMax: 10)
        splitter.append([UInt8](repeating: 0x41, count: 11))
        #expect(throws: WireError.self) { try splitter.next() }
        var whole = LineSplitter(lineBytesMax: 10)
        whole.append([UInt8](repeating: 0x41, count: 11) + [0x0A])
        #expect(throws: WireError.self) { try whole.next() }
    }

    @Test("An event with a member named end is an event, not the end")
    func endMember() throws {
        let line = Array("{\"end\":{\"heads\":{},\"has_more\":false,\"server_time\":1},\"epoch\":1}".utf8)
        #expect(try PullLine(line) == .event(line))
        let spaced = Array(" { \"end\" : {\"heads\":{},\"has_more\":false,\"server_time\":1} } ".utf8)
        #expect(try PullLine(spaced) == .end(PullEnd(heads: [], hasMore: false, serverTimeMs: 1)))
        #expect(throws: WireError.self) { try PullLine(Array("{\"end\":{}}".utf8)) }
    }

    @Test("A page holds its events as a list")
    func page() throws {
        let reply = EventPageReply(lines: lines, nextSeq: 500, hasMore: true, incarnation: "4f1c")
        let json = try JSONValue(parsing: reply.body)
        #expect(json["events"]?.array?.count == events.count)
        #expect(json["next_seq"]?.int == 500)
        #expect(json["has_more"]?.bool == true)
        #expect(json["incarnation"]?.string == "4f1c")
        let first = try #require(json["events"]?.array?.first)
        #expect(try Event.parse(first.canonicalBytes()[...], groupID: group, hashing: crypto) == events[0])
    }

    @Test("Random changes to any body lead to an error or another message, never to a trap", arguments: UInt64(1)...30)
    func mutations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let push = PushRequest.body(lines: Array(lines.prefix(6_000)), senderSeq: 1, heads: WireSamples.heads)
        let bodies = WireSamples.bodies.map(\.body) + [push, WireSamples.pullEnd.line]
        let marks = Array("{}[]\",:\\0-.e".utf8)
        for body in bodies {
            for _ in 0..<12 {
                var changed = body
                for _ in 0...random.below(4) where !changed.isEmpty {
                    let index = random.below(changed.count)
                    switch random.below(5) {
                    case 0: changed[index] = UInt8(truncatingIfNeeded: random.next())
                    case 1: changed[index] = marks[random.below(marks.count)]
                    case 2: changed.remove(at: index)
                    case 3: changed.insert(marks[random.below(marks.count)], at: index)
                    default: changed.removeSubrange(index..<min(changed.count, index + 1 + random.below(40)))
                    }
                }
                WireSamples.readAsEverything(changed)
            }
        }
    }
}
