import HiveModel

/// Consecutive events of one log that are chained, in time, and not ahead of this machine's clock: what one valid
/// signature at the end vouches for.
struct LogRun {
    /// Why the run is no longer.
    enum End: Hashable {
        /// Nothing more was offered.
        case exhausted
        /// A duplicate, a gap, another chain or another epoch follows.
        case otherPlace
        case malformed(AdmissionOutcome.Rejection)
        /// The next event lies ahead of the clock; it can be admitted at this time, milliseconds since 1970.
        case held(untilMs: Int64)
    }

    private(set) var events: ArraySlice<Event>
    private(set) var end = End.exhausted

    /// The longest run at the start of `offered`.
    init(_ offered: ArraySlice<Event>, after start: RunStart, group: GroupID, wall: WallClock) {
        var before = start.tip
        var count = 0
        for event in offered {
            if let end = Self.end(at: event, after: before, group: group, wall: wall) {
                self.end = end
                break
            }
            before = LogTip(event)
            count += 1
        }
        events = offered.prefix(count)
    }

    private static func end(at event: Event, after before: LogTip?, group: GroupID, wall: WallClock) -> End? {
        let header = event.header
        if let before {
            let next = Place(epoch: before.place.epoch, seq: before.place.seq + 1)
            guard header.place == next else { return .otherPlace }
            guard header.prev == before.hash else {
                return header.prev == nil ? refuse(event, "It names no event before it.") : .otherPlace
            }
            guard header.time > before.time else {
                return refuse(event, "Its clock does not lie after that of the event before it.")
            }
        } else if header.prev != nil {
            return refuse(event, "The first event of a log names an event before it.")
        }
        guard header.groupID == group || (header.isGenesis && event.groupID == group) else {
            return refuse(event, "It belongs to another group.")
        }
        if let at = header.at, at > header.time {
            return refuse(event, "It repeats an event from after its own time.")
        }
        let untilMs = header.time.ms - wall.driftMs
        return untilMs > wall.ms ? .held(untilMs: untilMs) : nil
    }

    private static func refuse(_ event: Event, _ reason: String) -> End {
        .malformed(.init(origin: event.header.origin, place: event.header.place, reason: reason))
    }
}

/// This machine's wall clock in milliseconds since 1970, and by how much a group's events may lie ahead of it.
struct WallClock: Hashable {
    var ms: Int64
    var driftMs: Int64

    init(ms: Int64, policy: GroupPolicy?) {
        self.ms = ms
        driftMs = min(max((policy ?? GroupPolicy()).maxClockDriftMs, 5_000), 600_000)
    }
}
