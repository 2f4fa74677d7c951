import Yams

/// Checks one setting's text against its kind; the same for flags, environment and file.
enum ConfigurationText {
    static func value(
        _ text: String,
        key: ConfigurationKey,
        name: String,
        origin: ConfigurationOrigin
    ) throws -> ConfigurationValue {
        func refused(_ wanted: String) -> ConfigurationError {
            let shown = key.isSecret ? "what is given" : "\"\(text)\""
            return ConfigurationError(origin: origin, key: name, message: "\(name) is \(wanted), not \(shown).")
        }
        switch key.kind {
        case .string:
            return .string(text)
        case .integer(let range):
            guard let value = Int64(text), range.contains(value) else {
                throw refused("an integer from \(range.lowerBound) to \(range.upperBound)")
            }
            return .integer(value)
        case .boolean:
            switch text.lowercased() {
            case "true", "yes", "on", "1": return .boolean(true)
            case "false", "no", "off", "0": return .boolean(false)
            default: throw refused("true or false")
            }
        case .oneOf(let allowed):
            guard allowed.contains(text) else { throw refused("one of \(allowed.joined(separator: ", "))") }
            return .string(text)
        case .strings:
            let parts = text.split(separator: ",").map { part in
                String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            return .strings(parts)
        case .objects:
            return try objects(text, name: name, origin: origin)
        }
    }

    /// A list of objects outside the file: written as JSON, read by the file's own reader.
    private static func objects(
        _ text: String,
        name: String,
        origin: ConfigurationOrigin
    ) throws -> ConfigurationValue {
        var nested = text
        for part in name.split(separator: ".").reversed() { nested = "{\"\(part)\": \(nested)}" }
        do {
            guard let read = try ConfigurationFile.parse(nested, path: origin.text)[name] else {
                return .objects([])
            }
            return read.value
        } catch let error as ConfigurationError {
            throw ConfigurationError(origin: origin, key: name, message: error.message)
        }
    }
}
