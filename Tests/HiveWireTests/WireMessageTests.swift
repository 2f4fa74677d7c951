import HiveModel
import HiveSync
import HiveTestKit
import HiveWire
import Testing

@Suite("Peer messages")
struct WireMessageTests {
    /// Reads a message's own body, and the same with blanks and unknown members, and compares.
    private func expectRoundTrip<Message: WireMessage & Equatable>(
        _ message: Message,
        keepsUnknown: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let body = message.body
        #expect(try Message(parsing: body) == message, sourceLocation: sourceLocation)
        #expect(CanonicalJSON.isCanonical(body), sourceLocation: sourceLocation)
        let later = Array(" { \"a_later_member\" : [ {} , 1 ] ,\n".utf8) + body.dropFirst()
        let read = try Message(parsing: later)
        #expect((read == message) != keepsUnknown, sourceLocation: sourceLocation)
    }

    @Test("Every message reads what it writes, and passes over members of later versions")
    func roundTrips() throws {
        try expectRoundTrip(WireSamples.opening, keepsUnknown: true)
        try expectRoundTrip(WireSamples.reply, keepsUnknown: true)
        try expectRoundTrip(WireSamples.completion, keepsUnknown: true)
        try expectRoundTrip(WireSamples.grant, keepsUnknown: true)
        try expectRoundTrip(WireSamples.pushReply)
        try expectRoundTrip(WireSamples.pullRequest)
        try expectRoundTrip(WireSamples.heartbeat)
        try expectRoundTrip(WireSamples.gossipHeartbeat)
        try expectRoundTrip(WireSamples.status)
        try expectRoundTrip(WireSamples.headsReply)
        try expectRoundTrip(WireSamples.identity, keepsUnknown: true)
        try expectRoundTrip(WireSamples.invite)
        try expectRoundTrip(WireSamples.error)
    }

    @Test("The specification's members have the specification's names")
    func names() throws {
        func members(_ message: some WireMessage) throws -> [String] {
            try #require(message.json.members).map(\.key)
        }
        #expect(try members(WireSamples.heartbeat).contains("seq_by_hive"))
        #expect(
            try Set(members(WireSamples.grant)).isSuperset(of: [
                "sync_group_id", "signing_key", "current_seq", "sync_token",
            ])
        )
        #expect(try members(WireSamples.pushReply).contains("received_seq"))
        #expect(try members(WireSamples.status) == ["local_seq", "peers"])
        let head = WireSamples.pullRequest.json["heads"]?[WireSamples.first.id.rawValue]
        #expect(head?["epoch"]?.int == 1)
        #expect(head?["seq"]?.int == 42)
        #expect(head?["hash"]?.string == WireSamples.hash.hex)
    }

    @Test("A passed-on record keeps its signature, unknown members included; a list that is too long is refused")
    func peerRecords() throws {
        let entry = try #require(try Heartbeat(parsing: WireSamples.gossipHeartbeat.body).knownPeers.first)
        #expect(entry.record.isSigned(by: WireSamples.second.identityKey, WireSamples.crypto))
        #expect(try SignedPeerRecord(parsing: entry.record.json.canonicalBytes()) == entry.record)
        var many = WireSamples.gossipHeartbeat
        many.knownPeers = Array(repeating: entry, count: GossipSettings.entriesMax + 1)
        #expect(throws: WireError.self) { try Heartbeat(parsing: many.body) }
        var nowhere = WireSamples.gossipHeartbeat
        nowhere.knownPeers[0].record.endpoints = []
        #expect(throws: WireError.self) { try Heartbeat(parsing: nowhere.body) }
    }

    @Test("A heartbeat between peers that agree has at most 400 bytes for one group, and 200 for each further")
    func size() {
        var heartbeat = WireSamples.heartbeat
        heartbeat.seqByHive = [JSONMember("engineering", .int(4_828))]
        heartbeat.incarnation = "0123456789abcdef0123456789abcdef"
        let one = heartbeat.body.count
        #expect(one <= 400, "\(one) bytes")
        heartbeat.seqByHive.append(JSONMember("ml-research", .int(4_828)))
        if let other = GroupID("sg_abcdefghijklmnopqrstuvwxyz") {
            heartbeat.groups.append(
                .init(group: other, headsDigest: WireSamples.hash, stateRoot: WireSamples.otherHash)
            )
        }
        #expect(heartbeat.body.count - one <= 240, "\(heartbeat.body.count - one) bytes")
    }

    @Test("A handshake's two calls are told apart by what they name")
    func calls() throws {
        #expect(try HandshakeCall(parsing: WireSamples.opening.body) == .opening(WireSamples.opening))
        #expect(try HandshakeCall(parsing: WireSamples.completion.body) == .completion(WireSamples.completion))
    }

    @Test("Optional members may be left out or null")
    func optionals() throws {
        var opening = WireSamples.opening
        opening.groupID = nil
        opening.name = nil
        opening.syncEndpoint = nil
        try expectRoundTrip(opening, keepsUnknown: true)
        let null = Array("{\"group_id\":null,\"name\":null,".utf8) + opening.body.dropFirst()
        let read = try HandshakeOpening(parsing: null)
        #expect(read.groupID == nil && read.name == nil)
        let request = try PullRequest(parsing: Array(#"{"heads":{},"max_bytes":1}"#.utf8))
        #expect(request == PullRequest(heads: [], maxBytes: 1, waitSeconds: 0))
    }

    @Test(
        "Proofs of each kind",
        arguments: [
            HandshakeProof.invite(id: "inv_9", mac: Array(0..<32)), .handshakeSecret(mac: Array(1..<33)), .membership,
        ]
    )
    func proofs(proof: HandshakeProof) throws {
        var completion = WireSamples.completion
        completion.proof = proof
        try expectRoundTrip(completion, keepsUnknown: true)
    }

    @Test(
        "A missing member is named",
        arguments: [
            ("opening", "protocol_version"), ("opening", "sync_group_name"), ("opening", "instance_id"),
            ("opening", "identity_key"), ("opening", "nonce"), ("opening", "ephemeral_key"),
            ("completion", "proof"), ("completion", "sync_token"), ("completion", "signature"),
            ("reply", "handshake_id"), ("reply", "signature"), ("grant", "sync_group_id"), ("grant", "heads"),
            ("push reply", "heads"), ("push reply", "credits"), ("push reply", "server_time"),
            ("pull request", "heads"), ("pull request", "max_bytes"), ("heartbeat", "instance_id"),
            ("heartbeat", "groups"), ("heartbeat", "incarnation"), ("identity", "nonce"), ("invite", "secret"),
            ("invite", "expires_at"), ("heads", "heads_digest"),
        ]
    )
    func missing(name: String, member: String) throws {
        let body = try #require(WireSamples.bodies.first { $0.name == name }?.body)
        let members = try #require(JSONValue(parsing: body).members).filter { $0.key != member }
        let error = #expect(throws: WireError.self) { try Self.read(name, JSONValue.object(members).canonicalBytes()) }
        #expect(error?.code == .field)
        #expect(error?.field == member)
        #expect(error?.message.contains(member) == true)
    }

    @Test(
        "A member of the wrong form is named",
        arguments: [
            ("opening", #""protocol_version":2"#, "protocol_version"),
            ("opening", #""protocol_version":"1""#, "protocol_version"),
            ("opening", #""instance_id":"inst_short""#, "instance_id"),
            ("opening", #""identity_key":"AAAA""#, "identity_key"),
            ("opening", #""nonce":"AAAA""#, "nonce"),
            ("opening", #""nonce":"not base64 at all!!""#, "nonce"),
            ("opening", #""ephemeral_key":"AAAA""#, "ephemeral_key"),
            ("opening", #""sync_group_name":"""#, "sync_group_name"),
            ("opening", #""group_id":"sg_x""#, "group_id"),
            ("completion", #""proof":[]"#, "proof"),
            ("completion", #""proof":{"kind":"bribe"}"#, "proof.kind"),
            ("completion", #""proof":{"kind":"invite","id":"x","mac":"AA=="}"#, "proof.mac"),
            ("pull request", #""heads":[]"#, "heads"),
            ("pull request", #""heads":{"someone":{}}"#, "heads.someone"),
            ("pull request", #""max_bytes":0"#, "max_bytes"),
            ("pull request", #""max_bytes":-1"#, "max_bytes"),
            ("pull request", #""max_bytes":1.5"#, "max_bytes"),
            ("pull request", #""wait_s":61"#, "wait_s"),
            ("heartbeat", #""groups":{"sg_no":{}}"#, "groups.sg_no"),
            ("heartbeat", #""seq_by_hive":{"x":-1}"#, "seq_by_hive.x"),
            ("push reply", #""unknown":["me"]"#, "unknown[0]"),
            ("push reply", #""credits":-5"#, "credits"),
            ("invite", #""endpoints":[]"#, "endpoints"),
            ("invite", #""endpoints":[""]"#, "endpoints[0]"),
            ("invite", #""role":"owner""#, "role"),
            ("invite", #""secret":"AAAA""#, "secret"),
            ("grant", #""role":"king""#, "role"),
            ("grant", #""from_epoch":0"#, "from_epoch"),
        ]
    )
    func wrong(name: String, member: String, field: String) throws {
        let body = try #require(WireSamples.bodies.first { $0.name == name }?.body)
        let replacement = try #require(JSONValue(parsing: Array("{\(member)}".utf8)).members?.first)
        let members = try #require(JSONValue(parsing: body).members).filter { $0.key != replacement.key }
        let changed = JSONValue.object(unsorted: members + [replacement]).canonicalBytes()
        let error = #expect(throws: WireError.self) { try Self.read(name, changed) }
        #expect(error?.field == field)
        #expect(error?.message.hasSuffix(".") == true)
    }

    @Test(
        "Heads of the wrong form are named by their instance",
        arguments: [
            ("epoch", "0"), ("epoch", "4294967296"), ("seq", "0"), ("seq", "281474976710656"), ("seq", "\"1\""),
            ("hash", "\"\""), ("hash", "\"ABCDEF\""), ("hash", "7"),
        ]
    )
    func wrongHeads(member: String, value: String) throws {
        let origin = WireSamples.first.id.rawValue
        var head = ["epoch": "1", "seq": "1", "hash": "\"\(WireSamples.hash.hex)\""]
        head[member] = value
        let inner = head.keys.sorted().map { "\"\($0)\":\(head[$0] ?? "")" }.joined(separator: ",")
        let body = Array("{\"heads\":{\"\(origin)\":{\(inner)}},\"max_bytes\":1}".utf8)
        let error = #expect(throws: WireError.self) { try PullRequest(parsing: body) }
        #expect(error?.field == "heads.\(origin).\(member)")
    }

    @Test(
        "What is no JSON object is refused with a sentence",
        arguments: [
            "", " ", "[]", "null", "1", "\"x\"", "{", "{}}", "{\"heads\":}", "{\"a\":1,\"a\":2}", "{'heads':{}}",
            "\u{FEFF}{}", "{\"a\":\"\u{1}\"}", "{\"a\":\"\\ud800\"}", "{\"a\":01}", "{\"a\":1e999}",
        ]
    )
    func notAnObject(text: String) {
        let error = #expect(throws: WireError.self) { try PullRequest(parsing: Array(text.utf8)) }
        #expect(error?.message.isEmpty == false)
    }

    @Test("What is too long or too deep is refused before it is read")
    func limits() throws {
        let long = [UInt8](repeating: 0x20, count: WireLimits.messageBytesMax + 1)
        #expect(throws: WireError.self) { try PullRequest(parsing: long) }
        let deep = Array((String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)).utf8)
        let body = Array("{\"heads\":{},\"max_bytes\":1,\"x\":".utf8) + deep + [UInt8(ascii: "}")]
        #expect(throws: WireError.self) { try PullRequest(parsing: body) }
        var opening = WireSamples.opening
        opening.groupName = String(repeating: "x", count: WireLimits.nameBytesMax + 1)
        let error = #expect(throws: WireError.self) { try HandshakeOpening(parsing: opening.body) }
        #expect(error?.code == .tooLarge)
        #expect(error?.field == "sync_group_name")
        let heads = (0...WireLimits.headsMax).map { "\"x\($0)\":{}" }.joined(separator: ",")
        let many = Array("{\"heads\":{\(heads)},\"max_bytes\":1}".utf8)
        #expect(throws: WireError.self) { try PullRequest(parsing: many) }
    }

    @Test("Text that is not UTF-8 is refused")
    func notUTF8() {
        let body = Array("{\"heads\":{},\"max_bytes\":1,\"x\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
        let error = #expect(throws: WireError.self) { try PullRequest(parsing: body) }
        #expect(error?.code == .notJSON)
    }

    static func read(_ name: String, _ body: [UInt8]) throws {
        switch name {
        case "opening": _ = try HandshakeOpening(parsing: body)
        case "reply": _ = try HandshakeReply(parsing: body)
        case "completion": _ = try HandshakeCompletion(parsing: body)
        case "grant": _ = try HandshakeGrant(parsing: body)
        case "push reply": _ = try PushReply(parsing: body)
        case "pull request": _ = try PullRequest(parsing: body)
        case "heartbeat": _ = try Heartbeat(parsing: body)
        case "status": _ = try GroupStatusReply(parsing: body)
        case "heads": _ = try HeadsReply(parsing: body)
        case "identity": _ = try IdentityReply(parsing: body)
        case "invite": _ = try Invite(parsing: body)
        default: _ = try ErrorBody(parsing: body)
        }
    }
}
