/// One machine's wall clock: what it shows, given true time.
struct SimulatedClock: Hashable, Sendable {
    /// Milliseconds since 1970 at the start of every simulation.
    static let startMs: Int64 = 1_750_000_000_000
    /// The first moments of 1970 and of 2100.
    static let year1970Ms: Int64 = 1_000
    static let year2100Ms: Int64 = 4_102_444_800_000

    /// Ahead of true time by so much at the start.
    var skewMs: Int64 = 0
    /// Milliseconds gained in a million.
    var driftPerMillion: Int64 = 0
    /// What jumps have added since.
    var jumpMs: Int64 = 0

    /// What the clock shows when so many milliseconds of the simulation have passed.
    func wallMs(atMs ms: Int64) -> Int64 {
        max(0, Self.startMs + ms + skewMs + jumpMs + ms * driftPerMillion / 1_000_000)
    }

    /// How far it is from true time, either way.
    func errorMs(atMs ms: Int64) -> Int64 { abs(wallMs(atMs: ms) - Self.startMs - ms) }

    mutating func jump(toMs wallMs: Int64, atMs ms: Int64) { jumpMs += wallMs - self.wallMs(atMs: ms) }

    /// The clock as a time server sets it.
    mutating func setRight() { self = SimulatedClock() }
}
