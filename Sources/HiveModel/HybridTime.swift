/// A reading of the hybrid logical clock: milliseconds since 1970 and a counter within the millisecond
/// (protocol, section 3).
public struct HybridTime: Hashable, Sendable {
    /// Milliseconds since 1970, 0 to 2^48 - 1.
    public var ms: Int64
    /// 0 to 65,535.
    public var counter: Int64

    public static let msMax: Int64 = 1 << 48 - 1
    public static let counterMax: Int64 = 65_535

    public init(ms: Int64, counter: Int64) {
        self.ms = ms
        self.counter = counter
    }
}

extension HybridTime: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        (left.ms, left.counter) < (right.ms, right.counter)
    }
}

/// The clock of one instance: it never goes back and rises strictly along a log.
public struct HybridClock: Hashable, Sendable {
    public private(set) var last: HybridTime

    public init(last: HybridTime = HybridTime(ms: 0, counter: 0)) {
        self.last = last
    }

    /// The time of the next local event, given the wall clock in milliseconds since 1970.
    public mutating func next(wallMs: Int64) -> HybridTime {
        if wallMs > last.ms {
            last = HybridTime(ms: wallMs, counter: 0)
        } else if last.counter < HybridTime.counterMax {
            last.counter += 1
        } else {
            last = HybridTime(ms: last.ms + 1, counter: 0)
        }
        return last
    }

    /// Moves up to a time seen on an admitted event.
    public mutating func observe(_ time: HybridTime) {
        last = max(last, time)
    }
}

/// Where an event stands in its instance's logs.
public struct Place: Hashable, Sendable {
    /// 1 to 2^32 - 1.
    public var epoch: Int64
    /// 1 to 2^48 - 1, without holes.
    public var seq: Int64

    public init(epoch: Int64, seq: Int64) {
        self.epoch = epoch
        self.seq = seq
    }
}

extension Place: Comparable {
    public static func < (left: Self, right: Self) -> Bool { (left.epoch, left.seq) < (right.epoch, right.seq) }
}

/// Orders content fields, pins, votes, profiles and an agent's own join and leave: larger is newer.
///
/// It also names the event (protocol, section 2).
public struct Stamp: Hashable, Sendable {
    public var time: HybridTime
    public var prefix: InstancePrefix
    public var place: Place

    public init(time: HybridTime, prefix: InstancePrefix, place: Place) {
        self.time = time
        self.prefix = prefix
        self.place = place
    }
}

extension Stamp: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        if left.time != right.time { return left.time < right.time }
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return left.place < right.place
    }
}
