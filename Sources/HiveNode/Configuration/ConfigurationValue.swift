/// What a setting holds, after its text was checked against its kind.
public enum ConfigurationValue: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case strings([String])
    /// A list of objects, each with the members its kind names.
    case objects([[String: ConfigurationValue]])

    /// As it is written in a YAML file.
    public var text: String {
        switch self {
        case .string(let value): value
        case .integer(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .strings(let values): "[" + values.joined(separator: ", ") + "]"
        case .objects(let values): values.isEmpty ? "[]" : "\(values.count) entries"
        }
    }
}

/// Where a value comes from: flags win over the environment, that over the file, that over the default.
public enum ConfigurationOrigin: Hashable, Sendable {
    case flag(String)
    case environment(String)
    case file(String, line: Int)
    case standard

    /// The place as a person looks for it.
    public var text: String {
        switch self {
        case .flag(let name): name
        case .environment(let name): name
        case .file(let path, let line): "\(path):\(line)"
        case .standard: "default"
        }
    }
}

/// A value and where it was given.
public struct SettledValue: Hashable, Sendable {
    public var value: ConfigurationValue
    public var origin: ConfigurationOrigin

    public init(value: ConfigurationValue, origin: ConfigurationOrigin) {
        self.value = value
        self.origin = origin
    }
}
