import HiveModel
import HiveSync
import HiveTestKit
import HiveWire
import Testing

private struct OtherLine: Error {}

@Suite("Fork proofs, transfers and openings on the wire")
struct WireEvidenceTests {
    private let crypto = WireSamples.crypto
    private let group = WireSamples.group
    private let evidence: LogEvidence

    init() throws {
        var cluster = WireSamples.cluster
        var proofs: [ForkProof] = []
        for seq in 2...3 {
            for name in ["a", "b", "c"] { cluster.owner.post("p-\(seq)-\(name)") }
            proofs.append(try #require(LogStateContract.fork(of: cluster.owner, at: seq)))
        }
        var member = cluster.instances[1]
        member.open(in: cluster.id, epoch: 2, closed: [])
        let heir = cluster.instances[1].agent("heir")
        let pin = Fence(place: Place(epoch: 1, seq: 2), hash: WireSamples.hash)
        let transfers = try [1, 2].map { n in
            try #require(EventPayload.ownerChanged(cluster.owner.transfer(n, to: heir, pin: pin)).canonicalPayload)
        }
        evidence = LogEvidence(
            proofs: proofs,
            transfers: transfers,
            openings: Array(member.events.suffix(1))
        )
    }

    private var handed: LogEvidence { LogEvidence(proofs: evidence.proofs, transfers: evidence.transfers) }

    private func lines(_ evidence: LogEvidence) throws -> [PullLine] {
        var splitter = LineSplitter()
        splitter.append(WireEvidence(evidence).lines)
        var lines: [PullLine] = []
        while let line = try splitter.next() { lines.append(try PullLine(line)) }
        return lines
    }

    @Test("A push carries proofs and transfers beside its events")
    func push() throws {
        let event = evidence.openings[0]
        let body = PushRequest.body(
            lines: event.wireBytes() + [0x0A],
            senderSeq: 7,
            heads: WireSamples.heads,
            evidence: WireEvidence(evidence)
        )
        let request = try PushRequest(parsing: body)
        #expect(request.senderSeq == 7 && request.events.count == 1 && request.heads == WireSamples.heads)
        #expect(try request.evidence.read(group: group, crypto) == handed)
        let plain = try PushRequest(parsing: PushRequest.body(lines: [], senderSeq: 1, heads: nil))
        #expect(plain.evidence.isEmpty)
    }

    @Test("The reply to a push carries all three")
    func reply() throws {
        var reply = WireSamples.pushReply
        reply.evidence = WireEvidence(evidence)
        let read = try PushReply(parsing: reply.body)
        #expect(read.heads == reply.heads && read.rejected == reply.rejected)
        #expect(try read.evidence.read(group: group, crypto) == evidence)
        #expect(!String(decoding: WireSamples.pushReply.body, as: UTF8.self).contains("proofs"))
    }

    @Test("What cut off a part of a batch is in the reply that tells of it")
    func replyToOutcome() throws {
        var outcome = AdmissionOutcome()
        let origin = WireSamples.first.id
        let pin = Fence(place: Place(epoch: 1, seq: 2), hash: WireSamples.hash)
        outcome.proved = [evidence.proofs[0]]
        outcome.cuts[origin] = [
            .fork(evidence.proofs[0]), .fork(evidence.proofs[1]), .opening(evidence.openings[0]),
            .pin(OwnerTransfer(n: 1, signer: origin, to: origin, pin: pin, payload: evidence.transfers[0])),
            .pin(OwnerTransfer(n: 0, signer: origin, to: origin, pin: pin, payload: [])),
        ]
        let reply = PushReply(outcome, receivedSeq: 1, serverTimeMs: 1, credits: 1)
        let read = try PushReply(parsing: reply.body).evidence.read(group: group, crypto)
        #expect(read.proofs == evidence.proofs && read.openings == evidence.openings)
        #expect(read.transfers == [evidence.transfers[0]])
    }

    @Test("A stream begins with a line for each, and openings are events like others")
    func stream() throws {
        let lines = try lines(evidence)
        #expect(lines.count == 5)
        for (line, proof) in zip(lines, evidence.proofs) {
            guard case .proof(let bytes) = line else { throw OtherLine() }
            #expect(try WireEvidence.proof(bytes, "proof", group: group, crypto) == proof)
        }
        #expect(lines[2...3].map { $0 } == evidence.transfers.map { .transfer($0) })
        #expect(lines[4] == .event(evidence.openings[0].wireBytes()))
    }

    @Test(
        "Only an object with that one member is a line of its own",
        arguments: [
            ("{\"proof\":{}}", true), (" { \"proof\" : {\"end\":1} } ", true), ("{\"transfer\":[]}", true),
            ("{\"proof\":{},\"v\":1}", false), ("{\"proofs\":{}}", false), ("{\"proof\":{}", false),
            ("{\"proof\":}", false), ("{\"transfer\"", false), ("", false), ("[]", false),
        ]
    )
    func marks(text: String, isMarked: Bool) throws {
        let bytes = Array(text.utf8)
        #expect((PullLine.mark(of: bytes, in: bytes.indices) != nil) == isMarked)
        if !isMarked { #expect(try PullLine(bytes) == .event(bytes)) }
    }

    @Test(
        "What can't be read is named by its place in the list",
        arguments: [
            ("\"proofs\":[{}]", "proofs[0]"), ("\"proofs\":[7]", "proofs[0]"), ("\"proofs\":{}", "proofs"),
            ("\"transfers\":[{\"n\":1}]", "transfers[0]"), ("\"transfers\":[\"x\"]", "transfers[0]"),
            ("\"transfers\":[{\"n\":NaN}]", "transfers[0]"), ("\"proofs\":[],\"proofs\":[]", "proofs"),
            ("\"proofs\":[{", "proofs"), ("\"transfers\":7", "transfers"),
        ]
    )
    func badParts(text: String, named: String) {
        let error = #expect(throws: WireError.self) {
            let request = try PushRequest(parsing: Array("{\"events\":[],\"sender_seq\":1,\(text)}".utf8))
            _ = try request.evidence.read(group: group, crypto)
        }
        #expect(error.map { $0.message.contains(named) } == true)
    }

    @Test("More entries than a message may have are refused, and nobody sends them")
    func bounds() throws {
        let many = Array(repeating: "{}", count: WireLimits.evidenceMax + 1).joined(separator: ",")
        for key in ["proofs", "transfers"] {
            let body = Array("{\"events\":[],\"sender_seq\":1,\"\(key)\":[\(many)]}".utf8)
            let error = #expect(throws: WireError.self) { try PushRequest(parsing: body) }
            #expect(error?.code == .tooLarge)
        }
        var reply = WireSamples.pushReply
        reply.evidence.openings = Array(repeating: Array("{}".utf8), count: WireLimits.evidenceMax + 1)
        #expect(throws: WireError.self) { try PushReply(parsing: reply.body) }

        let first = evidence.transfers[0]
        let repeated = LogEvidence(transfers: Array(repeating: first, count: 9))
        #expect(WireEvidence(repeated, countMax: 4).transfers.count == 4)
        let fitting = WireEvidence(repeated, bytesMax: 3 * first.count)
        #expect(fitting.transfers.count == 2 && fitting.byteCount < 3 * first.count)
    }

    @Test("A proof about another group is refused")
    func otherGroup() {
        let wire = WireEvidence(LogEvidence(proofs: [evidence.proofs[0]]))
        let other = GroupID(genesisHash: WireSamples.otherHash)
        #expect(throws: WireError.self) { try wire.read(group: other, crypto) }
    }

    @Test("Cut off or altered anywhere, bytes are refused or read, and nothing traps", arguments: UInt64(1)...30)
    func garbage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var body = PushRequest.body(lines: [], senderSeq: 1, heads: nil, evidence: WireEvidence(evidence))
        if random.below(2) == 0 { body.removeLast(random.below(body.count)) }
        for _ in 0..<3 where !body.isEmpty { body[random.below(body.count)] = UInt8(random.below(256)) }
        if let request = try? PushRequest(parsing: body) { _ = try? request.evidence.read(group: group, crypto) }
        var line = WireEvidence(evidence).lines
        line[random.below(line.count)] = UInt8(random.below(256))
        for range in LineSplitter.ranges(of: line) { _ = try? PullLine(Array(line[range])) }
        WireSamples.readAsEverything(body)
    }
}
