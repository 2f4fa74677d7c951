import AsyncHTTPClient
import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import HiveWire
import NIOCore
import NIOHTTP1
import Testing

@testable import HivePeering

@Suite("The endpoints of /sync/v1", .opensFiles)
struct PeeringEndpointTests {
    private static let token = "a-token-of-a-member-0123456789"
    private static let strangerToken = "a-token-of-a-stranger-0123456789"
    private let stranger = TestInstance("stranger", seed: 99, crypto: SwiftCrypto())

    /// Runs a pair in which `b` is a member with a token of `a`, and a stranger has a token too.
    private func run(
        _ settings: PeeringSettings = .quick,
        _ body: @Sendable @escaping (PeeringPair, GroupID, PeeringCaller) async throws -> Void
    ) async throws {
        let pair = PeeringPair()
        let group = try pair.a.found()
        let addition = InstanceAdded(
            instance: pair.b.instance,
            identityKey: pair.b.identityKey,
            role: .member,
            name: "b"
        )
        try pair.a.write { $0.append(.instanceAdded(addition)) }
        for (token, owner, key) in [
            (Self.token, pair.b.instance, pair.b.identityKey), (Self.strangerToken, stranger.id, stranger.identityKey),
        ] {
            let hash = SwiftCrypto().sha256(Array(token.utf8)).bytes
            try await pair.a.store.putSession(instance: owner, tokenHash: hash, identityKey: key)
        }
        try await pair.a.run(settings) {
            try await PeeringCaller.with(pair.a.endpoint) { try await body(pair, group, $0) }
        }
    }

    private static func paths(_ group: String) -> [(OutgoingRequest.Method, String)] {
        [
            (.get, "/groups/\(group)/events"), (.post, "/groups/\(group)/events"), (.post, "/groups/\(group)/pull"),
            (.get, "/groups/\(group)/heads"), (.get, "/groups/\(group)/status"), (.post, "/groups/\(group)/leave"),
        ]
    }

    @Test(
        "Without a known token there is 401, with the token of a non-member 403, the same for a group that is not there"
    )
    func access() async throws {
        try await run { pair, group, caller in
            var refusals: Set<PeeringCaller.Reply> = []
            for name in [group.rawValue, "sg_aaaaaaaaaaaaaaaaaaaaaaaaaa", "nonsense", "sg_%20"] {
                for (method, path) in Self.paths(name) {
                    let body: [UInt8]? = method == .post ? Array("{}".utf8) : nil
                    for header in [
                        nil, "", "Basic dTpw", "Bearer", "Bearer ", "Bearer nobody-knows-this-token", "HiveHMAC x",
                    ] {
                        let reply = try await caller.call(method, path, authorization: header, body: body)
                        #expect(reply.status == 401, "\(method) \(path) \(header ?? "none")")
                        #expect(reply.sentence != nil)
                    }
                    let bearer = "Bearer " + Self.strangerToken
                    let reply = try await caller.call(method, path, authorization: bearer, body: body)
                    #expect(reply.status == 403, "\(method) \(path)")
                    refusals.insert(reply)
                }
            }
            #expect(refusals.count == 1)
        }
    }

    @Test("Broken bodies get 400 or 413 and a sentence, and change nothing", arguments: BrokenBody.all)
    func brokenBodies(_ broken: BrokenBody) async throws {
        try await run { pair, group, caller in
            let before = pair.a.replica.admissions
            let bearer = "Bearer " + Self.token
            for path in [
                "/groups/\(group.rawValue)/events", "/groups/\(group.rawValue)/pull", "/heartbeat", "/handshake",
            ] {
                let reply = try await caller.call(.post, path, authorization: bearer, body: broken.bytes)
                #expect([400, 413].contains(reply.status), "\(path): \(reply.status)")
                #expect(reply.sentence?.isEmpty == false)
            }
            #expect(pair.a.replica.admissions == before)
            let alive = try await caller.call(.get, "/groups/\(group.rawValue)/heads", authorization: bearer)
            #expect(alive.status == 200)
        }
    }

    @Test("Forged and altered events are refused with a sentence, and change nothing")
    func badEvents() async throws {
        try await run { pair, group, caller in
            var b = TestInstance("b", seed: 12, crypto: SwiftCrypto())
            let opened = b.open(in: group)
            let post = b.post("mine")
            var forged = post
            forged.signature = [UInt8](repeating: 7, count: 64)
            var altered = post
            altered.payload = Array(#"{"post_id":"x"}"#.utf8)
            var elsewhere = TestInstance("b", seed: 12, crypto: SwiftCrypto())
            let foreign = elsewhere.found()
            let before = pair.a.replica.eventCount(group)
            for (events, statuses) in [
                ([altered], [400]), ([opened, altered], [400]), ([foreign], [400]), ([opened, forged], [200]),
                ([forged], [422]),
            ] {
                let reply = try await push(events, group, caller)
                #expect(statuses.contains(reply.status), "\(reply.text)")
                if reply.status != 200 { #expect(reply.sentence?.isEmpty == false) }
            }
            // Only the honest opening of the log was taken.
            #expect(pair.a.replica.eventCount(group) == before + 1)
            let good = try PushReply(parsing: try await push([opened, post], group, caller).body)
            #expect(good.heads.first { $0.origin == b.id }?.hash == post.hash)
            let twice = try PushReply(parsing: try await push([opened, post], group, caller).body)
            #expect(twice.heads == good.heads)
        }
    }

    @Test("A gap is answered with what is held, an unknown instance by its name")
    func gapsAndUnknown() async throws {
        try await run { pair, group, caller in
            var b = TestInstance("b", seed: 12, crypto: SwiftCrypto())
            let opened = b.open(in: group)
            b.post("one")
            let second = b.post("two")
            var nobody = stranger
            let foreign = nobody.open(in: group)
            let reply = try PushReply(parsing: try await push([opened, second, foreign], group, caller).body)
            #expect(reply.need.first { $0.origin == b.id }?.held?.place == Place(epoch: 1, seq: 1))
            #expect(reply.unknown == [stranger.id])
        }
    }

    @Test("A pull streams exactly what is missing, and its last line says so")
    func pull() async throws {
        try await run { pair, group, caller in
            try pair.a.write { log in for number in 0..<20 { log.post("p\(number)") } }
            let all = try await pull(PullRequest(heads: [], maxBytes: 1 << 20), group, caller)
            #expect(all.events == 22)
            #expect(all.end.hasMore == false)
            let none = try await pull(PullRequest(heads: all.end.heads, maxBytes: 1 << 20), group, caller)
            #expect(none.events == 0)
            let some = try await pull(PullRequest(heads: [], maxBytes: 2_000), group, caller)
            #expect(some.end.hasMore)
            #expect((1..<22).contains(some.events))
        }
    }

    @Test("A page by arrival number tells where to go on")
    func page() async throws {
        try await run { pair, group, caller in
            let bearer = "Bearer " + Self.token
            let path = "/groups/\(group.rawValue)/events"
            let early = try await caller.call(.get, path + "?since=0&limit=1", authorization: bearer)
            #expect(early.status == 409, "the server may have an old copy of its own log")
            _ = try await pull(PullRequest(heads: [], maxBytes: 2_000), group, caller)
            let page = try await caller.call(.get, path + "?since=0&limit=1", authorization: bearer)
            #expect(page.status == 200)
            #expect(page.text.contains(#""next_seq":1,"has_more":true"#))
            for query in ["?since=-1", "?since=x", "?limit=0", "?limit=999999", "?since=99999999999999999999"] {
                let reply = try await caller.call(.get, path + query, authorization: bearer)
                #expect(reply.status == 400, "\(query)")
            }
        }
    }

    @Test("A heartbeat in another's name is refused; groups the caller is no member of are not answered")
    func heartbeat() async throws {
        try await run { pair, group, caller in
            func beat(_ instance: InstanceID, _ token: String) async throws -> PeeringCaller.Reply {
                let heartbeat = Heartbeat(
                    instance: instance,
                    seqByHive: [],
                    groups: [],
                    serverTimeMs: 1,
                    incarnation: "x"
                )
                return try await caller.call(
                    .post,
                    "/heartbeat",
                    authorization: "Bearer " + token,
                    body: heartbeat.body
                )
            }
            #expect(try await beat(pair.a.instance, Self.token).status == 403)
            let member = try Heartbeat(parsing: try await beat(pair.b.instance, Self.token).body)
            #expect(member.groups.map(\.group) == [group])
            let outsider = try Heartbeat(parsing: try await beat(stranger.id, Self.strangerToken).body)
            #expect(outsider.groups.isEmpty)
        }
    }

    @Test("The identity is signed over the caller's nonce")
    func identity() async throws {
        try await run { pair, _, caller in
            let reply = try IdentityReply(
                parsing: try await caller.call(.get, "/identity?nonce=0123456789abcdef").body
            )
            #expect(reply.nonce == "0123456789abcdef")
            #expect(
                SwiftCrypto().isValid(
                    signature: reply.signature,
                    message: reply.signingMessage,
                    key: pair.a.identityKey
                )
            )
            #expect(try await caller.call(.get, "/identity").status == 400)
            #expect(try await caller.call(.get, "/identity?nonce=short").status == 400)
        }
    }

    @Test("More requests than the credits allow get 429 and a time to wait")
    func credits() async throws {
        var settings = PeeringSettings.quick
        settings.limits.requestsPerSecond = 3
        settings.limits.requestHeldMsMax = 0
        try await run(settings) { pair, group, caller in
            pair.a.setClock(1_800_000_000_000)
            var statuses: [Int] = []
            for _ in 0..<5 {
                let path = "/groups/\(group.rawValue)/heads"
                statuses.append(try await caller.call(.get, path, authorization: "Bearer " + Self.token).status)
            }
            #expect(statuses == [200, 200, 200, 429, 429])
            pair.a.setClock(1_800_000_001_000)
            let later = try await caller.call(
                .get,
                "/groups/\(group.rawValue)/heads",
                authorization: "Bearer " + Self.token
            )
            #expect(later.status == 200)
        }
    }

    @Test("A sealed request is taken once, in time, and word for word")
    func sealed() async throws {
        try await run { pair, group, caller in
            let now: Int64 = 1_800_000_000_000
            pair.a.setClock(now)
            let path = "/groups/\(group.rawValue)/pull"
            let body = PullRequest(heads: [], maxBytes: 1 << 20).body
            func seal(_ timeMs: Int64, _ token: String = Self.token) -> String {
                RequestSeal(
                    pair.b.instance,
                    method: "POST",
                    path: "/sync/v1" + path,
                    body: body,
                    timeMs: timeMs,
                    tokenHash: SwiftCrypto().sha256(Array(token.utf8)).bytes
                ).header
            }
            let header = seal(now)
            let longer = body + Array(" ".utf8)
            #expect(try await caller.call(.post, path, authorization: header, body: longer).status == 401)
            #expect(try await caller.call(.post, path, authorization: header, body: body).status == 200)
            let replayed = try await caller.call(.post, path, authorization: header, body: body)
            #expect(replayed.status == 401)
            #expect(replayed.sentence?.contains("seen before") == true)
            #expect(try await caller.call(.post, path, authorization: seal(now - 60_001), body: body).status == 401)
            #expect(try await caller.call(.post, path, authorization: seal(now + 60_001), body: body).status == 401)
            let wrong = seal(now, Self.strangerToken)
            #expect(try await caller.call(.post, path, authorization: wrong, body: body).status == 401)
            let elsewhere = "/groups/\(group.rawValue)/events"
            #expect(try await caller.call(.post, elsewhere, authorization: seal(now), body: body).status == 401)
        }
    }

    @Test("A body that does not arrive is given up, and the server goes on")
    func slowBody() async throws {
        var settings = PeeringSettings.quick
        settings.limits.bodyMs = 100
        try await run(settings) { pair, group, caller in
            let (stuck, _) = AsyncStream.makeStream(of: ByteBuffer.self)
            var request = HTTPClientRequest(url: pair.a.endpoint + "/groups/\(group.rawValue)/events")
            request.method = .POST
            request.headers.add(name: "authorization", value: "Bearer " + Self.token)
            request.body = .stream(stuck, length: .known(Int64(1_000)))
            let status = try? await HTTPClient.shared.execute(request, timeout: .seconds(10)).status.code
            #expect(status == 408)
            let alive = try await caller.call(
                .get,
                "/groups/\(group.rawValue)/heads",
                authorization: "Bearer " + Self.token
            )
            #expect(alive.status == 200)
        }
    }

    // MARK: Calls

    private func push(_ events: [Event], _ group: GroupID, _ caller: PeeringCaller) async throws -> PeeringCaller.Reply
    {
        var lines: [UInt8] = []
        for event in events {
            event.writeWire(into: &lines)
            lines.append(0x0A)
        }
        return try await caller.call(
            .post,
            "/groups/\(group.rawValue)/events",
            authorization: "Bearer " + Self.token,
            body: PushRequest.body(lines: lines, senderSeq: 1, heads: nil)
        )
    }

    private func pull(
        _ request: PullRequest,
        _ group: GroupID,
        _ caller: PeeringCaller
    ) async throws -> (events: Int, end: PullEnd) {
        let reply = try await caller.call(
            .post,
            "/groups/\(group.rawValue)/pull",
            authorization: "Bearer " + Self.token,
            body: request.body
        )
        let lines = LineSplitter.ranges(of: reply.body)
        let last = try #require(lines.last)
        return (lines.count - 1, try PullEnd(parsing: Array(reply.body[last])))
    }
}

/// A body no endpoint takes.
struct BrokenBody: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]

    static let all: [BrokenBody] = [
        BrokenBody("empty", []),
        BrokenBody("no JSON", Array("hello".utf8)),
        BrokenBody("a list", Array("[]".utf8)),
        BrokenBody("null", Array("null".utf8)),
        BrokenBody("no members", Array("{}".utf8)),
        BrokenBody("cut off", Array(#"{"events":[{"v":1,"#.utf8)),
        BrokenBody("cut off in a string", Array(#"{"events":["abc"#.utf8)),
        BrokenBody("not UTF-8", Array(#"{"sender_seq":1,"events":[],"x":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)),
        BrokenBody(
            "a lone surrogate",
            Array(#"{"heads":{},"max_bytes":1,"events":[],"sender_seq":1,"x":"\ud800"}"#.utf8)
        ),
        BrokenBody("wrong types", Array(#"{"events":5,"heads":7,"instance_id":[],"handshake_id":{}}"#.utf8)),
        BrokenBody("deep lists", [UInt8](repeating: UInt8(ascii: "["), count: 50_000)),
        BrokenBody(
            "deep events",
            Array(#"{"sender_seq":1,"events":["#.utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 50_000)
        ),
        BrokenBody("deep objects", Array(String(repeating: #"{"a":"#, count: 10_000).utf8)),
        BrokenBody("a member twice", Array(#"{"events":[],"events":[],"sender_seq":1,"sender_seq":2}"#.utf8)),
        BrokenBody("events that are none", Array(#"{"events":[1,"x",{}],"sender_seq":1}"#.utf8)),
        BrokenBody("too large", [UInt8](repeating: UInt8(ascii: " "), count: 5_500_000)),
    ]

    init(_ name: String, _ bytes: [UInt8]) {
        testDescription = name
        self.bytes = bytes
    }
}
