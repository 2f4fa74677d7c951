import HiveCrypto
import HiveModel
import HiveTestKit
import Testing

@Suite("Payloads")
struct PayloadTests {
    let group = TestGroup(2, seed: 12, crypto: StandInCrypto())

    private static let agent =
        "{\"agent_id\":\"agent-1\",\"avatar_url\":null,\"instance_id\":\"inst_abcdefghijklmnopqrstuvwxyz\",\"name\":\"Ann\"}"
    private static let voter = "{\"agent_id\":\"agent-1\",\"instance_id\":\"inst_abcdefghijklmnopqrstuvwxyz\"}"

    @Test("What is written is read back, and its bytes are canonical")
    func roundTrip() throws {
        var owner = group.owner
        var other = group.instances[1]
        let post = owner.entity("p")
        let comment = owner.entity("c")
        owner.post("p", content: nil, url: "https://example.org", createdAtMs: 5)
        owner.post("q", content: "\u{1}", url: nil)
        owner.comment("c", on: post)
        owner.comment("d", on: post, parent: comment, createdAtMs: 7)
        owner.vote(-1, post)
        owner.vote(0, on: .comment, comment)
        owner.updatePost(post, title: .set("t"), content: .set(nil), url: .set("u"))
        owner.updatePost(post, content: .set("c"))
        owner.updateComment(comment, content: "")
        owner.deletePost(post, reason: "why")
        owner.deleteComment(comment)
        owner.profile("alice", name: "Alice", avatarURL: "https://example.org/a.png")
        owner.profile("alice", name: "Alice", avatarURL: nil)
        let hash = owner.events[0].hash
        let closed = [
            ClosedEpoch(last: Place(epoch: 2, seq: 9), hash: hash),
            ClosedEpoch(last: Place(epoch: 10, seq: 1), hash: hash),
        ]
        other.open(in: group.id, epoch: 11, closed: closed, reason: "rotation")
        for event in owner.events + other.events {
            let payload = EventPayload(type: event.header.type, payload: event.payload)
            #expect(payload.canonicalPayload == event.payload, "\(event.payload.text) is \(payload)")
            #expect(payload.type == event.header.type)
            #expect(CanonicalJSON.isCanonical(event.payload), "\(event.payload.text)")
        }
        guard
            case .epochOpened(let opening) = EventPayload(
                type: .epochOpened,
                payload: try #require(other.lastEvent).payload
            )
        else {
            Issue.record("The opening is void.")
            return
        }
        #expect(opening.closed == closed)
    }

    @Test("Texts, ids and numbers arrive as written")
    func values() throws {
        let payload = """
            {"author":\(Self.agent),"content":"a\\nb","created_at":1700000000000,"more":{"x":[1]},"post_id":"p-1",\
            "title":"T","url":null}
            """
        guard case .postCreated(let post) = EventPayload(type: .postCreated, payload: payload.bytes) else {
            Issue.record("The post is void.")
            return
        }
        #expect(post.post.rawValue == "p-1" && post.title == "T" && post.content == "a\nb" && post.url == nil)
        #expect(post.createdAtMs == 1_700_000_000_000)
        #expect(
            post.author.name == "Ann" && post.author.key.agent.rawValue == "agent-1" && post.author.avatarURL == nil
        )
        guard
            case .postUpdated(let update) = EventPayload(
                type: .postUpdated,
                payload: "{\"post_id\":\"p\",\"updated_by\":\(Self.agent),\"url\":null}".bytes
            )
        else {
            Issue.record("The update is void.")
            return
        }
        #expect(update.title == .untouched && update.content == .untouched && update.url == .set(nil))
    }

    @Test("Types this version does not fold are unknown", arguments: ["compaction_point", "snapshot_attested", "x"])
    func unknownTypes(_ type: String) {
        guard case .unknown = EventPayload(type: EventType(type), payload: "{}".bytes) else {
            Issue.record("\(type) is read.")
            return
        }
        #expect(EventPayload.unknown.canonicalPayload == nil)
    }

    static let voids: [(EventType, String, String)] = [
        (.postCreated, "{}", "post_id is missing"),
        (.postCreated, "{\"author\":\(agent),\"post_id\":\"p\"}", "title is missing"),
        (.postCreated, "{\"author\":\(agent),\"post_id\":\"p\",\"title\":7}", "title should be a string"),
        (.postCreated, "{\"author\":\(agent),\"post_id\":\"a b\",\"title\":\"\"}", "post_id should be an id"),
        (.postCreated, "{\"author\":{},\"post_id\":\"p\",\"title\":\"\"}", "author.instance_id is missing"),
        (.postCreated, "{\"author\":[],\"post_id\":\"p\",\"title\":\"\"}", "author should be an object"),
        (
            .postCreated, "{\"author\":\(agent),\"content\":1,\"post_id\":\"p\",\"title\":\"\"}",
            "content should be a string"
        ),
        (.postCreated, "{\"author\":\(agent),\"created_at\":-1,\"post_id\":\"p\",\"title\":\"\"}", "created_at is -1"),
        (
            .postCreated, "{\"author\":\(agent),\"created_at\":null,\"post_id\":\"p\",\"title\":\"\"}",
            "created_at should be"
        ),
        (.postUpdated, "{\"post_id\":\"p\",\"title\":null,\"updated_by\":\(agent)}", "title should be a string"),
        (.postUpdated, "{\"post_id\":\"p\"}", "updated_by is missing"),
        (.postDeleted, "{\"comment_id\":\"p\",\"deleted_by\":\(agent)}", "post_id is missing"),
        (.commentDeleted, "{\"comment_id\":\"p\",\"deleted_by\":\(agent),\"reason\":[]}", "reason should be a string"),
        (.commentCreated, "{\"author\":\(agent),\"comment_id\":\"c\",\"content\":\"\"}", "post_id is missing"),
        (
            .commentCreated,
            "{\"author\":\(agent),\"comment_id\":\"c\",\"content\":\"\",\"parent_comment_id\":\"\",\"post_id\":\"p\"}",
            "parent_comment_id should be an id"
        ),
        (
            .commentUpdated, "{\"comment_id\":\"c\",\"content\":null,\"updated_by\":\(agent)}",
            "content should be a string"
        ),
        (
            .voteCast, "{\"target_id\":\"p\",\"target_type\":\"post\",\"value\":7,\"voter\":\(voter)}",
            "value is 7, not -1 to 1"
        ),
        (
            .voteCast, "{\"target_id\":\"p\",\"target_type\":\"post\",\"value\":\"1\",\"voter\":\(voter)}",
            "value should be"
        ),
        (
            .voteCast, "{\"target_id\":\"p\",\"target_type\":\"hive\",\"value\":1,\"voter\":\(voter)}",
            "target_type is none"
        ),
        (.voteCast, "{\"target_id\":\"p\",\"target_type\":\"post\",\"value\":1}", "voter is missing"),
        (.agentProfileChanged, "{\"agent_id\":\"a\"}", "name is missing"),
        (.agentProfileChanged, "{\"agent_id\":\"a\",\"avatar_url\":0,\"name\":\"\"}", "avatar_url should be"),
    ]

    @Test("What a type needs and a payload lacks makes it void, with the member's name", arguments: voids)
    func void(_ type: EventType, _ payload: String, _ reason: String) {
        guard case .void(let text) = EventPayload(type: type, payload: payload.bytes) else {
            Issue.record("\(payload) is taken.")
            return
        }
        #expect(text.hasPrefix(reason), "\(text)")
    }

    @Test("Control payloads with anything out of place are void")
    func voidControl() throws {
        let genesis = try JSONValue(parsing: group.owner.events[0].payload)
        let addition = try JSONValue(parsing: group.owner.events[1].payload)
        let opening = try JSONValue(parsing: group.instances[1].events[0].payload)
        let cases: [(EventType, JSONValue, String, JSONValue?)] = [
            (.instanceAdded, addition, "role", .string("owner")), (.instanceAdded, addition, "role", .string("king")),
            (.instanceAdded, addition, "from_epoch", .int(0)), (.instanceAdded, addition, "from_epoch", nil),
            (.instanceAdded, addition, "identity_key", .string("AAAA")), (.instanceAdded, addition, "name", nil),
            (.instanceAdded, addition, "instance_id", .string("inst_")),
            (.epochOpened, opening, "closed", nil), (.epochOpened, opening, "closed", .array([])),
            (.epochOpened, opening, "closed", .object([JSONMember("01", .array([]))])),
            (.epochOpened, opening, "closed", .object([JSONMember("1", .array([.int(1)]))])),
            (.epochOpened, opening, "closed", .object([JSONMember("1", .array([.int(0), .string("")]))])),
            (.epochOpened, opening, "key_cert", .string("AAAA")), (.epochOpened, opening, "signing_key", .null),
            (.epochOpened, opening, "reason", nil),
            (.groupCreated, genesis, "nonce", .string("abc")), (.groupCreated, genesis, "policy", nil),
            (.groupCreated, genesis, "policy", .object([JSONMember("max_clock_drift_ms", .int(4999))])),
            (.groupCreated, genesis, "policy", .object([JSONMember("admission", .string("all"))])),
            (.groupCreated, genesis, "successors", .array([.string("x")])),
            (.groupCreated, genesis, "successors", .object([])), (.groupCreated, genesis, "quorum", .int(1)),
            (.groupCreated, genesis, "hive", .object([])), (.groupCreated, genesis, "owner", .null),
        ]
        for (type, payload, key, value) in cases {
            var members = try #require(payload.members).filter { $0.key != key }
            if let value { members.append(JSONMember(key, value)) }
            let bytes = JSONValue.object(unsorted: members).canonicalBytes()
            guard case .void(let text) = EventPayload(type: type, payload: bytes) else {
                Issue.record("\(type.rawValue) with \(key) \(String(describing: value)) is taken.")
                continue
            }
            #expect(text.hasPrefix(key), "\(text)")
        }
    }

    @Test("What may be missing in a genesis has its default")
    func defaults() throws {
        let genesis = try #require(JSONValue(parsing: group.owner.events[0].payload).members)
        let members =
            genesis.filter { !["policy", "successors", "quorum"].contains($0.key) }
            + [JSONMember("policy", .object([]))]
        let bytes = JSONValue.object(unsorted: members).canonicalBytes()
        guard case .groupCreated(let created) = EventPayload(type: .groupCreated, payload: bytes) else {
            Issue.record("The genesis is void.")
            return
        }
        #expect(created.policy == GroupPolicy() && created.successors.isEmpty && created.quorum == 0)
    }

    @Test("No bytes make reading trap")
    func neverTraps() {
        var generator = SeededGenerator(seed: 34)
        let events = group.events
        for _ in 0..<20_000 {
            guard let event = generator.pick(events), let other = generator.pick(events) else { return }
            var bytes = event.payload
            RandomJSON.alter(&bytes, &generator)
            _ = EventPayload(type: other.header.type, payload: bytes)
            _ = EventPayload(type: event.header.type, payload: bytes)
        }
        #expect(events.count > 2)
    }
}
