import HiveModel
import HivePorts
import HiveSync

/// Groups as the node and peers see them.
enum GroupReads {
    static func groups(_ reader: Reader) throws -> [GroupRecord] {
        let row = try reader.prepare(GroupSQL.all)
        var groups: [GroupRecord] = []
        while try row.step() {
            let name = try reader.prepare(ReadSQL.hiveOfGroup)
            name.bind(1, row.int(0))
            groups.append(
                GroupRecord(
                    id: try row.groupID(1),
                    isShared: row.bool(2),
                    status: row.text(3),
                    statusReason: row.optionalText(4),
                    createdAtMs: row.int(5),
                    hiveName: try name.step() ? name.text(0) : nil
                )
            )
        }
        return groups
    }

    static func group(ofHive name: String, _ reader: Reader) throws -> GroupID? {
        let row = try reader.prepare(ReadSQL.groupOfHive)
        row.bind(1, name)
        return try row.step() ? try row.groupID(0) : nil
    }

    static func number(of group: GroupID, _ reader: Reader) throws -> Int64? {
        try reader.int(GroupSQL.byID) { $0.bind(1, group.rawValue) }
    }

    static func genesis(_ number: Int64, _ reader: Reader) throws -> GroupRow? {
        let row = try reader.prepare(GroupSQL.genesis)
        row.bind(1, number)
        return try row.step() ? try GenesisColumns.read(row) : nil
    }

    static func members(_ number: Int64, _ reader: Reader) throws -> [MemberRow] {
        let row = try reader.prepare(GroupSQL.members)
        row.bind(1, number)
        var members: [MemberRow] = []
        while try row.step() { members.append(try MemberColumns.read(row)) }
        return members
    }

    static func settings(_ number: Int64, _ reader: Reader) throws -> [SettingRow] {
        let row = try reader.prepare(DecidedSQL.settings)
        row.bind(1, number)
        var settings: [SettingRow] = []
        while try row.step() { settings.append(try SettingColumns.read(row)) }
        return settings
    }

    static func identityKey(of instance: InstanceID, _ number: Int64, _ reader: Reader) throws -> PublicKey? {
        let row = try reader.prepare(GroupSQL.knownKey)
        row.bind(1, number).bind(2, instance.rawValue)
        return try row.step() ? try row.publicKey(0) : nil
    }

    static func stateRoot(_ number: Int64, _ reader: Reader) throws -> StateRoot {
        let row = try reader.prepare(GroupSQL.root)
        row.bind(1, number)
        guard try row.step() else { return StateRoot() }
        guard let root = StateRoot(bytes: row.blob(0)) else { throw DamagedRow("a state root is not 8 KiB long") }
        return root
    }

    /// The logs of a group, by number and with their heads' hashes.
    static func logs(_ number: Int64, _ reader: Reader) throws -> [(name: LogName, headHash: Hash256?)] {
        let row = try reader.prepare(GroupSQL.logsWithOrigins)
        row.bind(1, number)
        var logs: [(name: LogName, headHash: Hash256?)] = []
        while try row.step() {
            let name = LogName(
                n: row.int(0),
                origin: try row.instanceID(1),
                epoch: row.int(2),
                head: row.int(3)
            )
            logs.append((name, try row.optionalHash(4)))
        }
        return logs
    }

    /// The heads of all logs held, by instance id.
    static func heads(_ number: Int64, _ reader: Reader) throws -> [LogHead] {
        let cuts = try cuts(number, reader)
        var heads: [LogHead] = []
        for (log, hash) in try logs(number, reader) {
            guard log.head > 0, let hash else { continue }
            let place = Place(epoch: log.epoch, seq: log.head)
            let head = LogHead(origin: log.origin, place: place, hash: hash, cut: cuts[log.origin])
            if let last = heads.last, last.origin == log.origin { heads.removeLast() }
            heads.append(head)
        }
        return heads
    }

    /// The hashes of the fork proofs that cut logs.
    private static func cuts(_ number: Int64, _ reader: Reader) throws -> [InstanceID: Hash256] {
        let row = try reader.prepare(KeptSQL.cuts)
        row.bind(1, number)
        var cuts: [InstanceID: Hash256] = [:]
        while try row.step() { cuts[try row.instanceID(0)] = try row.hash(1) }
        return cuts
    }

    /// All groups by number.
    static func numbers(_ reader: Reader) throws -> [(number: Int64, id: GroupID)] {
        let row = try reader.prepare(GroupSQL.all)
        var numbers: [(number: Int64, id: GroupID)] = []
        while try row.step() { numbers.append((row.int(0), try row.groupID(1))) }
        return numbers
    }

    static func detail(_ group: GroupID, _ reader: Reader) throws -> GroupDetail? {
        guard let number = try number(of: group, reader),
            let record = try groups(reader).first(where: { $0.id == group })
        else { return nil }
        let genesis = try genesis(number, reader)
        return GroupDetail(
            record: record,
            genesis: genesis,
            policy: try genesis.map { try EffectiveHive(genesis: $0, settings: settings(number, reader)).policy },
            members: try members(number, reader),
            heads: try heads(number, reader),
            stateRoot: try stateRoot(number, reader),
            eventCount: try eventCount(number, reader),
            localSeq: try lastArrival(number, reader),
            poisonCount: try reader.int(KeptSQL.poisonCount) { $0.bind(1, number) } ?? 0,
            forkCount: try reader.int(KeptSQL.forkCount) { $0.bind(1, number) } ?? 0
        )
    }

    static func eventCount(_ number: Int64, _ reader: Reader) throws -> Int64 {
        try reader.int(GroupSQL.events) { $0.bind(1, number) } ?? 0
    }

    /// The arrival number of a group's newest event.
    private static func lastArrival(_ number: Int64, _ reader: Reader) throws -> Int64 {
        try logs(number, reader).reduce(0) { newest, log in
            let arrival = try reader.int(EventSQL.arrivals) {
                $0.bind(1, log.name.n).bind(2, log.name.head).bind(3, 1)
            }
            return max(newest, arrival ?? 0)
        }
    }
}
