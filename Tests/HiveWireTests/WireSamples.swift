import HiveCrypto
import HiveModel
import HiveSync
import HiveTestKit
import HiveWire

/// One of each message, with every member set.
enum WireSamples {
    static let crypto = StandInCrypto()
    static let cluster = TestGroup(2, seed: 1, crypto: crypto)
    static let group = cluster.id
    static let first = cluster.instances[0]
    static let second = cluster.instances[1]
    static let hash = crypto.sha256([1, 2, 3])
    static let otherHash = crypto.sha256([4])
    static let time: Int64 = 1_750_000_000_123

    static let heads = [
        LogHead(origin: first.id, place: Place(epoch: 1, seq: 42), hash: hash),
        LogHead(origin: second.id, place: Place(epoch: 3, seq: 7), hash: otherHash),
    ].inOrder

    static let opening = HandshakeOpening(
        groupName: "sync:engineering",
        groupID: group,
        instance: second.id,
        identityKey: second.identityKey,
        name: "Büro",
        syncEndpoint: "http://127.0.0.1:4001/sync/v1",
        nonce: Array(0..<16),
        ephemeralKey: Array(32..<64)
    )

    static let reply = HandshakeReply(
        handshakeID: "hs_1",
        nonce: Array(100..<132),
        instance: first.id,
        identityKey: first.identityKey,
        name: "Zentrale",
        ephemeralKey: Array(0..<32),
        signature: Array(0..<64)
    )

    static let completion = HandshakeCompletion(
        handshakeID: "hs_1",
        sealedToken: Array(0..<80),
        proof: .invite(id: "inv_1", mac: Array(0..<32)),
        signature: Array(64..<128)
    )

    static let grant = HandshakeGrant(
        groupID: group,
        groupName: "sync:engineering",
        signingKey: first.identityKey,
        currentSeq: 4_827,
        sealedToken: Array(80..<160),
        heads: heads,
        role: .member,
        fromEpoch: 1,
        introductions: [.object([JSONMember("v", .int(1))])],
        signature: Array(128..<192)
    )

    static let pushReply = PushReply(
        receivedSeq: 12,
        heads: heads,
        need: [
            .init(origin: first.id, held: heads.first { $0.origin == first.id }), .init(origin: second.id, held: nil),
        ]
        .sorted { $0.origin < $1.origin },
        unknown: [second.id],
        heldUntilMs: time + 1,
        serverTimeMs: time,
        credits: 50_000,
        rejected: [.init(origin: second.id, place: Place(epoch: 1, seq: 9), reason: "Its signature is not valid.")]
    )

    static let pullRequest = PullRequest(heads: heads, maxBytes: 4 << 20, waitSeconds: 25)
    static let pullEnd = PullEnd(heads: heads, hasMore: true, serverTimeMs: time)

    static let heartbeat = Heartbeat(
        instance: first.id,
        seqByHive: [JSONMember("engineering", .int(4_828)), JSONMember("ml-research", .int(0))],
        groups: [.init(group: group, headsDigest: hash, stateRoot: otherHash)],
        serverTimeMs: time,
        incarnation: "4f1c"
    )

    /// With a list of peers, as few have.
    static let gossipHeartbeat: Heartbeat = {
        var heartbeat = WireSamples.heartbeat
        var record = SignedPeerRecord(
            instance: second.id,
            endpoints: ["https://hive.example.org/sync/v1"],
            links: [first.id],
            recordSeq: time,
            expiresMs: time + 1,
            extra: [JSONMember("a_later_member", .string("signed too"))]
        )
        record.signature = second.identity.sign(record.signingMessage)
        heartbeat.knownPeers = [GossipEntry(name: "Büro", record: record, ttl: 2)]
        return heartbeat
    }()

    static let status = GroupStatusReply(
        peers: [
            .init(id: second.id.rawValue, status: "active", lastSyncMs: time, lag: 0),
            .init(id: "peer-2", status: "pending", lastSyncMs: nil, lag: nil),
        ],
        localSeq: 99
    )

    static let headsReply = HeadsReply(
        groupID: group,
        heads: GroupHeads(heads: heads, stateRoot: otherHash, crypto),
        localSeq: 99
    )

    static let identity = IdentityReply(
        instance: first.id,
        identityKey: first.identityKey,
        name: "Zentrale",
        syncEndpoint: "https://hive.example.org/sync/v1",
        nonce: "n-1234567890",
        serverTimeMs: time,
        signature: Array(0..<64)
    )

    static let invite = Invite(
        groupID: group,
        groupName: "sync:engineering",
        issuer: first.id,
        endpoints: ["http://127.0.0.1:4000/sync/v1"],
        id: "inv_1",
        secret: Array(0..<32),
        expiresAtMs: time + 604_800_000,
        role: .member
    )

    static let error = ErrorBody(error: "Forbidden", message: "The invite has expired.")

    /// Bodies of every message, by name.
    static let bodies: [(name: String, body: [UInt8])] = [
        ("opening", opening.body), ("reply", reply.body), ("completion", completion.body), ("grant", grant.body),
        ("push reply", pushReply.body), ("pull request", pullRequest.body), ("pull end", pullEnd.body),
        ("heartbeat", heartbeat.body), ("status", status.body), ("heads", headsReply.body),
        ("identity", identity.body), ("invite", invite.body), ("error", error.body),
    ]

    /// Tries to read bytes as every message; what can't be read throws, nothing traps.
    static func readAsEverything(_ bytes: [UInt8]) {
        _ = try? HandshakeCall(parsing: bytes)
        _ = try? HandshakeReply(parsing: bytes)
        _ = try? HandshakeGrant(parsing: bytes)
        _ = try? PushReply(parsing: bytes)
        _ = try? PullRequest(parsing: bytes)
        _ = try? PullLine(bytes)
        _ = try? Heartbeat(parsing: bytes)
        _ = try? GroupStatusReply(parsing: bytes)
        _ = try? HeadsReply(parsing: bytes)
        _ = try? IdentityReply(parsing: bytes)
        _ = try? Invite(parsing: bytes)
        _ = try? ErrorBody(parsing: bytes)
        if let push = try? PushRequest(parsing: bytes) {
            _ = try? WireEvents.parse(push.body, at: push.events, group: group, crypto)
        }
    }
}
