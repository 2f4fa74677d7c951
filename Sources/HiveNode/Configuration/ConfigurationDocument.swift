/// Texts made from the table: the file that `init` writes and the reference in the documentation.
public enum ConfigurationDocument {
    /// A file in which every setting stands commented out with its help and default, but for those given.
    public static func file(given: [(path: String, value: ConfigurationValue)] = []) -> String {
        let values = Dictionary(given.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        var lines = [
            "# Settings of this OpenHive instance. A flag wins over the environment, that over this file.",
            "# Each key is also an environment variable: OPENHIVE_ and its path, such as OPENHIVE_RATE_LIMIT_MAX.",
        ]
        var section: [Substring] = []
        for key in ConfigurationTable.keys {
            let parts = key.path.split(separator: ".")
            let parents = Array(parts.dropLast())
            let shared = zip(section, parents).prefix { $0 == $1 }.count
            if parents.isEmpty || shared == 0 { lines.append("") }
            let mark = { (path: String) in values.keys.contains { $0 == path || $0.hasPrefix(path + ".") } }
            for depth in shared..<max(parents.count, shared) {
                let path = parents.prefix(depth + 1).joined(separator: ".")
                lines.append((mark(path) ? "" : "# ") + indent(depth) + parents[depth] + ":")
            }
            section = parents
            let margin = indent(parents.count)
            lines.append("# \(margin)# \(key.help) Default: \(key.defaultText).")
            let name = parts.last.map(String.init) ?? key.path
            if let value = values[key.path] {
                lines.append("\(margin)\(name): \(yaml(value))")
            } else {
                lines.append("# \(margin)\(name): \(example(key))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A Markdown table of all settings.
    public static func markdown() -> String {
        var lines = ["| key | kind | default | environment | what it does |", "|---|---|---|---|---|"]
        for key in ConfigurationTable.keys {
            let help = key.isSecret ? key.help + " Secret." : key.help
            lines.append(
                "| `\(key.path)` | \(key.kindText) | \(key.defaultText) | `\(key.environmentName)` | \(help) |"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private static func example(_ key: ConfigurationKey) -> String {
        if let standard = key.standard { return yaml(standard) }
        return switch key.kind {
        case .oneOf(let values): values[0]
        default: ""
        }
    }

    private static func yaml(_ value: ConfigurationValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .strings(let texts): "[" + texts.map(quoted).joined(separator: ", ") + "]"
        case .integer, .boolean, .objects: value.text
        }
    }

    /// Double-quoted unless it is plainly a word, a number-free name or an address.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || "-_".contains($0)) }
            && !["true", "false", "yes", "no", "on", "off", "null"].contains(text.lowercased())
        guard !isPlain else { return text }
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
