public import HiveModel

/// What two replicas compare to know that they hold the same (protocol, section 6).
public enum HeadsDigest {
    /// The RFC 8785 form of `{"<instance_id>": [epoch, seq, "<hash, lower-case hex>"], ...}`.
    ///
    /// Instance ids are ASCII, so their order by bytes is the canonical one.
    public static func canonical(_ heads: [LogHead]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(2 + heads.count * 128)
        out.append(UInt8(ascii: "{"))
        for (index, head) in heads.inOrder.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "\""))
            out.append(contentsOf: head.origin.rawValue.utf8)
            out.append(contentsOf: "\":[".utf8)
            out.append(contentsOf: String(head.place.epoch).utf8)
            out.append(UInt8(ascii: ","))
            out.append(contentsOf: String(head.place.seq).utf8)
            out.append(contentsOf: ",\"".utf8)
            appendHex(of: head.hash, to: &out)
            out.append(contentsOf: "\"]".utf8)
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    /// SHA-256 of the canonical form.
    public static func of(_ heads: [LogHead], _ crypto: some Hashing) -> Hash256 {
        crypto.sha256(canonical(heads))
    }

    private static func appendHex(of hash: Hash256, to out: inout [UInt8]) {
        for byte in hash.bytes {
            out.append(hexDigit(byte >> 4))
            out.append(hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
