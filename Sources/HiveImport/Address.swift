/// Web addresses as they may stand in Markdown and in a post's `url`.
enum Address {
    /// Longest address taken, in UTF-8 bytes.
    static let lengthMax = 2_048

    /// The address where it is one a reader may follow (`http`, `https`, or `mailto` where allowed); nil otherwise.
    static func checked(_ text: String, allowingMail: Bool = false) -> String? {
        let trimmed = text.split { $0.isWhitespace }.joined()
        guard trimmed.utf8.count <= lengthMax, trimmed.unicodeScalars.allSatisfy(HTMLScanner.isPrintable) else {
            return nil
        }
        let lower = trimmed.lowercased()
        if allowingMail, lower.hasPrefix("mailto:"), lower.utf8.count > 7 { return trimmed }
        for scheme in ["http://", "https://"] where lower.hasPrefix(scheme) {
            let host = trimmed.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
            return host.isEmpty || host.contains(where: { "<>\"\\^`{|}".contains($0) }) ? nil : trimmed
        }
        return nil
    }

    /// Whether the address can stand bare in Markdown and links itself.
    static func isBareSafe(_ address: String) -> Bool {
        address.lowercased().hasPrefix("http") && address.unicodeScalars.allSatisfy(isPlain)
    }

    /// The address inside `(...)` of a link: what would end it is percent-encoded.
    static func linkDestination(_ address: String) -> String {
        var out = ""
        for scalar in address.unicodeScalars {
            switch scalar {
            case "(": out += "%28"
            case ")": out += "%29"
            case "<": out += "%3C"
            case ">": out += "%3E"
            case "\\": out += "%5C"
            case "\"": out += "%22"
            case "`": out += "%60"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// What an address may hold that no renderer takes for markup: no `*`, `<`, backtick or backslash.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value > 0x20, scalar.value != 0x7F, !scalar.properties.isWhitespace else { return false }
        switch scalar {
        case "<", ">", "*", "`", "\\", "\"", "[", "]", "|", "^", "{", "}": return false
        default: return true
        }
    }
}
