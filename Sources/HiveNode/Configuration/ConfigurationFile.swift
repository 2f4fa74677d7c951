import Foundation
import Yams

/// Reads `openhive.yaml` (JSON is YAML) into checked values, each with its line.
enum ConfigurationFile {
    /// - Returns: values by key path. Throws `ConfigurationError` naming file, line and key for everything else.
    static func read(path: String) throws -> [String: SettledValue] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                origin: .standard,
                key: nil,
                message: "The configuration file \(path) can't be read: does it exist, and may this user read it?"
            )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(origin: .file(path, line: 1), key: nil, message: "The file is not UTF-8.")
        }
        return try parse(text, path: path)
    }

    static func parse(_ text: String, path: String) throws -> [String: SettledValue] {
        let root: Yams.Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw described(error, path: path)
        }
        guard let root else { return [:] }
        guard case .mapping(let mapping) = root else {
            if case .scalar(let scalar) = root, scalar.string.isEmpty || scalar.string == "null" { return [:] }
            throw ConfigurationError(
                origin: .file(path, line: root.mark?.line ?? 1),
                key: nil,
                message: "The file must hold keys and values, such as: port: 3000"
            )
        }
        var reader = Reader(path: path)
        try reader.section(mapping, prefix: "")
        return reader.values
    }

    private static func described(_ error: YamlError, path: String) -> ConfigurationError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ConfigurationError(
                origin: .file(path, line: mark.line),
                key: nil,
                message: "This is not YAML: \(problem) (column \(mark.column))."
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationError(
                origin: .file(path, line: context.mark.line),
                key: duplicates.first,
                message: "\(duplicates.sorted().joined(separator: ", ")) is given twice: keep one."
            )
        default:
            ConfigurationError(origin: .file(path, line: 1), key: nil, message: "This is not YAML: \(error).")
        }
    }

    /// `rateLimit` and `rate_limit` name the same key.
    static func snakeCase(_ name: String) -> String {
        var out = ""
        for character in name {
            if character.isUppercase {
                if !out.isEmpty, out.last != "_" { out.append("_") }
                out.append(contentsOf: character.lowercased())
            } else {
                out.append(character)
            }
        }
        return out
    }
}

/// Walks the tree of one file.
private struct Reader {
    let path: String
    var values: [String: SettledValue] = [:]

    mutating func section(_ mapping: Yams.Node.Mapping, prefix: String) throws {
        for (keyNode, value) in mapping {
            let line = keyNode.mark?.line ?? mapping.mark?.line ?? 1
            let name = ConfigurationFile.snakeCase(keyNode.scalar?.string ?? "")
            let full = prefix.isEmpty ? name : "\(prefix).\(name)"
            if let why = ConfigurationTable.retired[full] { throw error(full, line, "\(full) \(why).") }
            if let key = ConfigurationTable.key(full) {
                if case .scalar(let scalar) = value, scalar.isNull { continue }
                guard values[full] == nil else { throw error(full, line, "\(full) is given twice: keep one.") }
                let checked = try self.value(value, key: key, name: full, line: line)
                values[full] = SettledValue(value: checked, origin: .file(path, line: line))
            } else if ConfigurationTable.isSection(full) {
                switch value {
                case .mapping(let inner): try section(inner, prefix: full)
                case .scalar(let scalar) where scalar.isNull: continue
                default: throw error(full, line, "\(full) holds further keys: write them below it, indented.")
                }
            } else {
                throw unknown(full, line)
            }
        }
    }

    private func unknown(_ full: String, _ line: Int) -> ConfigurationError {
        let hint = ConfigurationTable.nearest(to: full).map { " Did you mean \($0)?" } ?? ""
        return error(full, line, "There is no setting \(full).\(hint)")
    }

    private func value(
        _ node: Yams.Node,
        key: ConfigurationKey,
        name: String,
        line: Int
    ) throws -> ConfigurationValue {
        let origin = ConfigurationOrigin.file(path, line: line)
        switch (key.kind, node) {
        case (.strings, .sequence(let items)):
            return .strings(
                try items.map { item in
                    guard let text = item.scalar?.string else {
                        throw error(name, item.mark?.line ?? line, "\(name) is a list of texts.")
                    }
                    return text
                }
            )
        case (.objects(let members), .sequence(let items)):
            return .objects(try items.map { try object($0, members: members, name: name, line: line) })
        case (.objects, _):
            throw error(name, line, "\(name) is a list: begin each entry with a dash.")
        case (_, .scalar(let scalar)):
            if case .strings = key.kind, scalar.string == "true" { return .strings(["*"]) }
            return try ConfigurationText.value(scalar.string, key: key, name: name, origin: origin)
        default:
            throw error(name, line, "\(name) must be \(key.kindText).")
        }
    }

    private func object(
        _ node: Yams.Node,
        members: [ConfigurationKey],
        name: String,
        line: Int
    ) throws -> [String: ConfigurationValue] {
        let line = node.mark?.line ?? line
        guard case .mapping(let mapping) = node else {
            throw error(name, line, "Each entry of \(name) has the keys \(names(members)).")
        }
        var out: [String: ConfigurationValue] = [:]
        for (keyNode, value) in mapping {
            let place = keyNode.mark?.line ?? line
            let member = ConfigurationFile.snakeCase(keyNode.scalar?.string ?? "")
            guard let key = members.first(where: { $0.path == member }) else {
                throw error("\(name).\(member)", place, "\(name) has no \(member), but \(names(members)).")
            }
            out[member] = try self.value(value, key: key, name: "\(name).\(member)", line: place)
        }
        for key in members where key.isRequired && out[key.path] == nil {
            throw error("\(name).\(key.path)", line, "This entry of \(name) lacks \(key.path).")
        }
        return out
    }

    private func names(_ members: [ConfigurationKey]) -> String { members.map(\.path).joined(separator: ", ") }

    private func error(_ key: String, _ line: Int, _ message: String) -> ConfigurationError {
        ConfigurationError(origin: .file(path, line: line), key: key, message: message)
    }
}

extension Yams.Node.Scalar {
    /// A plain `null`, `~` or nothing at all; quoted ones are texts.
    fileprivate var isNull: Bool {
        (style == .plain || style == .any) && (string.isEmpty || string == "~" || string == "null")
    }
}
