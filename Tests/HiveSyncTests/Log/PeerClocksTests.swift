import HiveModel
import HiveSync
import HiveTestKit
import Testing

/// What peers' wall clocks say of this machine's (protocol, section 3).
@Suite("Clocks of peers")
struct PeerClocksTests {
    private let peers = Group(4, seed: 1, crypto: StandInCrypto()).instances.map(\.id)
    private let driftMs: Int64 = 60_000

    private func agree(_ clocks: PeerClocks, _ wallMs: Int64, at ms: Int64) -> Bool {
        clocks.agree(withMs: wallMs, driftMs: driftMs, at: Instant(ms: ms))
    }

    @Test("Most of those heard must agree, and at least one")
    func most() {
        var clocks = PeerClocks()
        #expect(!agree(clocks, 1_000_000, at: 0))
        clocks.heard(1_000_000, from: peers[0], at: Instant(ms: 0))
        #expect(agree(clocks, 1_060_000, at: 0) && !agree(clocks, 1_060_001, at: 0))
        clocks.heard(9_000_000, from: peers[1], at: Instant(ms: 0))
        #expect(!agree(clocks, 1_000_000, at: 0))
        clocks.heard(1_000_000, from: peers[2], at: Instant(ms: 0))
        #expect(agree(clocks, 1_000_000, at: 0))
        clocks.heard(Int64.max, from: peers[3], at: Instant(ms: 0))
        #expect(!agree(clocks, 1_000_000, at: 10))
    }

    @Test("They go on by monotonic time and are forgotten after ten minutes; the newest word counts")
    func time() {
        var clocks = PeerClocks()
        clocks.heard(1_000_000, from: peers[0], at: Instant(ms: 0))
        #expect(agree(clocks, 1_500_000, at: 500_000) && !agree(clocks, 1_000_000, at: 500_000))
        #expect(!agree(clocks, 1_600_001, at: 600_001))
        clocks.heard(5_000_000, from: peers[0], at: Instant(ms: 500_000))
        #expect(agree(clocks, 5_000_000, at: 500_000) && !agree(clocks, 1_500_000, at: 500_000))
    }
}
