public import HiveModel

/// A history of one group as another implementation of the same rules wrote it down, with the state it came to
/// (`docs/vectors/histories/README.md` tells the form).
public struct OracleHistory: Sendable {
    public let seed: Int64
    /// What made it.
    public let kind: String
    /// Each after all it names and after the one before it in its log.
    public let events: [OracleEvent]
    /// The members of `state`.
    public let state: JSONValue

    /// Reads one line.
    public init(_ line: [UInt8]) throws {
        let value = try JSONValue(parsing: line)
        guard let seed = value["seed"]?.int, let kind = value["kind"]?.string, let events = value["events"]?.array,
            let state = value["state"]
        else { throw OracleFormatError("a history has seed, kind, events and state") }
        self.seed = seed
        self.kind = kind
        self.events = try events.map { try OracleEvent($0) }
        self.state = state
    }

    /// The history with only the events `isKept` keeps: to find out which of them matter.
    public init(_ history: OracleHistory, keeping isKept: (OracleEvent) -> Bool) {
        seed = history.seed
        kind = history.kind
        events = history.events.filter(isKept)
        state = history.state
    }
}

/// One event of such a history: `[name, clock, kind, arguments..., options]`.
public struct OracleEvent: Sendable {
    public let name: OracleName
    /// Milliseconds since the histories begin.
    public let clock: Int64
    public let kind: String
    public let arguments: [JSONValue]
    /// `p` what it replaces, `a` its grant, `r` what it repeats, `t` the clock of that, `v` the event before it where
    /// that is not the plain name, `k` and `s` where among equals its hash, or the hash of its certificate, comes.
    public let options: JSONValue

    init(_ value: JSONValue) throws {
        guard var parts = value.array, parts.count >= 3, let name = parts[0].string.flatMap({ OracleName($0) }),
            let clock = parts[1].int, let kind = parts[2].string
        else { throw OracleFormatError("an event has name, clock and kind") }
        if let last = parts.last, last.members != nil {
            options = last
            parts.removeLast()
        } else {
            options = .object([])
        }
        self.name = name
        self.clock = clock
        self.kind = kind
        arguments = Array(parts[3...])
    }

    func text(_ index: Int) throws -> String {
        guard index < arguments.count, let text = arguments[index].string else {
            throw OracleFormatError("argument \(index) of \(name) should be a text")
        }
        return text
    }

    func number(_ index: Int) throws -> Int64 {
        guard index < arguments.count, let number = arguments[index].int else {
            throw OracleFormatError("argument \(index) of \(name) should be a number")
        }
        return number
    }

    /// Nil for null.
    func optionalName(_ index: Int) throws -> OracleName? {
        guard index < arguments.count else { throw OracleFormatError("\(name) lacks argument \(index)") }
        if arguments[index].isNull { return nil }
        return try OracleName(reading: arguments[index])
    }

    func names(_ option: String) throws -> [OracleName] {
        try (options[option]?.array ?? []).map { try OracleName(reading: $0) }
    }

    func name(_ option: String) throws -> OracleName? {
        try options[option].map { try OracleName(reading: $0) }
    }

    /// `[i, n]`: the hash is to come i-th of n.
    func rank(_ option: String) -> OracleRank? {
        guard let pair = options[option]?.array, pair.count == 2, let index = pair[0].int, let count = pair[1].int
        else {
            return nil
        }
        return OracleRank(index: index, count: count)
    }
}

/// Names an event by its place: `B2.7` is event 7 of epoch 2 of instance B; `B2.7b` is another one for that place.
public struct OracleName: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    public let instance: Character
    public let place: Place

    init?(_ text: String) {
        guard let instance = text.first, let dot = text.firstIndex(of: ".") else { return nil }
        let digits = text[text.index(after: dot)...].prefix { $0.isNumber }
        guard let epoch = Int64(text[..<dot].dropFirst()), let seq = Int64(digits) else { return nil }
        description = text
        self.instance = instance
        place = Place(epoch: epoch, seq: seq)
    }

    init(reading value: JSONValue) throws {
        guard let name = value.string.flatMap({ OracleName($0) }) else {
            throw OracleFormatError("\(String(decoding: value.canonicalBytes(), as: UTF8.self)) names no event")
        }
        self = name
    }

    /// The plain name of the place before.
    var before: OracleName? {
        place.seq == 1 ? nil : OracleName("\(instance)\(place.epoch).\(place.seq - 1)")
    }
}

/// Where a hash comes among `count` that are compared.
struct OracleRank: Hashable, Sendable {
    var index: Int64
    var count: Int64

    /// Whether a hash lies in its part of all hashes.
    ///
    /// Only hashes whose base32 begins with a letter will do: their order is that of their texts, which in general is
    /// another one, since digits come before letters.
    func holds(_ hash: Hash256) -> Bool {
        let letter = Int64(hash.word0 >> 59)
        return letter < 26 && letter * count / 26 == index
    }
}

struct OracleFormatError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
