// Reading the payloads that found groups and open logs.

extension InstanceAdded {
    init(_ fields: PayloadFields) throws(VoidReason) {
        let role = try fields.choice("role", MemberRole.self)
        guard role != .owner else { throw fields.fault("role", "can't be owner in an addition") }
        self.init(
            instance: try fields.instance("instance_id"),
            identityKey: try fields.publicKey("identity_key"),
            role: role,
            name: try fields.string("name"),
            fromEpoch: try fields.integer("from_epoch", 1...Limits.epochMax)
        )
    }
}

extension EpochOpened {
    init(_ fields: PayloadFields) throws(VoidReason) {
        guard let members = try fields.value("closed").members else {
            throw fields.fault("closed", "should be an object")
        }
        var closed = [ClosedEpoch]()
        for member in members {
            guard let epoch = ClosedEpoch(member) else {
                throw fields.fault("closed", "should give [seq, hash] for each epoch")
            }
            closed.append(epoch)
        }
        closed.sort { $0.last < $1.last }
        self.init(closed: closed, log: try fields.logKey(), reason: try fields.string("reason"))
    }
}

extension ClosedEpoch {
    /// Reads `"<epoch>": [seq, hash]`, the number without leading zeros.
    fileprivate init?(_ member: JSONMember) {
        guard let epoch = Int64(member.key), String(epoch) == member.key, (1...Limits.epochMax).contains(epoch),
            let pair = member.value.array, pair.count == 2,
            let seq = pair[0].int, (1...Limits.seqMax).contains(seq),
            let hash = pair[1].string.flatMap({ Hash256(hex: $0) })
        else { return nil }
        self.init(last: Place(epoch: epoch, seq: seq), hash: hash)
    }
}

extension GroupCreated {
    init(_ fields: PayloadFields) throws(VoidReason) {
        let nonce = try fields.string("nonce")
        guard nonce.utf8.count == 32, Hex.decode(nonce) != nil else {
            throw fields.fault("nonce", "should be 32 digits of lower-case hex")
        }
        let successors = try fields.successors() ?? []
        self.init(
            groupName: try fields.string("sync_group_name"),
            hive: try HiveDescription(fields.object("hive")),
            owner: try fields.agent("owner"),
            identityKey: try fields.publicKey("identity_key"),
            log: try fields.logKey(),
            policy: try GroupPolicy(fields.object("policy")),
            successors: successors,
            quorum: try fields.integer("quorum", 0...Int64(successors.count), orMissing: 0),
            nonce: nonce
        )
    }
}

extension HiveDescription {
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            name: try fields.string("name"),
            description: try fields.optionalString("description"),
            isPublic: try fields.bool("is_public"),
            createdAtMs: try fields.integer("created_at", 0...HybridTime.msMax)
        )
    }
}

extension GroupPolicy {
    /// Bounds of `max_clock_drift_ms` (protocol, section 5).
    public static let clockDriftRangeMs: ClosedRange<Int64> = 5000...600_000
    /// Bounds of `retention_days`: up to a hundred years.
    public static let retentionRangeDays: ClosedRange<Int64> = 1...36_500

    /// What is missing has its default.
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        let usual = GroupPolicy()
        self.init(
            maxClockDriftMs: try fields.integer(
                "max_clock_drift_ms",
                Self.clockDriftRangeMs,
                orMissing: usual.maxClockDriftMs
            ),
            retentionDays: try fields.integer(
                "retention_days",
                Self.retentionRangeDays,
                orMissing: usual.retentionDays
            ),
            admission: fields.has("admission") ? try fields.choice("admission", Admission.self) : usual.admission,
            votePrivacy: fields.has("vote_privacy")
                ? try fields.choice("vote_privacy", VotePrivacy.self) : usual.votePrivacy
        )
    }
}
