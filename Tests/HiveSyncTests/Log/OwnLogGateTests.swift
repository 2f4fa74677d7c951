import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("The gate before the own log")
struct OwnLogGateTests {
    private let owner: Instance
    private let peer: InstanceID

    init() {
        var group = Group(2)
        for name in ["p1", "p2", "p3"] { group.owner.post(name) }
        owner = group.owner
        peer = group.instances[1].id
    }

    private func head(_ index: Int) -> LogHead {
        LogHead(origin: owner.id, place: owner.events[index].header.place, hash: owner.events[index].hash)
    }

    @Test("Nothing goes to a peer that has not spoken; one that holds no more opens at once")
    func opens() {
        var gate = OwnLogGate()
        #expect(!gate.isOpen(to: peer))
        #expect(gate.peerReported(peer, head(1), held: head(2), hash: head(1).hash) == .open)
        #expect(gate.isOpen(to: peer))
        #expect(gate.peerReported(owner.id, nil, held: head(2), hash: nil) == .open)
        gate.peerLost(peer)
        #expect(!gate.isOpen(to: peer))
    }

    @Test("A peer that is ahead gives back first what is missing")
    func ahead() {
        var gate = OwnLogGate()
        #expect(gate.peerReported(peer, head(3), held: head(1), hash: nil) == .fetch(beyond: head(1)))
        #expect(!gate.isOpen(to: peer))
        gate.ownLogChanged { _ in false }
        #expect(!gate.isOpen(to: peer))
        gate.ownLogChanged { $0 == head(3) }
        #expect(gate.isOpen(to: peer))
    }

    @Test("A peer with another chain, or with more than an empty database, gives back all")
    func beside() {
        var gate = OwnLogGate()
        #expect(gate.peerReported(peer, head(2), held: head(3), hash: head(3).hash) == .fetch(beyond: nil))
        #expect(gate.peerReported(peer, head(2), held: nil, hash: nil) == .fetch(beyond: nil))
        #expect(!gate.isOpen(to: peer))
        gate.peerCouldNotServe(peer)
        #expect(gate.isOpen(to: peer))
    }
}
