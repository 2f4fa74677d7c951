/// One setting.
///
/// From the table of these come checking, environment names, flags' help and the documentation.
public struct ConfigurationKey: Sendable {
    /// What may be written.
    public indirect enum Kind: Sendable {
        case string
        case integer(ClosedRange<Int64>)
        case boolean
        case oneOf([String])
        /// A list; one scalar counts as a list of one, and in the environment commas separate.
        case strings
        /// A list of objects with these members; in the environment as JSON.
        case objects([ConfigurationKey])
    }

    /// Snake case, dots between the parts: `rate_limit.max`.
    public var path: String
    public var kind: Kind
    /// Nil = unset, or derived as `defaultNote` says.
    public var standard: ConfigurationValue?
    /// How the default is found where it isn't a constant.
    public var defaultNote: String?
    /// Never logged, shown or returned.
    public var isSecret: Bool
    /// Members of an object that must be there.
    public var isRequired: Bool
    /// One sentence.
    public var help: String

    public init(
        _ path: String,
        _ kind: Kind,
        standard: ConfigurationValue? = nil,
        defaultNote: String? = nil,
        isSecret: Bool = false,
        isRequired: Bool = false,
        help: String
    ) {
        self.path = path
        self.kind = kind
        self.standard = standard
        self.defaultNote = defaultNote
        self.isSecret = isSecret
        self.isRequired = isRequired
        self.help = help
    }

    /// `OPENHIVE_` and the path in upper case, dots to underscores.
    public var environmentName: String {
        "OPENHIVE_" + path.uppercased().replacing(".", with: "_")
    }

    /// The default as a person reads it.
    public var defaultText: String {
        defaultNote ?? standard?.text ?? "not set"
    }

    /// The kind as a person reads it.
    public var kindText: String {
        switch kind {
        case .string: "text"
        case .integer(let range): "integer, \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .oneOf(let values): values.joined(separator: " \\| ")
        case .strings: "list of texts"
        case .objects(let members): "list of {" + members.map(\.path).joined(separator: ", ") + "}"
        }
    }
}
