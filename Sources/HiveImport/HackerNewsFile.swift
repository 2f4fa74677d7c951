public import HiveModel

/// A file of Hacker News items: a JSON array of them, or one JSON object a line.
public struct HackerNewsFile: Sendable {
    /// The items that can come in, by id ascending: parents before replies.
    public private(set) var items: [HackerNewsItem]
    /// How many entries the file has.
    public private(set) var entryCount: Int
    public private(set) var skipped: SkipCounts

    /// Largest file read, in bytes.
    public static let bytesMax = 512 * 1024 * 1024

    /// Throws where the bytes are no JSON: the error names the byte.
    ///
    /// Entries of another shape are counted, not thrown.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        let first = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        let readings: [HackerNewsReading]
        switch first {
        case UInt8(ascii: "["): readings = try Self.readArray(bytes)
        case UInt8(ascii: "{"): readings = Self.readLines(bytes)
        default: throw JSONError(.type, at: 0, "The file is neither a JSON array of items nor one item a line.")
        }
        self.init(readings)
    }

    /// Keeps what can come in: no id twice, no comment whose story is missing.
    public init(_ readings: [HackerNewsReading]) {
        entryCount = readings.count
        skipped = SkipCounts()
        var byID: [Int64: HackerNewsItem] = [:]
        for reading in readings {
            switch reading {
            case .skipped(let reason, _):
                skipped.add(reason)
            case .item(let item):
                if byID[item.id] == nil { byID[item.id] = item } else { skipped.add(.repeated) }
            }
        }
        items = []
        items.reserveCapacity(byID.count)
        var kept: Set<Int64> = []
        for item in byID.values.sorted(by: { $0.id < $1.id }) {
            if case .comment(let parent) = item.kind {
                // Ids rise with time, so a parent was kept before its replies or never is.
                guard kept.contains(parent) else {
                    skipped.add(.orphan)
                    continue
                }
            }
            kept.insert(item.id)
            items.append(item)
        }
    }

    private static func readArray(_ bytes: [UInt8]) throws(JSONError) -> [HackerNewsReading] {
        try JSONScanner.scan(bytes, limits: JSONLimits(bytesMax: bytesMax)) { (scanner) throws(JSONError) in
            var readings: [HackerNewsReading] = []
            try scanner.beginArray()
            while try scanner.nextElement() { readings.append(HackerNewsReading(try scanner.value())) }
            try scanner.finish()
            return readings
        }
    }

    private static func readLines(_ bytes: [UInt8]) -> [HackerNewsReading] {
        bytes.split(separator: 0x0A).compactMap { line in
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return nil }
            guard let value = try? JSONValue(parsing: Array(line)) else { return .skipped(.malformed, id: nil) }
            return HackerNewsReading(value)
        }
    }
}

/// How many entries stayed out, by reason.
public struct SkipCounts: Sendable, Hashable {
    private var byReason: [SkipReason: Int] = [:]

    public init() {}

    public mutating func add(_ reason: SkipReason) {
        byReason[reason, default: 0] += 1
    }

    public subscript(reason: SkipReason) -> Int { byReason[reason] ?? 0 }

    public var total: Int { byReason.values.reduce(0, +) }

    /// The reasons that occurred, in the order of `SkipReason`.
    public var counts: [(reason: SkipReason, count: Int)] {
        SkipReason.allCases.compactMap { reason in byReason[reason].map { (reason, $0) } }
    }
}
