import HiveCrypto
import HiveModel
import HiveTestKit
import Testing

@Suite("The signed text of a transfer")
struct OwnerTextTests {
    private let group = ControlPayloadTests.group

    /// The text by another way: parse, take the two members out, write.
    private func expected(_ payload: [UInt8]) throws -> String {
        let statement = try JSONValue(parsing: payload).with(["signature": nil, "cosigs": nil])
        return "openhive-owner-v1\n\(group.id.rawValue)\n\(statement.canonicalBytes().text)"
    }

    private func read(_ payload: [UInt8]) throws -> OwnerChanged {
        guard case .ownerChanged(let change) = EventPayload(type: .ownerChanged, payload: payload) else {
            throw VoidPayload()
        }
        return change
    }

    private struct VoidPayload: Error {}

    @Test("It is the RFC 8785 form of all members but signature and cosigs, built here or read")
    func builtAndRead() throws {
        for case .ownerChanged(let built) in ControlPayloadTests.typed {
            let bytes = built.canonicalPayload
            #expect(built.signedText(group: group.id).text == (try expected(bytes)))
            #expect(try read(bytes).signedText(group: group.id) == built.signedText(group: group.id))
        }
    }

    @Test("It does not depend on who signs, and on everything else it does")
    func dependsOn() {
        func text(_ n: Int64, _ authority: OwnerAuthority, _ extra: [JSONMember] = [], _ quorum: Int64? = nil) -> String
        {
            let change = OwnerChanged(
                n: n,
                to: ControlPayloadTests.agent,
                pin: ControlPayloadTests.fence,
                quorum: quorum,
                authority: authority,
                extra: extra
            )
            return change.signedText(group: group.id).text
        }
        let byOwner = OwnerAuthority.owner(signature: [])
        let plain = text(1, byOwner)
        #expect(plain == text(1, .quorum([])))
        #expect(plain != text(2, byOwner) && plain != text(1, byOwner, [], 0))
        #expect(plain != text(1, byOwner, [JSONMember("x", .null)]))
    }

    @Test("Members nobody knows are signed wherever they stand, in the order of UTF-16, and written again")
    func unknownMembers() throws {
        let unknown: [(String, JSONValue?)] = [
            ("", .bool(true)), ("\u{10000}", .int(1)), ("\u{E000}", .int(2)), ("N", .string("e\u{301}")),
            ("qu\u{F6}rum", .array([.object([JSONMember("signature", .null)])])),
        ]
        let nested = ControlVoids.transfer.with([
            "to": ControlVoids.agent.with(["avatar_url": .null, "title": .string("Dr.")]),
            "pin": ControlVoids.transfer["pin"]?.with(["at": .int(5)]),
        ])
        let payload = nested.with(unknown).canonicalBytes()
        let change = try read(payload)
        let text = change.signedText(group: group.id).text
        #expect(text == (try expected(payload)))
        #expect(text.contains("\"title\":\"Dr.\"") && text.contains("\"at\":5") && text.contains("\"avatar_url\":null"))
        #expect(change.extra == JSONValue.object([]).with(unknown).members)
        #expect(change.canonicalPayload == payload)
    }

    @Test("A key keeps the spelling it came in")
    func spelling() throws {
        let der = "MCowBQYDK2VwAyEA" + String(repeating: "A", count: 43) + "="
        let payload = ControlVoids.transfer.with(["successors": .array([.string(der)])]).canonicalBytes()
        let change = try read(payload)
        #expect(change.successors == [try #require(PublicKey(bytes: Array(repeating: 0, count: 32)))])
        #expect(change.signedText(group: group.id).text.contains(der))
        #expect(change.canonicalPayload == payload)
    }

    @Test("Extra members can't stand in for known ones")
    func extraOfKnownNames() throws {
        let names = ["cosigs", "n", "pin", "quorum", "signature", "successors", "to"]
        let change = OwnerChanged(
            n: 3,
            to: ControlPayloadTests.agent,
            pin: ControlPayloadTests.fence,
            authority: .owner(signature: ControlPayloadTests.signature),
            extra: names.map { JSONMember($0, .int(9)) } + [JSONMember("z", .null), JSONMember("a", .null)]
        )
        #expect(change.extra == [JSONMember("a", .null), JSONMember("z", .null)])
        #expect(try read(change.canonicalPayload).signedText(group: group.id) == change.signedText(group: group.id))
        #expect(try read(change.canonicalPayload).n == 3)
    }

    @Test("Setting the authority afterwards leaves the text as it was signed")
    func signing() throws {
        let identity = SwiftCrypto().key(5)
        var change = OwnerChanged(
            n: 1,
            to: ControlPayloadTests.agent,
            pin: ControlPayloadTests.fence,
            authority: .owner(signature: [])
        )
        change.authority = .owner(signature: identity.sign(change.signedText(group: group.id)))
        let arrived = try read(change.canonicalPayload)
        guard case .owner(let signature) = arrived.authority else {
            Issue.record("It is no owner's.")
            return
        }
        let text = arrived.signedText(group: group.id)
        #expect(SwiftCrypto().isValid(signature: signature, message: text, key: identity.publicKey))
    }
}
