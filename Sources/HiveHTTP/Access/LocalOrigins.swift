import HTTPTypes
import Hummingbird

/// Which requests local mode may take for the machine's owner.
///
/// Local mode needs no key, so any web page open in a browser on the same machine could send requests, and a page whose
/// host name was pointed at 127.0.0.1 could even read the replies. A browser names both: the page in `Origin`, the host
/// name in `Host`. Both must be loopback, or be listed.
public struct LocalOrigins: Sendable {
    /// Host names besides the loopback ones, in lower case, without a port.
    public var hosts: [String]

    public init(hosts: [String] = []) {
        self.hosts = hosts.map { $0.lowercased() }
    }

    func trusts(_ request: Request) -> Bool {
        if let authority = request.head.authority, !authority.isEmpty, !isTrusted(authority: authority) { return false }
        guard let origin = request.headers[.origin] else { return true }
        // `Origin` is `<scheme>://<authority>`, or `null` for pages that hide theirs.
        let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasSuffix(":"), parts[1].isEmpty else { return false }
        return isTrusted(authority: parts[2])
    }

    private func isTrusted(authority: some StringProtocol) -> Bool {
        let host = Self.host(of: authority.lowercased())
        return host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || Self.isLoopback(host)
            || hosts.contains(host)
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return String(authority.prefix { $0 != ":" && $0 != "/" })
    }

    /// 127.0.0.0/8 in dotted form.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
