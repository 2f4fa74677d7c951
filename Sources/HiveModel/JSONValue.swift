/// A JSON value as RFC 8785 sees it.
///
/// Strings are compared by their bytes, never by canonical equivalence.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// Within -(2^53 - 1) to 2^53 - 1.
    case int(Int64)
    /// Finite and not integral within the range above.
    case double(Double)
    case string(String)
    case array([JSONValue])
    /// Sorted by UTF-16 code units of the keys, keys distinct.
    case object([JSONMember])

    /// Reads one whole JSON text.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytesMax else {
            throw JSONError(.limit, at: limits.bytesMax, "The text is longer than \(limits.bytesMax) bytes.")
        }
        self = try JSONScanner.scan(bytes, limits: limits) { (scanner) throws(JSONError) in
            let value = try scanner.value()
            try scanner.finish()
            return value
        }
    }

    /// An object of members in any order; the last of equal keys counts.
    public static func object(unsorted members: [JSONMember]) -> JSONValue {
        var sorted = [JSONMember]()
        for member in members.sorted(by: { JSONMember.comesBefore($0.key, $1.key) }) {
            if let last = sorted.last, !JSONMember.comesBefore(last.key, member.key) { sorted.removeLast() }
            sorted.append(member)
        }
        return .object(sorted)
    }

    // MARK: Reading

    /// The member of an object; nil where there is none, or this is no object.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var int: Int64? { if case .int(let number) = self { number } else { nil } }
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    public var members: [JSONMember]? { if case .object(let members) = self { members } else { nil } }
    public var isNull: Bool { if case .null = self { true } else { false } }
    /// Any number.
    public var double: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        case .null, .bool, .string, .array, .object: nil
        }
    }
}

extension JSONValue: Hashable {
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .int(let number): hasher.combine(number)
        case .double(let number): hasher.combine(number)
        case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}

/// One member of a JSON object.
public struct JSONMember: Sendable {
    public var key: String
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }

    /// Whether every key is before the next in UTF-16 order, so that none repeats.
    static func areAscending(_ members: [JSONMember]) -> Bool {
        guard members.count > 1 else { return true }
        return (1..<members.count).allSatisfy { comesBefore(members[$0 - 1].key, members[$0].key) }
    }

    /// The order of UTF-16 code units.
    static func comesBefore(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left, right)
        return left.withUTF8 { left in right.withUTF8 { Bytes.comesBeforeInUTF16(left, $0) } }
    }
}

extension JSONMember: Hashable {
    public static func == (left: JSONMember, right: JSONMember) -> Bool {
        left.key.utf8.elementsEqual(right.key.utf8) && left.value == right.value
    }

    public func hash(into hasher: inout Hasher) {
        for byte in key.utf8 { hasher.combine(byte) }
        hasher.combine(value)
    }
}
