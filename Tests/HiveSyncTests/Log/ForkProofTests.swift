import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Fork proofs as JSON")
struct ForkProofTests {
    private let crypto = StandInCrypto()

    private func proof() throws -> (ForkProof, GroupID) {
        var group = Group(1)
        for name in ["p1", "p2"] { group.owner.post(name) }
        return (try #require(LogStateContract.fork(of: group.owner, at: 2)), group.id)
    }

    @Test("A proof is read back as it was written, and its hash is that of its canonical form")
    func roundTrip() throws {
        let (proof, group) = try proof()
        let bytes = proof.canonicalBytes
        #expect(try ForkProof(parsing: bytes, group: group, hashing: crypto) == proof)
        #expect(proof.hash == crypto.sha256(bytes))
        #expect(CanonicalJSON.isCanonical(bytes))
    }

    @Test("The sides are in the order of their hashes, whoever made the proof")
    func order() throws {
        let (proof, group) = try proof()
        let swapped = ForkProof(
            opening: proof.opening,
            proof.sides[1],
            proof.sides[0],
            group: group,
            hashing: crypto
        )
        #expect(swapped == proof)
        guard case .object(let members) = try JSONValue(parsing: proof.canonicalBytes) else { throw FixtureError() }
        let reversed = members.map { member in
            guard let sides = member.value.array else { return member }
            return JSONMember(member.key, .array(sides.reversed()))
        }
        #expect(throws: EventError.self) {
            try ForkProof(parsing: JSONValue.object(reversed).canonicalBytes(), group: group, hashing: crypto)
        }
    }

    @Test(
        "What is no proof is refused",
        arguments: [
            "{}", "[]", "{\"sides\":[]}", "{\"sides\":[1,2]}", "{\"sides\":[{\"headers\":[],\"signature\":\"\"},{}]}",
            "x",
        ]
    )
    func malformed(text: String) throws {
        let (_, group) = try proof()
        #expect(throws: EventError.self) { try ForkProof(parsing: Array(text.utf8), group: group, hashing: crypto) }
    }

    @Test("Members beyond the form, another group and headers with a payload are refused")
    func strict() throws {
        let (proof, group) = try proof()
        let text = String(decoding: proof.canonicalBytes, as: UTF8.self)
        let other = Group(1, seed: 9, crypto: crypto).id
        #expect(throws: EventError.self) { try ForkProof(parsing: Array(text.utf8), group: other, hashing: crypto) }
        for (from, to) in [
            ("{\"opening\"", "{\"more\":1,\"opening\""), ("{\"headers\":[{", "{\"headers\":[{\"payload\":{},"),
            ("\"signature\":\"", "\"signature\":\"A"),
        ] {
            let changed = text.replacing(from, with: to)
            #expect(changed != text)
            #expect(throws: EventError.self) {
                try ForkProof(parsing: Array(changed.utf8), group: group, hashing: crypto)
            }
        }
    }

    @Test("A hostile log's junk signatures lengthen the sides up to the next one that is valid")
    func junkSignatures() throws {
        var group = Group(2)
        var twin = group.instances[1]
        twin.wallMs += 1
        for name in ["a", "b", "c"] { group.instances[1].post(name) }
        for name in ["x", "y"] { twin.post(name) }
        var left = group.instances[1].events
        for index in [1, 2] { left[index].signature = [UInt8](repeating: 7, count: 64) }
        var replica = Replica(of: group.id)
        try replica.admit(group.owner.events + left)
        let proved = try #require(try replica.admit(twin.events).proved.first)
        #expect(proved.sides.map(\.headers.count).sorted() == [1, 3])
        #expect(proved.isValid(identityKey: twin.identityKey, crypto))
        let read = try ForkProof(parsing: proved.canonicalBytes, group: group.id, hashing: crypto)
        #expect(read == proved && read.hash == proved.hash)
    }

    @Test("A fork of openings carries their payloads, which name the keys")
    func openings() throws {
        let group = Group(2)
        var (left, right) = (group.instances[1], group.instances[1])
        let closed = left.events.suffix(1).map { ClosedEpoch(last: $0.header.place, hash: $0.hash) }
        left.open(in: group.id, epoch: 2, closed: closed)
        right.open(in: group.id, epoch: 2, closed: closed, reason: "again")
        var replica = Replica(of: group.id)
        try replica.admit(group.events + left.events)
        let proved = try #require(try replica.admit(right.events).proved.first)
        #expect(proved.opening == nil && proved.sides.allSatisfy { $0.payload != nil })
        #expect(try ForkProof(parsing: proved.canonicalBytes, group: group.id, hashing: crypto) == proved)
        #expect(proved.isValid(identityKey: left.identityKey, crypto))
        #expect(!proved.isValid(identityKey: group.owner.identityKey, crypto))
    }
}
