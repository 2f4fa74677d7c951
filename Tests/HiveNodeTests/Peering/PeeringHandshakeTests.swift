import HiveCrypto
import HiveModel
import HivePeering
import HivePorts
import HiveTestKit
import HiveWire
import Testing

@Suite("The handshake", .opensFiles)
struct PeeringHandshakeTests {
    private let secret = Array("a secret of sixteen bytes and more".utf8)
    private let stranger = TestInstance("stranger", seed: 99, crypto: SwiftCrypto())

    @Test("The first call proves who answers and changes nothing")
    func firstCall() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            let before = pair.a.replica.admissions
            try await PeeringCaller.with(pair.a.endpoint) { caller in
                let opened = try #require(try await caller.open(stranger, group: group).1)
                #expect(opened.reply.instance == pair.a.instance)
                #expect(
                    SwiftCrypto().isValid(
                        signature: opened.reply.signature,
                        message: HandshakeTranscript.replyMessage(opened.opening, opened.reply),
                        key: pair.a.identityKey
                    )
                )
            }
            #expect(pair.a.replica.admissions == before)
            #expect(try await pair.a.store.peers().isEmpty)
        }
    }

    @Test("An instance id that is not the key's is refused")
    func wrongKey() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await PeeringCaller.with(pair.a.endpoint) { caller in
                let (reply, opened) = try await caller.open(stranger, group: group) { $0.instance = pair.b.instance }
                #expect(reply.status == 403)
                #expect(reply.sentence?.contains("identity_key") == true)
                #expect(opened == nil)
            }
        }
    }

    @Test("Whoever lacks a valid proof hears the same, whether the group exists or not")
    func noProof() async throws {
        let pair = PeeringPair()
        let other = try #require(GroupID("sg_aaaaaaaaaaaaaaaaaaaaaaaaaa"))
        try await pair.run { group in
            try await pair.invite(group, secret: secret)
            try await PeeringCaller.with(pair.a.endpoint) { caller in
                // Who brings nothing is told that an admin may let it in; of the group neither tells anything.
                var (asking, proving): (Set<PeeringCaller.Reply>, Set<PeeringCaller.Reply>) = ([], [])
                for asked in [group, other] {
                    let opened = try #require(try await caller.open(stranger, group: asked).1)
                    asking.insert(try await caller.complete(opened.completion(.membership)))
                    let wrong = try #require(try await caller.open(stranger, group: asked).1)
                    let proof = wrong.inviteProof("inv_1", secret: Array("another secret, not the right one".utf8))
                    proving.insert(try await caller.complete(wrong.completion(proof)))
                    let unknown = try #require(try await caller.open(stranger, group: asked).1)
                    let missing = unknown.inviteProof("inv_2", secret: secret)
                    proving.insert(try await caller.complete(unknown.completion(missing)))
                    let keyed = try #require(try await caller.open(stranger, group: asked).1)
                    let mac = [UInt8](repeating: 1, count: 32)
                    proving.insert(try await caller.complete(keyed.completion(.handshakeSecret(mac: mac))))
                }
                for replies in [asking, proving] {
                    #expect(replies.count == 1)
                    #expect(replies.first?.status == 403)
                    #expect(replies.first?.sentence != nil)
                }
            }
            #expect(try await pair.a.replica.role(of: stranger.id, in: group) == nil)
        }
    }

    @Test("An expired invite and a used one let nobody in; the one it let in may shake hands again")
    func invites() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await PeeringCaller.with(pair.a.endpoint) { caller in
                try await pair.invite(group, secret: secret, expiresAtMs: 1)
                let late = try #require(try await caller.open(stranger, group: group).1)
                let refused = try await caller.complete(late.completion(late.inviteProof("inv_1", secret: secret)))
                #expect(refused.status == 403)

                try await pair.invite(group, secret: secret, uses: 1)
                let first = try #require(try await caller.open(stranger, group: group).1)
                let granted = try await caller.complete(first.completion(first.inviteProof("inv_1", secret: secret)))
                #expect(granted.status == 200)
                let again = try #require(try await caller.open(stranger, group: group).1)
                let repeated = try await caller.complete(again.completion(again.inviteProof("inv_1", secret: secret)))
                #expect(repeated.status == 200)

                let second = TestInstance("second", seed: 98, crypto: SwiftCrypto())
                let opened = try #require(try await caller.open(second, group: group).1)
                let used = try await caller.complete(opened.completion(opened.inviteProof("inv_1", secret: secret)))
                #expect(used.status == 403)
                #expect(try await pair.a.replica.role(of: second.id, in: group) == nil)
            }
        }
    }

    @Test("A handshake id serves once, and not after its time")
    func handshakeID() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await pair.invite(group, secret: secret, uses: 5)
            try await PeeringCaller.with(pair.a.endpoint) { caller in
                let opened = try #require(try await caller.open(stranger, group: group).1)
                let completion = opened.completion(opened.inviteProof("inv_1", secret: secret))
                #expect(try await caller.complete(completion).status == 200)
                #expect(try await caller.complete(completion).status == 403)
                var invented = completion
                invented.handshakeID = "nobody-made-this"
                #expect(try await caller.complete(opened.signed(invented)).status == 403)

                let now: Int64 = 1_800_000_000_000
                pair.a.setClock(now)
                let late = try #require(try await caller.open(stranger, group: group).1)
                pair.a.setClock(now + 30_001)
                let reply = try await caller.complete(late.completion(late.inviteProof("inv_1", secret: secret)))
                #expect(reply.status == 403)
                #expect(reply.sentence?.contains("begin again") == true)
            }
        }
    }

    @Test("A completion that was altered, or signed by another, is refused and burns the handshake")
    func tampered() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await pair.invite(group, secret: secret, uses: 5)
            try await PeeringCaller.with(pair.a.endpoint) { caller in
                let thief = TestInstance("thief", seed: 97, crypto: SwiftCrypto())
                let changes: [@Sendable (PeeringCaller.Opened, inout HandshakeCompletion) -> Void] = [
                    { _, completion in completion.signature[0] ^= 1 },
                    { _, completion in completion.sealedToken[20] ^= 1 },
                    { opened, completion in
                        completion.sealedToken[20] ^= 1
                        completion = opened.signed(completion)
                    },
                    { opened, completion in
                        completion.signature = thief.identity.sign(
                            HandshakeTranscript.completionMessage(opened.opening, opened.reply, completion)
                        )
                    },
                ]
                for change in changes {
                    let opened = try #require(try await caller.open(stranger, group: group).1)
                    let honest = opened.completion(opened.inviteProof("inv_1", secret: secret))
                    var completion = honest
                    change(opened, &completion)
                    #expect(try await caller.complete(completion).status == 403)
                    #expect(try await caller.complete(honest).status == 403)
                }
            }
            #expect(try await pair.a.replica.role(of: stranger.id, in: group) == nil)
            #expect(try await pair.a.store.tokenHash(of: stranger.id) == nil)
        }
    }

    @Test("The configured secret lets an instance in, a wrong one does not")
    func handshakeSecret() async throws {
        let pair = PeeringPair()
        var settings = PeeringSettings.quick
        settings.handshakeSecret = Array("sixteen bytes or more".utf8)
        var wrong = PeeringSettings.quick
        wrong.handshakeSecret = Array("sixteen other bytes...".utf8)
        let order = { @Sendable (endpoint: String) in
            HandshakeOrder(endpoints: [endpoint], group: nil, groupName: "sync:engineering", proof: .handshakeSecret)
        }
        let group = try pair.a.found()
        try await pair.a.run(settings) { [settings, wrong] in
            _ = try await pair.b.run(wrong) {
                await #expect(throws: HiveError.self) { try await pair.b.service.handshake(order(pair.a.endpoint)) }
            }
            try await pair.b.run(settings) {
                let result = try await pair.b.service.handshake(order(pair.a.endpoint))
                #expect(result.group == group)
                #expect(result.role == .member)
            }
        }
    }

    @Test("An invite is shown to its issuer only: another instance at the address gets nothing")
    func wrongResponder() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await pair.invite(group, secret: secret)
            var order = pair.order(group, secret: secret)
            order.expected = nil
            order.proof = .invite(id: "inv_1", secret: secret, issuer: stranger.id)
            let error = await #expect(throws: HiveError.self) { try await pair.b.service.handshake(order) }
            #expect(error?.code == .upstream)
            #expect(error?.message.contains("nothing secret was sent") == true)
            #expect(try await pair.a.store.invite(id: "inv_1")?.usesLeft == 1)
        }
    }

    @Test("An endpoint that does not answer is passed over for the next one")
    func nextEndpoint() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            try await pair.invite(group, secret: secret)
            var order = pair.order(group, secret: secret)
            order.endpoints = ["http://127.0.0.1:1", pair.a.endpoint]
            #expect(try await pair.b.service.handshake(order).instance == pair.a.instance)
        }
    }

    @Test("An instance does not shake hands with itself")
    func itself() async throws {
        let pair = PeeringPair()
        try await pair.run { group in
            var order = pair.order(group, secret: secret)
            order.proof = .membership
            let error = await #expect(throws: HiveError.self) { try await pair.a.service.handshake(order) }
            #expect(error?.code == .conflict)
        }
    }

    @Test("One address can't hold more than its share of open handshakes")
    func bounded() async throws {
        let pair = PeeringPair()
        var settings = PeeringSettings.quick
        settings.limits.handshakesPerAddress = 3
        try await pair.run(a: settings) { group in
            try await PeeringCaller.with(pair.a.endpoint) { caller in
                var statuses: [Int] = []
                for _ in 0..<4 { statuses.append(try await caller.open(stranger, group: group).0.status) }
                #expect(statuses == [200, 200, 200, 429])
            }
        }
    }
}
