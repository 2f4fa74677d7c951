import ArgumentParser
import Foundation

extension ParsableCommand {
    /// Milliseconds since 1970.
    static var nowMs: Int64 { WallClock.nowMs }
}

/// The time of day of this machine.
enum WallClock {
    /// Milliseconds since 1970.
    static var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
