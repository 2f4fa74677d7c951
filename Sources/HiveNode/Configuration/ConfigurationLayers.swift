/// Flag over environment over file over default: which value each key has.
struct ConfigurationLayers: Sendable {
    /// By key path.
    private(set) var values: [String: SettledValue] = [:]
    /// Sentences for the start of the server.
    private(set) var warnings: [String] = []

    /// Environment names that begin with `OPENHIVE_` and are no setting.
    private static let otherNames: Set<String> = ["OPENHIVE_HOME", "OPENHIVE_CONFIG", "OPENHIVE_API_KEY"]

    init(flags: ConfigurationFlags, environment: [String: String], file: [String: SettledValue]) throws {
        for key in ConfigurationTable.keys {
            if let text = flags.values[key.path] {
                let origin = ConfigurationOrigin.flag(ConfigurationFlags.flagName(key.path))
                values[key.path] = try Self.settle(text, key, origin)
            } else if let text = environment[key.environmentName] {
                values[key.path] = try Self.settle(text, key, .environment(key.environmentName))
            } else if let given = file[key.path] {
                values[key.path] = given
            } else if let standard = key.standard {
                values[key.path] = SettledValue(value: standard, origin: .standard)
            }
        }
        if let unknown = flags.values.keys.sorted().first(where: { ConfigurationTable.key($0) == nil }) {
            throw ConfigurationError(
                origin: .flag(ConfigurationFlags.flagName(unknown)),
                key: unknown,
                message: "There is no setting \(unknown)."
            )
        }
        try refuseRetired(environment)
        warnings = Self.unknownNames(environment)
    }

    private static func settle(
        _ text: String,
        _ key: ConfigurationKey,
        _ origin: ConfigurationOrigin
    ) throws -> SettledValue {
        let value = try ConfigurationText.value(text, key: key, name: key.path, origin: origin)
        return SettledValue(value: value, origin: origin)
    }

    private func refuseRetired(_ environment: [String: String]) throws {
        guard environment["OPENHIVE_SYNC_INSTANCE_ID"] != nil else { return }
        throw ConfigurationError(
            origin: .environment("OPENHIVE_SYNC_INSTANCE_ID"),
            key: "sync.instance_id",
            message: "sync.instance_id is derived from the identity key in keys/ and can't be set: remove it."
        )
    }

    private static func unknownNames(_ environment: [String: String]) -> [String] {
        let known = Set(ConfigurationTable.keys.map(\.environmentName)).union(otherNames)
        return environment.keys.sorted()
            .filter { $0.hasPrefix("OPENHIVE_") && !known.contains($0) }
            .map { "The environment variable \($0) is no setting and has no effect." }
    }

    func origin(_ path: String) -> ConfigurationOrigin { values[path]?.origin ?? .standard }

    func string(_ path: String) -> String? {
        guard case .string(let value) = values[path]?.value else { return nil }
        return value
    }

    func integer(_ path: String) -> Int64 {
        guard case .integer(let value) = values[path]?.value else {
            preconditionFailure("\(path) has an integer default in the table")
        }
        return value
    }

    func boolean(_ path: String) -> Bool {
        guard case .boolean(let value) = values[path]?.value else {
            preconditionFailure("\(path) has a boolean default in the table")
        }
        return value
    }

    func strings(_ path: String) -> [String] {
        guard case .strings(let value) = values[path]?.value else { return [] }
        return value
    }

    func objects(_ path: String) -> [[String: ConfigurationValue]] {
        guard case .objects(let value) = values[path]?.value else { return [] }
        return value
    }
}
