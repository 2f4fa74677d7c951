import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import Logging
import Synchronization

/// Compares this machine's clock with those of peers, and takes back what this instance wrote from the future once most
/// of them agree with it (protocol, section 3).
///
/// Until then nothing is taken back: this machine's clock may be the one that is wrong.
final class ClockWatch: CommitListener {
    private struct State {
        var peers = PeerClocks()
        /// What the hybrid clock showed after the last commit; nil = not known yet.
        var newestMs: Int64?
        /// A job is under way.
        var isBusy = false
    }

    private let clock: any PeeringClock
    private let logger: Logger
    private let writer = Mutex<Writer<StoreBackend>?>(nil)
    private let state = Mutex(State())
    /// The smallest drift that a group may allow: nearer than that nobody holds an event.
    private static let driftMsMin = GroupPolicy.clockDriftRangeMs.lowerBound

    init(clock: any PeeringClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// - Parameter writer: nil = nothing is done any more.
    func attach(_ writer: Writer<StoreBackend>?) { self.writer.withLock { $0 = writer } }

    func committed(_ commit: Committed) { state.withLock { $0.newestMs = commit.newestMs } }

    /// A peer told its wall clock, milliseconds since 1970.
    func heard(serverTimeMs: Int64, from peer: InstanceID) {
        let (now, wallMs) = (clock.now(), clock.wallMs())
        let isDue = state.withLock { state in
            state.peers.heard(serverTimeMs, from: peer, at: now)
            let isAhead = state.newestMs.map { $0 - Self.driftMsMin > wallMs } ?? true
            guard isAhead, !state.isBusy else { return false }
            state.isBusy = true
            return true
        }
        guard isDue else { return }
        guard let writer = writer.withLock({ $0 }) else { return state.withLock { $0.isBusy = false } }
        let newest = JobResult<Int64>()
        let job = WriteJob<WriteTurn>(
            step: { [self] turn, _, _ in
                try turn.takeBackClock { driftMs in
                    let now = clock.now()
                    return state.withLock { $0.peers.agree(withMs: turn.nowMs, driftMs: driftMs, at: now) }
                }
                newest.set(try turn.transaction.clock().last.ms)
                return .finished(events: 1)
            },
            settle: { [self] error in
                state.withLock { state in
                    state.isBusy = false
                    if state.newestMs == nil { state.newestMs = newest.take() }
                }
                guard let error else { return }
                logger.warning(
                    "this instance's events lie in the future and can't be taken back",
                    metadata: ["reason": "\(error)"]
                )
            }
        )
        writer.mailbox.append(job, isRemote: false)
    }
}
