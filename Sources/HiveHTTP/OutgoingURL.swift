/// The parts of an `http` or `https` URL without user, query or fragment.
public struct OutgoingURL: Hashable, Sendable {
    public var isSecure: Bool
    /// A name in lower case, an IPv4 address or an IPv6 address without brackets.
    public var host: String
    /// Nil where the URL names none.
    public var port: Int?
    /// Empty or beginning with `/`.
    public var path: String

    /// Nil for anything else than `http[s]://host[:port][/path]` in printable ASCII.
    public init?(_ text: String) {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let lower = text.lowercased()
        let mark: String
        if lower.hasPrefix("https://") {
            (isSecure, mark) = (true, "https://")
        } else if lower.hasPrefix("http://") {
            (isSecure, mark) = (false, "http://")
        } else {
            return nil
        }
        let rest = text.dropFirst(mark.count)
        guard !rest.contains(where: { "@?#\\".contains($0) }) else { return nil }
        let authority = rest.prefix { $0 != "/" }
        path = String(rest.dropFirst(authority.count))
        guard let (host, port) = Self.split(authority) else { return nil }
        self.host = host
        self.port = port
    }

    /// `http://host:port` as it goes in front of a path.
    public var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// `host[:port]`, as the `Host` header wants it.
    public var authority: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(shown):\($0)" } ?? shown
    }

    public var effectivePort: Int { port ?? (isSecure ? 443 : 80) }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            guard OutgoingAddress(String(host))?.bytes.count == 16 || host.hasPrefix("::ffff:") else { return nil }
            if !after.isEmpty {
                guard after.first == ":" else { return nil }
                portText = after.dropFirst()
            }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        if authority.first != "[" {
            guard host.utf8.allSatisfy({ isNameByte($0) }) else { return nil }
        }
        guard let portText else { return (host.lowercased(), nil) }
        guard let port = Int(portText), (1...65_535).contains(port), portText.allSatisfy(\.isNumber) else { return nil }
        return (host.lowercased(), port)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
