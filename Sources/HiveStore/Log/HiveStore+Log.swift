public import HiveModel
public import HivePorts
public import HiveSync

/// The logs and rosters as peers and administration read them.
extension HiveStore {
    /// The events above `heads` in wire form: logs in the order owner, admins, members, each run ending at an event
    /// whose signature was checked or made here; at least one whole run.
    ///
    /// `.notFound` for an unknown group.
    public func events(
        of group: GroupID,
        above heads: [LogHead],
        leavingOut leftOut: InstanceID? = nil,
        maxEvents: Int = Limits.batchEventsMax,
        maxBytes: Int = Limits.batchBytesMax
    ) async throws -> EventBatch {
        let hashing = options.hashing
        return try await read { reader in
            try EventReads(group, reader, hashing).batch(
                above: heads,
                leavingOut: leftOut,
                maxEvents: maxEvents,
                maxBytes: maxBytes
            )
        }
    }

    /// The fork proofs that `heads` do not show, and all transfers of ownership.
    public func evidence(of group: GroupID, above heads: [LogHead]) async throws -> LogEvidence {
        let hashing = options.hashing
        return try await read { try EventReads(group, $0, hashing).evidence(above: heads) }
    }

    /// What `origin` wrote and does not stand, nor anything that repeats it, with what it follows.
    public func lostEvents(of origin: InstanceID, in group: GroupID, maxBytes: Int) async throws -> EventBatch {
        let hashing = options.hashing
        return try await read { try EventReads(group, $0, hashing).lostEvents(of: origin, maxBytes: maxBytes) }
    }

    /// The hash of what is held at the place of `head`, standing or aside.
    public func heldHash(at head: LogHead, in group: GroupID) async throws -> Hash256? {
        let hashing = options.hashing
        return try await read { try EventReads(group, $0, hashing).heldHash(at: head) }
    }

    /// A page by arrival number of this incarnation.
    /// - Parameters:
    ///   - type: only events of this type, for administration; nil = all.
    ///   - origin: only events of this instance, for administration; nil = all.
    public func events(
        of group: GroupID,
        sinceArrival: Int64,
        limit: Int,
        type: String? = nil,
        origin: String? = nil
    ) async throws -> EventPage {
        let filter = type == nil && origin == nil ? nil : EventReads.Filter(type: type, origin: origin)
        return try await read { [incarnation, hashing = options.hashing] in
            try EventReads(group, $0, hashing).page(
                sinceArrival: sinceArrival,
                limit: limit,
                filter: filter,
                incarnation: incarnation
            )
        }
    }

    /// All groups of this instance, by id.
    public func groups() async throws -> [GroupRecord] {
        try await read { try GroupReads.groups($0) }
    }

    /// What is held of a group; nil for an unknown one.
    public func group(_ group: GroupID) async throws -> GroupDetail? {
        try await read { try GroupReads.detail(group, $0) }
    }

    /// The group a hive's name stands for; nil where there is no such hive.
    public func group(ofHive name: String) async throws -> GroupID? {
        try await read { try GroupReads.group(ofHive: name, $0) }
    }

    /// The shared and joined groups, by id.
    public func sharedGroups(_ crypto: some Hashing) async throws -> [SharedGroup] {
        try await read { reader in
            try GroupReads.groups(reader).filter(\.isShared).compactMap { record in
                guard let detail = try GroupReads.detail(record.id, reader) else { return nil }
                return SharedGroup(
                    id: record.id,
                    hiveName: record.hiveName ?? "",
                    groupName: detail.genesis?.groupName ?? "",
                    heads: GroupHeads(heads: detail.heads, stateRoot: detail.stateRoot.value(crypto), crypto),
                    localSeq: detail.localSeq
                )
            }
        }
    }

    /// The role of an instance in a group now; nil where it is no member or the group unknown.
    public func role(of instance: InstanceID, in group: GroupID) async throws -> MemberRole? {
        try await read { reader in
            guard let number = try GroupReads.number(of: group, reader) else { return nil }
            return try GroupReads.members(number, reader).first { $0.instance == instance }?.role
        }
    }

    /// The identity key of an instance known in a group.
    public func identityKey(of instance: InstanceID, in group: GroupID) async throws -> PublicKey? {
        try await read { reader in
            guard let number = try GroupReads.number(of: group, reader) else { return nil }
            return try GroupReads.identityKey(of: instance, number, reader)
        }
    }

    // MARK: Changes

    /// Committed changes after a `change_seq`, oldest first.
    ///
    /// Nil where some of them are pruned: the reader must begin anew.
    public func changes(after seq: Int64, limit: Int) async throws -> [RecordedChange]? {
        try await read { reader in
            let first = try reader.int(EventSQL.firstChange) ?? 1
            guard seq >= first - 1 else { return nil }
            let names = Dictionary(
                try GroupReads.numbers(reader).map { ($0.number, $0.id) },
                uniquingKeysWith: { first, _ in first }
            )
            let row = try reader.prepare(EventSQL.changesAfter)
            row.bind(1, seq).bind(2, Int64(limit))
            var changes: [RecordedChange] = []
            while try row.step() {
                guard let group = names[row.int(1)] else { throw DamagedRow("a change names no group") }
                let change = try ChangeCode.decode(kind: row.int(2), row: row.int(3))
                changes.append(RecordedChange(seq: row.int(0), group: group, change: change))
            }
            return changes
        }
    }

    /// Forgets all but the newest `changesKept` changes, a tenth of them at a time.
    ///
    /// For idle time; reads two numbers where there is nothing to forget.
    public func pruneChanges() throws {
        try withCore { core in
            try core.transaction {
                let kept = max(1, options.changesKept)
                let last = try core.lastCommittedChange()
                let first = try Reader(db: core.connection).int(EventSQL.firstChange) ?? last
                guard last - first >= kept + kept / 10 else { return }
                let prune = try core.prepare(EventSQL.pruneChanges)
                prune.bind(1, last - kept)
                try prune.run()
            }
        }
    }
}

/// What is held of a group.
public struct GroupDetail: Sendable {
    public var record: GroupRecord
    /// Nil until its genesis is folded.
    public var genesis: GroupRow?
    /// The genesis' as settings have changed it.
    public var policy: GroupPolicy?
    /// By instance id.
    public var members: [MemberRow]
    /// By instance id.
    public var heads: [LogHead]
    public var stateRoot: StateRoot
    public var eventCount: Int64
    /// The arrival number of its newest event; 0 = none.
    public var localSeq: Int64
    /// Events that this version of the fold fails at.
    public var poisonCount: Int64
    /// Logs with a fork that is proved.
    public var forkCount: Int64
}
