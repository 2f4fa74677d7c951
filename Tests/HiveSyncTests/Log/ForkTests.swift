import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Forks")
struct ForkTests {
    /// A member that wrote on in two ways after `p0`: `a1`, `a2`, `a3` and `b1`, `b2`.
    private func forked() -> (group: Group, left: Instance, right: Instance) {
        var group = Group(2)
        group.instances[1].post("p0")
        var (left, right) = (group.instances[1], group.instances[1])
        for name in ["a1", "a2", "a3"] { left.post(name) }
        right.wallMs += 3
        for name in ["b1", "b2"] { right.post(name) }
        return (group, left, right)
    }

    private func replica(_ group: Group, _ logs: [Event]...) throws -> Replica {
        var replica = Replica(of: group.id)
        for log in [group.events] + logs { try replica.admit(log) }
        return replica
    }

    @Test("Two replicas that saw the sides of a fork in either order cut the log at the same place, with equal heads")
    func eitherOrder() throws {
        let (group, left, right) = forked()
        let first = try replica(group, left.events, right.events)
        let second = try replica(group, right.events, left.events)
        #expect(first.state.heads() == second.state.heads())
        #expect(first.state.proofs(of: left.id) == second.state.proofs(of: left.id))
        #expect(first.state.head(of: left.id)?.place == Place(epoch: 1, seq: 2))
        #expect(try first.dump == second.dump && first.root == second.root)
        #expect(first.post(left.entity("a1")) == nil && first.post(left.entity("p0")) != nil)
        #expect(first.state.keptEvents(of: left.id).map(\.event) == left.events.suffix(3))
        #expect(second.state.keptEvents(of: left.id).map(\.event) == right.events.suffix(2))
    }

    @Test("What a cut leaves as a log's end is checked by itself, so that what is sent can end there")
    func verifiedEnd() throws {
        var group = Group(2)
        for name in ["p0", "p1", "p2"] { group.instances[1].post(name) }
        var twin = group.instances[1]
        group.instances[1].post("a")
        twin.wallMs += 3
        twin.post("b")
        var replica = try replica(group)
        let end = Place(epoch: 1, seq: 4)
        #expect(!replica.state.isVerified(origin: twin.id, place: end))
        try replica.admit(twin.events)
        #expect(replica.state.head(of: twin.id)?.place == end)
        #expect(replica.state.isVerified(origin: twin.id, place: end))
    }

    @Test("A proof alone cuts a log that nobody saw fork, and one whose events come later")
    func proofAlone() throws {
        let (group, left, right) = forked()
        let proof = try #require(try replica(group, left.events, right.events).state.proofs(of: left.id).first)
        var after = try replica(group, left.events)
        let outcome = try after.admit(proofs: [proof])
        #expect(outcome.provedElsewhere == 1 && outcome.cutLogs == [left.id])
        var before = Replica(of: group.id)
        #expect(try before.admit(proofs: [proof]).unknown == [left.id])
        try before.admit(group.owner.events)
        #expect(try before.admit(proofs: [proof]).provedElsewhere == 1)
        // The opening that the proof carries stands already.
        #expect(before.state.head(of: left.id)?.place == Place(epoch: 1, seq: 1))
        let taken = try before.admit(left.events)
        #expect(taken.inserted == 1 && taken.cuts == [left.id: [.fork(proof)]])
        #expect(before.state.heads() == after.state.heads())
        #expect(try before.admit(proofs: [proof]).duplicates == 1)
        #expect(try before.dump == after.dump)
    }

    @Test("An opening that a proof carries and that lies ahead of the clock is held, and comes as any event")
    func openingAhead() throws {
        let (group, left, right) = forked()
        let proof = try #require(try replica(group, left.events, right.events).state.proofs(of: left.id).first)
        let opening = try #require(proof.opening)
        var early = Replica(of: group.id)
        try early.admit(group.owner.events)
        let drift = GroupPolicy().maxClockDriftMs
        let outcome = try early.admit(proofs: [proof], wallMs: opening.header.time.ms - drift - 1)
        #expect(outcome.provedElsewhere == 1 && outcome.inserted == 0)
        #expect(outcome.heldEvents == 1 && outcome.heldUntilMs == opening.header.time.ms - drift)
        #expect(early.state.head(of: left.id) == nil && early.state.keptEvents(of: left.id).isEmpty)
        try early.admit(left.events)
        #expect(early.state.head(of: left.id)?.place == Place(epoch: 1, seq: 2))
    }

    @Test("The smallest proof wins, whatever came first")
    func smallest() throws {
        let (group, left, right) = forked()
        var third = left
        third.post("c4")
        var fourth = left
        fourth.wallMs += 5
        fourth.post("d4")
        var late = try replica(group, third.events, fourth.events)
        let lateProof = try #require(late.state.proofs(of: left.id).first)
        #expect(lateProof.place == Place(epoch: 1, seq: 6) && late.state.head(of: left.id)?.place.seq == 5)
        var early = try replica(group, left.events, right.events)
        let earlyProof = try #require(early.state.proofs(of: left.id).first)
        #expect(try early.admit(proofs: [lateProof]).duplicates == 1)
        #expect(try late.admit(proofs: [earlyProof]).cutLogs == [left.id])
        #expect(early.state.heads() == late.state.heads())
        #expect(try late.admit(proofs: [lateProof]).duplicates == 1)
    }

    @Test("Two openings of one epoch kill it: the epoch before decides, and the next one again")
    func deadEpoch() throws {
        let group = Group(2)
        let base = group.instances[1]
        let closed = base.events.suffix(1).map { ClosedEpoch(last: $0.header.place, hash: $0.hash) }
        var (left, right) = (base, base)
        left.open(in: group.id, epoch: 2, closed: closed)
        left.post("a")
        right.open(in: group.id, epoch: 2, closed: closed, reason: "again")
        right.post("b")
        var first = try replica(group, left.events, right.events)
        var second = try replica(group, right.events, left.events)
        for replica in [first, second] {
            #expect(replica.state.head(of: base.id)?.place == Place(epoch: 1, seq: 1))
            #expect(replica.state.proofs(of: base.id).map(\.place) == [Place(epoch: 2, seq: 1)])
            #expect(replica.post(base.entity("a")) == nil && replica.post(base.entity("b")) == nil)
        }
        #expect(first.state.heads() == second.state.heads())
        let refused = try first.admit(Array(left.events.suffix(2)))
        #expect(refused.inserted == 0 && refused.cuts[base.id] == first.state.proofs(of: base.id).map { .fork($0) })
        var healed = base
        healed.open(in: group.id, epoch: 3, closed: closed, reason: "recovered")
        healed.post("c")
        for log in [healed.events] {
            #expect(try first.admit(log).inserted == 2)
            #expect(try second.admit(log).inserted == 2)
        }
        #expect(first.state.head(of: base.id)?.cut == nil)
        #expect(try first.state.heads() == second.state.heads() && first.dump == second.dump)
    }

    @Test("A new epoch decides which chain a forked one was, and a chain kept aside or sent again stands")
    func closedByEpoch() throws {
        let (group, left, right) = forked()
        var healed = right
        let end = try #require(right.lastEvent)
        let closed = [ClosedEpoch(last: end.header.place, hash: end.hash)]
        healed.open(in: group.id, epoch: 2, closed: closed, reason: "recovered")
        healed.post("c")
        // It saw the right side first, so that is aside and complete.
        var first = try replica(group, right.events, left.events)
        #expect(try first.admit(healed.events).inserted == 4)
        // It saw the left side first and dropped the right, which comes again with the opening.
        var second = try replica(group, left.events, right.events)
        let waiting = try second.admit(Array(healed.events.suffix(2)))
        #expect(waiting.inserted == 0 && waiting.need.map(\.held?.place) == [Place(epoch: 1, seq: 2)])
        #expect(try second.admit(healed.events).inserted == 4)
        for replica in [first, second] {
            #expect(replica.post(left.entity("b2")) != nil && replica.post(left.entity("c")) != nil)
            #expect(replica.post(left.entity("a1")) == nil)
            #expect(replica.state.head(of: left.id)?.cut == nil)
        }
        #expect(try first.state.heads() == second.state.heads() && first.dump == second.dump)
    }

    @Test("A chain that an opening closes may come event by event: the older standing stays until it is whole")
    func waits() throws {
        let (group, left, right) = forked()
        var healed = right
        let end = try #require(right.lastEvent)
        healed.open(
            in: group.id,
            epoch: 2,
            closed: [ClosedEpoch(last: end.header.place, hash: end.hash)],
            reason: "recovered"
        )
        var replica = try replica(group, left.events)
        let opening = try #require(healed.lastEvent)
        #expect(try replica.admit([opening]).inserted == 0)
        #expect(replica.state.head(of: left.id)?.place == Place(epoch: 1, seq: 5))
        for event in right.events.suffix(2).dropLast() { #expect(try replica.admit([event]).inserted == 0) }
        #expect(replica.post(left.entity("b1")) == nil)
        #expect(try replica.admit([end]).cutLogs == [left.id] || replica.state.head(of: left.id)?.place.epoch == 2)
        #expect(replica.post(left.entity("b2")) != nil && replica.post(left.entity("a1")) == nil)
        #expect(replica.state.head(of: left.id)?.place == Place(epoch: 2, seq: 1))
        #expect(replica.state.terms(of: left.id).awaited.isEmpty)
    }

    @Test("A forged proof proves nothing: other keys, other groups, one side twice")
    func forged() throws {
        let (group, left, right) = forked()
        let proof = try #require(try replica(group, left.events, right.events).state.proofs(of: left.id).first)
        var victim = try replica(group, left.events)
        let crypto = StandInCrypto()
        var sides = proof.sides
        sides[0].signature = [UInt8](repeating: 0, count: 64)
        let unsigned = try #require(
            ForkProof(opening: proof.opening, sides[0], sides[1], group: group.id, hashing: crypto)
        )
        #expect(try victim.admit(proofs: [unsigned]).rejected.count == 1)
        var opening = try #require(proof.opening)
        opening.signature = [UInt8](repeating: 0, count: 64)
        let stolen = try #require(
            ForkProof(opening: opening, proof.sides[0], proof.sides[1], group: group.id, hashing: crypto)
        )
        #expect(try victim.admit(proofs: [stolen]).rejected.count == 1)
        #expect(victim.state.proofs(of: left.id).isEmpty && victim.state.head(of: left.id)?.cut == nil)
        #expect(
            ForkProof(opening: proof.opening, sides[1], proof.sides[1], group: group.id, hashing: crypto) == nil
        )
    }
}

extension Replica {
    @discardableResult
    mutating func admit(proofs: [ForkProof], wallMs: Int64 = History.endMs) throws -> AdmissionOutcome {
        try admission { try $0.admit(proofs: proofs, wallMs: wallMs, into: &$1) }
    }

    @discardableResult
    mutating func admit(transfers: [[UInt8]]) throws -> AdmissionOutcome {
        try admission { try $0.admit(transfers: transfers, into: &$1) }
    }

    /// Runs `body` in a transaction of its own.
    mutating func admission<Result>(
        own: InstanceID? = nil,
        _ body: (inout Admission<MemoryState, StandInCrypto>, inout MemoryState) throws -> Result
    ) throws -> Result {
        var admission = Admission<MemoryState, StandInCrypto>(group: group, own: own, crypto: StandInCrypto())
        let result = try body(&admission, &state)
        try admission.finish(&state)
        return result
    }
}
