import Glibc

/// An IP address: 4 or 16 bytes.
///
/// IPv4 addresses written as IPv6 (mapped, NAT64, 6to4) are judged as what they lead to.
public struct OutgoingAddress: Hashable, Sendable {
    /// Where an address leads.
    public enum Scope: Hashable, Sendable {
        case loopback
        /// RFC 1918, RFC 6598 (shared, used by meshes) and RFC 4193.
        case privateRange
        case linkLocal
        case multicast
        /// Where clouds keep the credentials of their machines.
        case metadata
        /// Unspecified, broadcast, reserved.
        case reserved
        case global
    }

    /// Network byte order.
    public let bytes: [UInt8]

    /// Nil unless a plain IPv4 or IPv6 address; no brackets, no zone.
    public init?(_ text: String) {
        var out = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &out) == 1 {
            self.init(v4: Array(out.prefix(4)))
            return
        }
        guard inet_pton(AF_INET6, text, &out) == 1 else { return nil }
        self.init(v6: out)
    }

    /// Nil unless 4 or 16 bytes.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.init(v4: bytes)
        case 16: self.init(v6: bytes)
        default: return nil
        }
    }

    private init(v4 bytes: [UInt8]) {
        self.bytes = bytes
    }

    private init(v6 bytes: [UInt8]) {
        let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    public var text: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        var out = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let size = socklen_t(out.count)
        guard inet_ntop(AF_INET6, bytes, &out, size) != nil else { return "" }
        return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    public var scope: Scope {
        if bytes.count == 4 { return Self.scope(v4: bytes) }
        if bytes[0..<15].allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .loopback : .reserved }
        if let inner = embedded { return Self.scope(v4: inner) }
        switch (bytes[0], bytes[1]) {
        case (0xFF, _): return .multicast
        case (0xFE, 0x80...0xBF): return .linkLocal
        case (0xFE, 0xC0...0xFF): return .privateRange
        case (0xFD, 0x00) where bytes[2] == 0x0E && bytes[3] == 0xC2: return .metadata
        case (0xFC, _), (0xFD, _): return .privateRange
        default: return .global
        }
    }

    /// The IPv4 address inside a NAT64 or 6to4 address.
    private var embedded: [UInt8]? {
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B]) && bytes[4..<12].allSatisfy({ $0 == 0 }) {
            return Array(bytes[12...])
        }
        if bytes.starts(with: [0x20, 0x02]) { return Array(bytes[2..<6]) }
        if bytes[0..<12].allSatisfy({ $0 == 0 }) { return Array(bytes[12...]) }
        return nil
    }

    private static func scope(v4 bytes: [UInt8]) -> Scope {
        switch (bytes[0], bytes[1]) {
        case (100, 100) where bytes[2] == 100 && bytes[3] == 200: .metadata
        case (192, 0) where bytes[2] == 0 && bytes[3] == 192: .metadata
        case (169, 254): bytes[2] == 169 && bytes[3] == 254 ? .metadata : .linkLocal
        case (127, _): .loopback
        case (10, _), (172, 16...31), (192, 168), (100, 64...127): .privateRange
        case (0, _), (240...255, _): .reserved
        case (224...239, _): .multicast
        default: .global
        }
    }
}

/// A range of addresses in CIDR form; a single address counts as its own range.
public struct OutgoingNetwork: Hashable, Sendable {
    public let base: OutgoingAddress
    public let prefixLength: Int

    /// Nil unless `address[/length]`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let base = OutgoingAddress(String(first)), parts.count <= 2 else { return nil }
        let bits = base.bytes.count * 8
        guard parts.count == 2 else {
            (self.base, prefixLength) = (base, bits)
            return
        }
        guard parts[1].utf8.count <= 3, let length = Int(parts[1]), (0...bits).contains(length) else { return nil }
        (self.base, prefixLength) = (base, length)
    }

    public func contains(_ address: OutgoingAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        for (index, byte) in base.bytes.enumerated() {
            let bits = min(8, max(0, prefixLength - index * 8))
            guard bits > 0 else { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits))
            guard byte & mask == address.bytes[index] & mask else { return false }
        }
        return true
    }
}
