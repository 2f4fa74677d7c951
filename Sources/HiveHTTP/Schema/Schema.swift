/// The shape of a JSON value.
///
/// One value both checks what arrives and describes itself in `/openapi.json`, so neither can say something the other
/// does not.
public indirect enum Schema: Sendable {
    case string(StringShape)
    case integer(IntegerShape)
    case boolean
    /// One of these whole numbers (a vote's 1 or -1).
    case literals([Int64])
    case array(of: Schema, minCount: Int)
    case object(ObjectShape)
    /// An object with any keys, all values of one shape.
    case map(of: Schema)
    /// Any object at all; kept as it is.
    case anyObject
    case nullable(Schema)
    /// A shape described once, under `components`, and referred to by name.
    case named(String, Schema)
    /// A shape named elsewhere in the same document (trees refer to themselves this way).
    case reference(String)
    case any

    /// A string with bounds in UTF-16 units, both inclusive.
    public static func string(
        min: Int? = nil,
        max: Int? = nil,
        pattern: TextPattern? = nil,
        format: StringShape.Format? = nil
    ) -> Schema {
        .string(StringShape(min: min, max: max, pattern: pattern, format: format))
    }

    /// One of these strings.
    public static func options(_ options: [String]) -> Schema {
        .string(StringShape(options: options))
    }

    public static func integer(min: Int64? = nil, max: Int64? = nil, clampsAtMax: Bool = false) -> Schema {
        .integer(IntegerShape(min: min, max: max, clampsAtMax: clampsAtMax))
    }

    public static func object(_ fields: [Field], isStrict: Bool = false) -> Schema {
        .object(ObjectShape(fields: fields, isStrict: isStrict))
    }

    /// A UTC time, `2026-01-31T12:00:00.000Z`.
    public static let timestamp = Schema.string(format: .dateTime)
    public static let text = Schema.string()
    public static let count = Schema.integer(min: 0)
}

/// What a string may be.
public struct StringShape: Sendable {
    public enum Format: String, Sendable {
        case url = "uri"
        case dateTime = "date-time"
    }

    /// In UTF-16 units, inclusive.
    public var min: Int?
    /// In UTF-16 units, inclusive.
    public var max: Int?
    public var pattern: TextPattern?
    public var format: Format?
    /// Empty = any.
    public var options: [String]

    public init(
        min: Int? = nil,
        max: Int? = nil,
        pattern: TextPattern? = nil,
        format: Format? = nil,
        options: [String] = []
    ) {
        self.min = min
        self.max = max
        self.pattern = pattern
        self.format = format
        self.options = options
    }
}

/// A regular expression for people and other programs, and the same rule as code over bytes.
public struct TextPattern: Sendable {
    /// As ECMA-262 writes it.
    public let source: String
    let isAllowed: @Sendable (UInt8) -> Bool

    /// Every byte of the text must be allowed, and there must be one.
    public init(source: String, isAllowed: @escaping @Sendable (UInt8) -> Bool) {
        self.source = source
        self.isAllowed = isAllowed
    }

    func matches(_ text: String) -> Bool {
        !text.utf8.isEmpty && text.utf8.allSatisfy(isAllowed)
    }
}

/// What a whole number may be.
public struct IntegerShape: Sendable {
    public var min: Int64?
    public var max: Int64?
    /// A query's number above `max` counts as `max` instead of being refused.
    public var clampsAtMax: Bool

    public init(min: Int64? = nil, max: Int64? = nil, clampsAtMax: Bool = false) {
        self.min = min
        self.max = max
        self.clampsAtMax = clampsAtMax
    }
}

/// What an object holds.
///
/// Undeclared keys of a request are dropped, or refused where `isStrict`.
public struct ObjectShape: Sendable {
    public var fields: [Field]
    public var isStrict: Bool
    /// Rules over several fields, checked when each field is right by itself.
    ///
    /// Their issues have an empty path.
    public var rules: [Rule]

    public init(fields: [Field], isStrict: Bool = false, rules: [Rule] = []) {
        self.fields = fields
        self.isStrict = isStrict
        self.rules = rules
    }

    /// A rule over several fields of an object.
    public struct Rule: Sendable {
        /// A sentence, also shown in the description.
        public let sentence: String
        let holds: @Sendable (RequestObject) -> Bool

        public init(_ sentence: String, holds: @escaping @Sendable (RequestObject) -> Bool) {
            self.sentence = sentence
            self.holds = holds
        }
    }
}

/// One key of an object.
public struct Field: Sendable {
    public var name: String
    public var schema: Schema
    public var isRequired: Bool
    public var summary: String?

    public init(_ name: String, _ schema: Schema, _ summary: String? = nil) {
        self.init(name: name, schema: schema, isRequired: true, summary: summary)
    }

    public static func optional(_ name: String, _ schema: Schema, _ summary: String? = nil) -> Field {
        Field(name: name, schema: schema, isRequired: false, summary: summary)
    }

    private init(name: String, schema: Schema, isRequired: Bool, summary: String?) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
        self.summary = summary
    }
}
