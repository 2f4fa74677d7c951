public import HiveModel

/// The wall clocks of peers, as they told them last (protocol, section 3).
///
/// Kept against monotonic time, so that a jump of this machine's wall clock does not move them.
public struct PeerClocks: Hashable, Sendable {
    /// Older words count no more.
    public static let keptMs: Int64 = 600_000
    /// More are not kept.
    public static let countMax = 1_024

    private struct Word: Hashable {
        var wallMs: Int64
        var at: Instant
    }

    /// By instance; only looked up and counted.
    private var words: [InstanceID: Word] = [:]

    public init() {}

    /// A peer told its wall clock, milliseconds since 1970; its newest word counts.
    public mutating func heard(_ wallMs: Int64, from peer: InstanceID, at instant: Instant) {
        words = words.filter { instant.ms - $0.value.at.ms <= Self.keptMs }
        guard words[peer] != nil || words.count < Self.countMax else { return }
        words[peer] = Word(wallMs: wallMs, at: instant)
    }

    /// Whether most of the peers heard show the same time as this machine, within `driftMs`; false where none was
    /// heard.
    public func agree(withMs wallMs: Int64, driftMs: Int64, at instant: Instant) -> Bool {
        let recent = words.values.filter { instant.ms - $0.at.ms <= Self.keptMs }
        let close = recent.count { word in
            let (now, isTooLarge) = word.wallMs.addingReportingOverflow(instant.ms - word.at.ms)
            let (off, isTooFar) = now.subtractingReportingOverflow(wallMs)
            return !isTooLarge && !isTooFar && off.magnitude <= driftMs.magnitude
        }
        return close * 2 > recent.count
    }
}
