import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveTestKit
import HiveWire
import Testing

@Suite("POST /sync/v1/groups/:id/leave", .opensFiles)
struct LeaveEndpointTests {
    private static let token = "a token that beta presents to alpha"

    /// Alpha with a group whose member beta presents a token, and somebody who calls as beta.
    private func run(
        _ body: @Sendable @escaping (PeeringPair, GroupID, PeeringCaller) async throws -> Void
    ) async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await pair.join(group)
            try await pair.settle(group, events: 2)
            try await pair.a.store.putSession(
                instance: pair.b.instance,
                tokenHash: SwiftCrypto().sha256(Array(Self.token.utf8)).bytes,
                identityKey: pair.b.identityKey
            )
            try await PeeringCaller.with(pair.a.endpoint) { try await body(pair, group, $0) }
        }
    }

    private func leave(_ caller: PeeringCaller, _ group: GroupID, _ body: [UInt8]) async throws -> PeeringCaller.Reply {
        try await caller.call(
            .post,
            "/groups/\(group.rawValue)/leave",
            authorization: "Bearer " + Self.token,
            body: body
        )
    }

    /// Beta's log opened, and its removal of itself: not admitted anywhere yet.
    private func leaving(_ pair: PeeringPair, _ group: GroupID) throws -> (opening: Event, removal: Event) {
        var writer = TestInstance("b", seed: 12, crypto: SwiftCrypto())
        writer.open(in: group)
        let removal = InstanceRemoved(instance: writer.id, fence: nil)
        writer.append(.instanceRemoved(removal))
        return (writer.events[writer.events.count - 2], writer.events[writer.events.count - 1])
    }

    @Test(
        "The caller's own signed removal is admitted, the durable heads are named, and no later call comes through"
    )
    func leaves() async throws {
        try await run { pair, group, caller in
            let (opening, removal) = try leaving(pair, group)
            let early = try await leave(caller, group, LeaveRequest(event: removal.wireBytes()).body)
            #expect(early.status == 409, "\(early.text)")
            #expect(early.sentence?.contains("push them first") == true)
            try pair.a.replica.write([opening], group)
            let reply = try await leave(caller, group, LeaveRequest(event: removal.wireBytes()).body)
            #expect(reply.status == 200, "\(reply.text)")
            let heads = try LeaveReply(parsing: reply.body).heads
            #expect(heads.first { $0.origin == pair.b.instance }?.hash == removal.hash)
            #expect(try await pair.a.replica.role(of: pair.b.instance, in: group) == nil)
            let again = try await leave(caller, group, LeaveRequest(event: removal.wireBytes()).body)
            #expect(again.status == 403)
        }
    }

    @Test("Anything else is refused with a sentence and changes nothing")
    func refused() async throws {
        try await run { pair, group, caller in
            let (opening, removal) = try leaving(pair, group)
            try pair.a.replica.write([opening], group)
            let before = try await pair.a.replica.heads(of: group)

            #expect(try await leave(caller, group, Array("{}".utf8)).status == 400)
            #expect(try await leave(caller, group, Array(#"{"event":7}"#.utf8)).status == 400)
            #expect(try await leave(caller, group, Array("no".utf8)).status == 400)
            let other = try await leave(caller, group, LeaveRequest(event: opening.wireBytes()).body)
            #expect(other.status == 422)
            #expect(other.sentence?.contains("nothing was changed") == true)

            var forged = removal
            forged.signature[3] ^= 1
            let unsigned = try await leave(caller, group, LeaveRequest(event: forged.wireBytes()).body)
            #expect(unsigned.status == 422, "\(unsigned.text)")

            var text = String(decoding: removal.wireBytes(), as: UTF8.self)
            text = text.replacing(group.rawValue, with: "sg_" + String(repeating: "a", count: 26))
            #expect(try await leave(caller, group, LeaveRequest(event: Array(text.utf8)).body).status == 400)

            let foreign = try pair.a.write { writer in
                writer.append(.instanceRemoved(InstanceRemoved(instance: pair.a.instance, fence: nil)))
                return writer.events[writer.events.count - 1]
            }
            #expect(try await leave(caller, group, LeaveRequest(event: foreign.wireBytes()).body).status == 422)
            #expect(try await pair.a.replica.role(of: pair.b.instance, in: group) == .member)
            let after = try await pair.a.replica.heads(of: group)
            let own = { (heads: GroupHeads?) in heads?.heads.first { $0.origin == pair.b.instance }?.hash }
            #expect(own(after) == own(before))
        }
    }
}
