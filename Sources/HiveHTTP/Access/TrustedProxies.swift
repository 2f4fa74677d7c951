import HTTPTypes
import Hummingbird
import NIOCore

/// Which proxies' word counts on where a request came from.
///
/// Anybody can write `X-Forwarded-For`, so it is read from its right end, where the nearest proxy writes, and only as
/// long as the address that handed the entry over is a trusted proxy's.
public struct TrustedProxies: Sendable {
    public var networks: [OutgoingNetwork]

    /// - Parameter networks: none = the header never counts.
    public init(networks: [OutgoingNetwork] = []) {
        self.networks = networks
    }

    /// Where the request came from: the socket's address, or what trusted proxies say it was.
    ///
    /// Nil where that can't be told: no IP socket, or a trusted proxy names something that is no address.
    func client(of request: Request, socket: SocketAddress?) -> OutgoingAddress? {
        guard var address = socket?.ipAddress.flatMap({ OutgoingAddress($0) }) else { return nil }
        guard isTrusted(address) else { return address }
        let entries = request.headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }
        for entry in entries.reversed() {
            guard let next = Self.address(of: entry) else { return nil }
            address = next
            guard isTrusted(address) else { return address }
        }
        return address
    }

    private func isTrusted(_ address: OutgoingAddress) -> Bool { networks.contains { $0.contains(address) } }

    /// An entry is an address, or one with a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(of entry: Substring) -> OutgoingAddress? {
        var text = entry.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        if text.first == "[", let end = text.firstIndex(of: "]") {
            return OutgoingAddress(String(text[text.index(after: text.startIndex)..<end]))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return OutgoingAddress(String(parts.count == 2 ? parts[0] : text))
    }
}
