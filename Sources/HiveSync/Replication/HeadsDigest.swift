public import HiveModel

/// What two replicas compare to know that they hold the same (protocol, section 6).
public enum HeadsDigest {
    /// The RFC 8785 form of `{"<instance_id>": [epoch, seq, "<hash, lower-case hex>", "<cut>"], ...}`,
    /// `cut` only where there is one.
    ///
    /// Instance ids are ASCII, so their order by bytes is the canonical one.
    public static func canonical(_ heads: [LogHead]) -> [UInt8] {
        var writer = JSONWriter(capacity: 2 + heads.count * 128)
        writer.beginObject()
        for head in heads.inOrder {
            writer.key(text: head.origin.rawValue)
            writer.beginArray()
            writer.int(head.place.epoch)
            writer.int(head.place.seq)
            writer.hex(head.hash)
            if let cut = head.cut { writer.hex(cut) }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }

    /// SHA-256 of the canonical form.
    public static func of(_ heads: [LogHead], _ crypto: some Hashing) -> Hash256 {
        crypto.sha256(canonical(heads))
    }
}

extension GroupHeads {
    /// Heads with their digest.
    public init(heads: [LogHead], stateRoot: Hash256?, _ crypto: some Hashing) {
        let ordered = heads.inOrder
        self.init(heads: ordered, digest: HeadsDigest.of(ordered, crypto), stateRoot: stateRoot)
    }
}
