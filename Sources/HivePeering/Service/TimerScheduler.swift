import HiveSync
import Synchronization

/// Fires the replication engine's timers: one task over one heap.
///
/// The task wakes when a timer is set that is due before all others, or when a sleeper ends. A sleeper is started only
/// for a deadline earlier than every sleeper's, so their number stays that of strictly earlier deadlines.
final class TimerScheduler: Sendable {
    private let clock: any PeeringClock
    private let heap = Mutex(TimerHeap())
    /// The deadlines of the sleepers.
    private let sleeping = Mutex<[Instant]>([])
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(clock: any PeeringClock) {
        self.clock = clock
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func schedule(_ timer: ReplicatorTimer, at instant: Instant) {
        let isEarliest = heap.withLock { heap in
            let earliest = heap.next()
            heap.schedule(timer, at: instant)
            return earliest.map { instant < $0 } ?? true
        }
        if isEarliest { wake.yield() }
    }

    func cancel(_ timer: ReplicatorTimer) {
        heap.withLock { $0.cancel(timer) }
    }

    /// Runs until its task is cancelled.
    ///
    /// `fire` MUST NOT block.
    func run(_ fire: @escaping @Sendable (ReplicatorTimer) -> Void) async {
        await withDiscardingTaskGroup { group in
            wake.yield()
            for await _ in wakes {
                for timer in heap.withLock({ $0.due(at: clock.now()) }) { fire(timer) }
                guard let next = heap.withLock({ $0.next() }) else { continue }
                let mustSleep = sleeping.withLock { deadlines in
                    guard deadlines.allSatisfy({ next < $0 }) else { return false }
                    deadlines.append(next)
                    return true
                }
                guard mustSleep else { continue }
                group.addTask {
                    try? await self.clock.sleep(until: next)
                    self.sleeping.withLock { $0.removeAll { $0 == next } }
                    self.wake.yield()
                }
            }
            group.cancelAll()
        }
    }
}
