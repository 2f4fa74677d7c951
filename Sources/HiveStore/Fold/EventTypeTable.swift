import GRDB
import HiveModel

/// The numbers of event types: fixed ones of the protocol and those that `event_types` gave to unknown ones.
struct EventTypeTable {
    /// Lower-case ASCII names, for which equal strings are equal bytes.
    private static let fixed = Dictionary(
        uniqueKeysWithValues: EventTypeNumbers.fixed.map { ($0.1.rawValue, $0.0) }
    )

    /// By UTF-8 bytes: strings that only look alike are different types.
    private var unknown: [[UInt8]: Int64] = [:]
    private var types: [Int64: EventType] = [:]
    private var next = EventTypeNumbers.firstUnknownType

    init(reading connection: Database) throws {
        for (number, type) in EventTypeNumbers.fixed { types[number] = type }
        let sql = EventSQL.types
        let statement = HotStatement(borrowing: try connection.cachedStatement(sql: sql), sql: sql)
        while try statement.step() { insert(EventType(statement.text(1)), statement.int(0)) }
    }

    func number(of type: EventType) -> Int64? {
        Self.fixed[type.rawValue] ?? unknown[Array(type.rawValue.utf8)]
    }

    func type(_ number: Int64) throws -> EventType {
        guard let type = types[number] else { throw DamagedRow("event type \(number) has no name") }
        return type
    }

    /// Gives a type its number.
    mutating func add(_ type: EventType) -> Int64 {
        let number = next
        insert(type, number)
        return number
    }

    private mutating func insert(_ type: EventType, _ number: Int64) {
        unknown[Array(type.rawValue.utf8)] = number
        types[number] = type
        if number >= next { next = number + 1 }
    }
}
