import HiveCrypto
import HiveModel

/// The form a request takes where its token must not travel: over plain http outside `sync.allowed_networks`
/// (protocol, section 7).
///
/// `Authorization: HiveHMAC <instance id>:<time>:<nonce>:<mac>`, the time in milliseconds since 1970, nonce and mac in
/// base64url; mac = HMAC-SHA256, keyed by the SHA-256 of the token, over `openhive-request-v1`, method, path with
/// query, hex SHA-256 of the body, time and nonce, each on its own line.
struct RequestSeal: Hashable, Sendable {
    static let scheme = "HiveHMAC "

    var instance: InstanceID
    var timeMs: Int64
    var nonce: String
    var mac: [UInt8]

    /// Seals a request of ours.
    init(
        _ instance: InstanceID,
        method: String,
        path: String,
        body: [UInt8],
        timeMs: Int64,
        tokenHash: [UInt8]
    ) {
        self.instance = instance
        self.timeMs = timeMs
        nonce = RandomText.nonce()
        mac = []
        mac = MessageCode.hmacSHA256(message(method: method, path: path, body: body), key: tokenHash)
    }

    /// Reads the value of an `Authorization` header; nil where it is of another form.
    init?(header: String) {
        guard header.utf8.count <= 300, header.hasPrefix(Self.scheme) else { return nil }
        let parts = header.dropFirst(Self.scheme.count).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, let instance = InstanceID(String(parts[0])), let timeMs = Int64(parts[1]),
            (16...64).contains(parts[2].utf8.count), let mac = Base64URL.decode(String(parts[3])), mac.count == 32
        else { return nil }
        self.instance = instance
        self.timeMs = timeMs
        nonce = String(parts[2])
        self.mac = mac
    }

    var header: String { "\(Self.scheme)\(instance.rawValue):\(timeMs):\(nonce):\(Base64URL.encode(mac))" }

    /// Whether it was made by the holder of the token with this hash, for this request.
    func isValid(method: String, path: String, body: [UInt8], tokenHash: [UInt8]) -> Bool {
        MessageCode.isValid(mac, message: message(method: method, path: path, body: body), key: tokenHash)
    }

    private func message(method: String, path: String, body: [UInt8]) -> [UInt8] {
        let hash = SwiftCrypto().sha256(body).hex
        let lines = ["openhive-request-v1", method, path, hash, String(timeMs), nonce]
        return Array(lines.joined(separator: "\n").utf8)
    }
}
