import Glibc
public import HiveSync

/// Time as the sync shell sees it; tests bring their own.
public protocol PeeringClock: Sendable {
    /// Milliseconds since the node started.
    func now() -> Instant
    /// Milliseconds since 1970.
    func wallMs() -> Int64
    /// Returns at `instant`, or throws `CancellationError`.
    func sleep(until instant: Instant) async throws
}

/// The machine's clocks.
public struct SystemPeeringClock: PeeringClock {
    private let start = ContinuousClock.now

    public init() {}

    public func now() -> Instant {
        let (seconds, attoseconds) = start.duration(to: .now).components
        return Instant(ms: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }

    public func wallMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    public func sleep(until instant: Instant) async throws {
        try await Task.sleep(until: start + .milliseconds(instant.ms), tolerance: .zero, clock: .continuous)
    }
}
