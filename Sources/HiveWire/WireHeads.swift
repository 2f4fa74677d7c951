public import HiveModel
public import HiveSync

/// Heads on the wire: `{"<instance_id>": {"epoch": 1, "seq": 12, "hash": "<hex>", "cut": "<hex>"}, ...}`,
/// `cut` only where a fork proof cuts the log.
public enum WireHeads {
    public static func json(_ heads: [LogHead]) -> JSONValue {
        .object(unsorted: heads.map { JSONMember($0.origin.rawValue, json($0)) })
    }

    static func json(_ head: LogHead) -> JSONValue {
        .members([
            ("epoch", .int(head.place.epoch)), ("seq", .int(head.place.seq)), ("hash", .string(head.hash.hex)),
            ("cut", .hex(head.cut)),
        ])
    }

    /// Reads one entry of the object `fields`.
    static func head(_ fields: WireFields, of key: String) throws(WireError) -> LogHead {
        let entry = try fields.object(key)
        return LogHead(
            origin: try instance(fields, key),
            place: Place(
                epoch: try entry.int("epoch", in: 1...Limits.epochMax),
                seq: try entry.int("seq", in: 1...Limits.seqMax)
            ),
            hash: try entry.hash("hash"),
            cut: try entry.optionalHash("cut")
        )
    }

    /// An instance id that is the key of a member.
    static func instance(_ fields: WireFields, _ key: String) throws(WireError) -> InstanceID {
        guard let origin = InstanceID(key) else {
            let shown = fields.name(String(key.prefix(40)))
            throw WireError(.field, field: shown, "\(shown) should be named by an instance id.")
        }
        return origin
    }
}

extension WireFields {
    /// Heads, by instance id.
    func heads(_ key: String) throws(WireError) -> [LogHead] {
        let fields = try object(key, countMax: WireLimits.headsMax)
        var heads: [LogHead] = []
        heads.reserveCapacity(fields.members.count)
        for member in fields.members { heads.append(try WireHeads.head(fields, of: member.key)) }
        return heads.inOrder
    }

    func optionalHeads(_ key: String) throws(WireError) -> [LogHead]? {
        value(key) == nil ? nil : try heads(key)
    }

    /// Where logs are held up to, by instance id; null = nothing is held.
    func gaps(_ key: String) throws(WireError) -> [AdmissionOutcome.Gap] {
        guard value(key) != nil else { return [] }
        let fields = try object(key, countMax: WireLimits.headsMax)
        var gaps: [AdmissionOutcome.Gap] = []
        for member in fields.members {
            let held = member.value.isNull ? nil : try WireHeads.head(fields, of: member.key)
            gaps.append(AdmissionOutcome.Gap(origin: try WireHeads.instance(fields, member.key), held: held))
        }
        return gaps
    }
}
