import HiveCrypto
import HiveModel
import HiveSync
import HiveTestKit
import HiveWire

/// Makes `docs/vectors/messages.json`: every text beside events that is signed or authenticated, from fixed keys.
struct MessageVectors {
    private let cluster = TestGroup(2, seed: 0xC, crypto: SwiftCrypto())
    private var responder: TestInstance<SwiftCrypto> { cluster.instances[0] }
    private var joiner: TestInstance<SwiftCrypto> { cluster.instances[1] }
    private static let secret: [UInt8] = Array(1...32)
    private static let token = "example-token-0123456789"

    func fileBytes() -> [UInt8] {
        let file = Self.object([
            ("about", .string("Signed and authenticated texts beside events; all keys are made up.")),
            ("signed", .array(signed)), ("authenticated", .array([proof, request])),
        ])
        return file.canonicalBytes() + Array("\n".utf8)
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(unsorted: members.map { JSONMember($0.0, $0.1) })
    }

    // MARK: Signed by an identity key

    private var signed: [JSONValue] {
        var record = SignedPeerRecord(
            instance: joiner.id,
            endpoints: ["https://hive.example.org/sync/v1"],
            links: [responder.id],
            recordSeq: WireSamples.time,
            expiresMs: WireSamples.time + 604_800_000,
            extra: [JSONMember("a_later_member", .string("signed too"))]
        )
        record.signature = joiner.identity.sign(record.signingMessage)
        var identity = WireSamples.identity
        identity.instance = responder.id
        identity.identityKey = responder.identityKey
        identity.signature = responder.identity.sign(identity.signingMessage)
        let (opening, reply, completion, grant) = handshake
        return [
            entry("a peer record", record.signingMessage, by: joiner, record.signature, wire: record.json),
            entry("who answers", identity.signingMessage, by: responder, identity.signature, wire: identity.json),
            entry(
                "handshake: the responder's reply",
                HandshakeTranscript.replyMessage(opening, reply),
                by: responder,
                reply.signature,
                wire: reply.json
            ),
            entry(
                "handshake: the joiner's completion",
                HandshakeTranscript.completionMessage(opening, reply, completion),
                by: joiner,
                completion.signature,
                wire: completion.json
            ),
            entry(
                "handshake: the responder's grant",
                HandshakeTranscript.grantMessage(opening, reply, completion, grant),
                by: responder,
                grant.signature,
                wire: grant.json
            ),
        ]
    }

    private func entry(
        _ about: String,
        _ text: [UInt8],
        by signer: TestInstance<SwiftCrypto>,
        _ signature: [UInt8],
        wire: JSONValue
    ) -> JSONValue {
        Self.object([
            ("about", .string(about)), ("text", .string(String(decoding: text, as: UTF8.self))),
            ("key", .string(signer.identityKey.base64)), ("signature", .string(Base64.encode(signature))),
            ("wire", wire),
        ])
    }

    private var handshake: (HandshakeOpening, HandshakeReply, HandshakeCompletion, HandshakeGrant) {
        var opening = WireSamples.opening
        (opening.groupID, opening.instance, opening.identityKey) = (cluster.id, joiner.id, joiner.identityKey)
        var reply = WireSamples.reply
        (reply.instance, reply.identityKey) = (responder.id, responder.identityKey)
        reply.signature = responder.identity.sign(HandshakeTranscript.replyMessage(opening, reply))
        var completion = WireSamples.completion
        completion.proof = .invite(id: "inv_1", mac: mac(HandshakeTranscript.proofMessage(opening, reply)))
        let completed = HandshakeTranscript.completionMessage(opening, reply, completion)
        completion.signature = joiner.identity.sign(completed)
        var grant = WireSamples.grant
        (grant.groupID, grant.signingKey, grant.heads) = (cluster.id, responder.identityKey, [])
        grant.signature = responder.identity.sign(
            HandshakeTranscript.grantMessage(opening, reply, completion, grant)
        )
        return (opening, reply, completion, grant)
    }

    // MARK: Authenticated by a shared secret

    /// Under the SHA-256 of the secret, which is what the issuer of an invite keeps.
    private func mac(_ text: [UInt8]) -> [UInt8] {
        MessageCode.hmacSHA256(text, key: SwiftCrypto().sha256(Self.secret).bytes)
    }

    private var proof: JSONValue {
        let (opening, reply, _, _) = handshake
        let text = HandshakeTranscript.proofMessage(opening, reply)
        return Self.object([
            ("about", .string("handshake: the proof of an invite; the key is the SHA-256 of its secret")),
            ("text", .string(String(decoding: text, as: UTF8.self))),
            ("secret", .string(Hash256.hex(of: Self.secret))), ("mac", .string(Base64.encode(mac(text)))),
        ])
    }

    private var request: JSONValue {
        let path = "/sync/v1/groups/\(cluster.id.rawValue)/heads"
        let lines = [
            "openhive-request-v1", "GET", path, SwiftCrypto().sha256([]).hex, String(WireSamples.time),
            "bm9uY2Utb2YtMTYtYnl0ZXM",
        ]
        let text = Array(lines.joined(separator: "\n").utf8)
        let key = SwiftCrypto().sha256(Array(Self.token.utf8)).bytes
        let mac = MessageCode.hmacSHA256(text, key: key)
        let header = "HiveHMAC \(joiner.id.rawValue):\(WireSamples.time):\(lines[5]):\(Base64URL.encode(mac))"
        return Self.object([
            ("about", .string("a GET without a body over plain http; the key is the SHA-256 of the token")),
            ("text", .string(String(decoding: text, as: UTF8.self))), ("path", .string(path)),
            ("secret", .string(Hash256.hex(of: Array(Self.token.utf8)))), ("mac", .string(Base64.encode(mac))),
            ("authorization", .string(header)),
        ])
    }
}

extension Hash256 {
    /// Lower-case hex of any bytes.
    fileprivate static func hex(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
