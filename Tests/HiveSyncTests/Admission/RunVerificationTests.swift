import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Run verification")
struct RunVerificationTests {
    private static let zeros = [UInt8](repeating: 0, count: 64)

    /// An owner's log: the genesis and `count` posts, its last admitted genesis already in a replica.
    private func log(_ count: Int, contentBytes: Int = 10) throws -> (events: [Event], replica: Replica) {
        var group = Group(1)
        let content = String(repeating: "x", count: contentBytes)
        for number in 0..<count { group.owner.post("p\(number)", content: content) }
        var replica = Replica(of: group.id)
        try replica.admit(Array(group.events.prefix(1)))
        return (Array(group.events.dropFirst()), replica)
    }

    private func spoil(_ events: [Event], _ places: Int64...) -> [Event] {
        events.map { event in
            var event = event
            if places.contains(event.header.place.seq) { event.signature = Self.zeros }
            return event
        }
    }

    private func verified(_ replica: Replica) -> [Int64] {
        guard let origin = replica.state.heads().first?.origin else { return [] }
        return (1...Int64(replica.state.eventCount)).filter {
            replica.state.isVerified(origin: origin, place: Place(epoch: 1, seq: $0))
        }
    }

    @Test("The last signature of a run vouches for bad ones inside it")
    func lastVouches() throws {
        var (events, replica) = try log(10)
        let outcome = try replica.admit(spoil(events, 3, 4, 9))
        #expect(outcome.inserted == 10 && outcome.rejected.isEmpty)
        #expect(verified(replica) == [1, 11])
    }

    @Test("Where the last is bad, the nearest good one before it ends what is admitted")
    func fallback() throws {
        var (events, replica) = try log(10)
        let outcome = try replica.admit(spoil(events, 9, 10, 11))
        #expect(outcome.inserted == 7)
        #expect(outcome.rejected.map(\.place) == [Place(epoch: 1, seq: 9)])
        #expect(outcome.rejected[0].reason.hasPrefix("No valid signature vouches for it"))
        #expect(verified(replica) == [1, 8])
        #expect(try replica.admit(events).inserted == 3)
    }

    @Test("Where all are bad, nothing is admitted")
    func allBad() throws {
        var (events, replica) = try log(3)
        let outcome = try replica.admit(spoil(events, 2, 3, 4))
        #expect(outcome.inserted == 0 && outcome.rejected.map(\.place) == [Place(epoch: 1, seq: 2)])
    }

    @Test("One at least every 64 events is checked, and a bad one there ends the run before it")
    func everySixtyFour() throws {
        var (events, replica) = try log(200)
        #expect(try replica.admit(events).inserted == 200)
        #expect(verified(replica) == [1, 65, 129, 193, 201])
        var (_, strict) = try log(200)
        let outcome = try strict.admit(spoil(events, 129))
        #expect(outcome.inserted == 127 && verified(strict) == [1, 65, 128])
        #expect(outcome.rejected.map(\.place) == [Place(epoch: 1, seq: 129)])
    }

    @Test("One at least every mebibyte is checked")
    func everyMebibyte() throws {
        var (events, replica) = try log(12, contentBytes: 250_000)
        try replica.admit(events)
        #expect(verified(replica) == [1, 6, 11, 13])
    }

    @Test("A control event needs its own signature, wherever it stands")
    func control() throws {
        var group = Group(1)
        group.owner.post("p")
        group.owner.add(Instance("other", seed: 5, crypto: StandInCrypto()))
        group.owner.append(.membershipChanged, payload: Array(#"{"action":"ban"}"#.utf8))
        group.owner.append(.membershipChanged, payload: Array(#"{"action":"join"}"#.utf8))
        group.owner.post("q")
        var replica = Replica(of: group.id)
        #expect(try replica.admit(spoil(group.events, 3)).inserted == 2)
        #expect(try replica.admit(spoil(group.events, 4)).inserted == 1)
        #expect(try replica.admit(spoil(group.events, 5)).inserted == 3)
        #expect(verified(replica) == [1, 2, 3, 4, 6])
    }
}
