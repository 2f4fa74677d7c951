import Synchronization

/// Who is counted: an agent, or an address where no agent is known.
enum RateSubject: Hashable, Sendable {
    case agent(Int64)
    case address(String)
}

/// Counts writes and reads a minute, for each agent or address apart, in windows that begin with a subject's first
/// request.
public final class RateLimiter: Sendable {
    /// Requests of one subject in one window.
    public struct Limits: Sendable, Hashable {
        public var writesMax: Int
        public var readsMax: Int
        public var windowMs: Int64
        /// Subjects remembered at once; when more come, finished windows go first, then all start afresh.
        public var subjectsMax: Int

        public init(
            writesMax: Int = 100,
            readsMax: Int = 1000,
            windowMs: Int64 = 60_000,
            subjectsMax: Int = 50_000
        ) {
            self.writesMax = writesMax
            self.readsMax = readsMax
            self.windowMs = windowMs
            self.subjectsMax = subjectsMax
        }
    }

    /// How a counted request stands.
    struct Verdict: Hashable, Sendable {
        var isAllowed: Bool
        var limit: Int
        var remaining: Int
        /// Until the window ends, rounded up.
        var resetS: Int64
    }

    private struct Window {
        var startMs: Int64
        var writes = 0
        var reads = 0
    }

    public let limits: Limits
    private let windows = Mutex<[RateSubject: Window]>([:])

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    func count(_ subject: RateSubject, isWrite: Bool, nowMs: Int64) -> Verdict {
        windows.withLock { windows in
            var window = windows[subject] ?? Window(startMs: nowMs)
            let age = nowMs - window.startMs
            if age >= limits.windowMs || age < 0 { window = Window(startMs: nowMs) }
            if isWrite { window.writes += 1 } else { window.reads += 1 }
            if windows.count >= limits.subjectsMax, windows[subject] == nil { makeRoom(&windows, nowMs: nowMs) }
            windows[subject] = window
            let used = isWrite ? window.writes : window.reads
            let limit = isWrite ? limits.writesMax : limits.readsMax
            return Verdict(
                isAllowed: used <= limit,
                limit: limit,
                remaining: max(0, limit - used),
                resetS: (window.startMs + limits.windowMs - nowMs + 999) / 1000
            )
        }
    }

    private func makeRoom(_ windows: inout [RateSubject: Window], nowMs: Int64) {
        windows = windows.filter { nowMs - $0.value.startMs < limits.windowMs }
        if windows.count >= limits.subjectsMax { windows.removeAll(keepingCapacity: true) }
    }
}
