public import HiveHTTP
public import HivePorts

/// Where a peer answers: an http or https address that ends in `/sync/v1` (protocol, section 8).
public struct PeerEndpoint: Hashable, Sendable {
    public static let suffix = "/sync/v1"

    public let url: OutgoingURL

    /// Adds the suffix where it is missing.
    ///
    /// Throws `HiveError(.badRequest)` with what is wrong.
    public init(_ text: String) throws(HiveError) {
        guard var url = OutgoingURL(text) else {
            throw HiveError(
                .badRequest,
                "'\(text.prefix(200))' is no sync endpoint: give http:// or https://, a host, and if need be a port"
            )
        }
        while url.path.hasSuffix("/") { url.path.removeLast() }
        if !url.path.hasSuffix(Self.suffix) { url.path += Self.suffix }
        self.url = url
    }

    /// The whole address: `https://host:port/sync/v1`.
    public var text: String { url.origin + url.path }
}
