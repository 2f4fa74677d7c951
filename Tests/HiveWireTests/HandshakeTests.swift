import HiveCrypto
import HiveModel
import HiveSync
import HiveTestKit
import HiveWire
import Testing

@Suite("Handshake, identity and invites")
struct HandshakeTests {
    private let crypto = SwiftCrypto()

    @Test("The transcript is a line and the canonical form of the messages so far")
    func text() throws {
        let message = HandshakeTranscript.replyMessage(WireSamples.opening, WireSamples.reply)
        let mark = Array("openhive-handshake-v1\n".utf8)
        #expect(message.starts(with: mark))
        let json = Array(message.dropFirst(mark.count))
        #expect(CanonicalJSON.isCanonical(json))
        let value = try JSONValue(parsing: json)
        #expect(value.members?.map(\.key) == ["opening", "reply", "step"])
        #expect(value["opening"] == WireSamples.opening.json)
        #expect(value["reply"]?["signature"] == nil)
        #expect(value["step"]?.string == "reply")
    }

    @Test("Each step's text differs from every other step's")
    func steps() {
        let texts = [
            HandshakeTranscript.replyMessage(WireSamples.opening, WireSamples.reply),
            HandshakeTranscript.proofMessage(WireSamples.opening, WireSamples.reply),
            HandshakeTranscript.completionMessage(WireSamples.opening, WireSamples.reply, WireSamples.completion),
            HandshakeTranscript.grantMessage(
                WireSamples.opening,
                WireSamples.reply,
                WireSamples.completion,
                WireSamples.grant
            ),
        ]
        #expect(Set(texts).count == texts.count)
    }

    @Test("A member changed on its way, or added, is seen by the other side's text")
    func changed() throws {
        let original = HandshakeTranscript.completionMessage(
            WireSamples.opening,
            WireSamples.reply,
            WireSamples.completion
        )
        let changes: [(inout HandshakeOpening, inout HandshakeReply, inout HandshakeCompletion) -> Void] = [
            { opening, _, _ in opening.nonce[0] ^= 1 },
            { opening, _, _ in opening.ephemeralKey[0] ^= 1 },
            { opening, _, _ in opening.syncEndpoint = nil },
            { opening, _, _ in opening.extra = [JSONMember("later", .bool(true))] },
            { _, reply, _ in reply.nonce[0] ^= 1 },
            { _, reply, _ in reply.ephemeralKey[31] ^= 1 },
            { _, reply, _ in reply.handshakeID = "hs_2" },
            { _, _, completion in completion.sealedToken[3] ^= 1 },
            { _, _, completion in completion.proof = .membership },
        ]
        for change in changes {
            var (opening, reply, completion) = (WireSamples.opening, WireSamples.reply, WireSamples.completion)
            change(&opening, &reply, &completion)
            #expect(HandshakeTranscript.completionMessage(opening, reply, completion) != original)
        }
        // What is signed survives the wire, members of later versions included.
        var opening = WireSamples.opening
        opening.extra = [JSONMember("later", .array([.int(1)]))]
        let read = try HandshakeOpening(parsing: opening.body)
        #expect(
            HandshakeTranscript.replyMessage(read, WireSamples.reply)
                == HandshakeTranscript.replyMessage(opening, WireSamples.reply)
        )
    }

    @Test("Signatures both ways hold under their keys and under no other")
    func signatures() {
        let (joiner, responder) = (crypto.key(1), crypto.key(2))
        let reply = HandshakeTranscript.replyMessage(WireSamples.opening, WireSamples.reply)
        let signature = responder.sign(reply)
        #expect(crypto.isValid(signature: signature, message: reply, key: responder.publicKey))
        #expect(!crypto.isValid(signature: signature, message: reply, key: joiner.publicKey))
        let proof = HandshakeTranscript.proofMessage(WireSamples.opening, WireSamples.reply)
        #expect(!crypto.isValid(signature: signature, message: proof, key: responder.publicKey))
    }

    @Test("An identity's signature is over all its members")
    func identity() throws {
        let key = crypto.key(3)
        var identity = WireSamples.identity
        identity.signature = key.sign(identity.signingMessage)
        let read = try IdentityReply(parsing: identity.body)
        #expect(crypto.isValid(signature: read.signature, message: read.signingMessage, key: key.publicKey))
        var other = read
        other.nonce = "n-other"
        #expect(!crypto.isValid(signature: other.signature, message: other.signingMessage, key: key.publicKey))
    }

    @Test(
        "HMAC-SHA256 as RFC 4231 has it",
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
    )
    func authentication(key: [UInt8], message: [UInt8], code: String) {
        let computed = MessageAuthentication.code(of: message, key: key, crypto)
        #expect(Hex.encode(computed) == code)
        #expect(MessageAuthentication.areEqual(computed, computed))
        #expect(!MessageAuthentication.areEqual(computed, Array(computed.dropLast())))
        var other = computed
        other[31] ^= 1
        #expect(!MessageAuthentication.areEqual(computed, other))
    }

    @Test("An invite's text gives back the invite, white space around it forgiven")
    func invite() throws {
        let text = WireSamples.invite.text
        #expect(text.hasPrefix("ohi1_"))
        #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        #expect(try Invite(text: text) == WireSamples.invite)
        #expect(try Invite(text: " \n\(text)\r\n") == WireSamples.invite)
    }

    @Test(
        "An invite that can't be used says why",
        arguments: [
            ("", "ohi1_"), ("hello", "ohi1_"), ("ohi2_abc", "ohi1_"), ("ohi1_", "JSON"), ("ohi1_%%%", "base64url"),
            ("ohi1_e30", "group_id"), ("ohi1_W10", "object"), ("ohi1_eyJhIjox", "JSON"),
        ]
    )
    func badInvite(text: String, named: String) {
        let error = #expect(throws: WireError.self) { try Invite(text: text) }
        #expect(error?.message.contains(named) == true)
    }

    @Test("An invite cut anywhere is refused")
    func cutInvite() {
        let text = WireSamples.invite.text
        for length in 0..<text.utf8.count {
            #expect(throws: WireError.self) { try Invite(text: String(text.prefix(length))) }
        }
        #expect(throws: WireError.self) { try Invite(text: "ohi1_" + String(repeating: "A", count: 40_000)) }
    }
}
