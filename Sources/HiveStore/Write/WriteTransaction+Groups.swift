public import HiveModel
import HivePorts
public import HiveSync

/// A hive as it is made here; what its genesis says comes with the event.
public struct NewHiveRow: Sendable, Hashable {
    /// Local to this instance.
    public var id: String
    public var name: String
    public var description: String?
    public var isPublic: Bool
    /// Canonical JSON object, or nil.
    public var settingsJSON: String?
    /// The agent that owns it, where it is of this instance.
    public var owner: RowNumber?
    public var memberCount: Int64
    public var createdAtMs: Int64

    public init(
        id: String,
        name: String,
        description: String?,
        isPublic: Bool,
        settingsJSON: String?,
        owner: RowNumber?,
        memberCount: Int64 = 1,
        createdAtMs: Int64
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.isPublic = isPublic
        self.settingsJSON = settingsJSON
        self.owner = owner
        self.memberCount = memberCount
        self.createdAtMs = createdAtMs
    }
}

/// What this instance keeps of a group beyond its events.
public struct GroupRecord: Sendable, Hashable {
    public var id: GroupID
    public var isShared: Bool
    /// `active`, `backfilling`, `stopped` or `error`.
    public var status: String
    public var statusReason: String?
    public var createdAtMs: Int64
    /// The local name of its hive; nil where it has none yet.
    public var hiveName: String?
}

extension WriteTransaction {
    /// Makes room for a group; its events come after.
    ///
    /// Nothing happens where it is here already.
    public mutating func createGroup(
        _ group: GroupID,
        isShared: Bool,
        status: String = "active",
        createdAtMs: Int64
    ) throws {
        let insert = try reader.prepare(GroupSQL.insert)
        insert.bind(1, group.rawValue)
        insert.bind(2, isShared)
        insert.bind(3, status).bind(4, createdAtMs)
        try insert.run()
    }

    /// Gives a group its hive.
    ///
    /// `HiveError(.conflict)` where the name is taken.
    public mutating func createHive(_ hive: NewHiveRow, group: GroupID) throws {
        guard let number = try core.groupRow(group) else {
            throw HiveError(.notFound, "There is no group \(group.rawValue) here.")
        }
        let insert = try reader.prepare(GroupSQL.insertHive)
        insert.bind(1, hive.id).bind(2, hive.name)
        insert.bind(3, hive.description)
        insert.bind(4, hive.owner)
        insert.bind(5, hive.isPublic)
        insert.bind(6, hive.settingsJSON)
        insert.bind(7, hive.memberCount).bind(8, hive.createdAtMs).bind(9, hive.createdAtMs).bind(10, number)
        guard try insert.insert() != nil else {
            throw HiveError(.conflict, "There is a hive named \(hive.name) already.")
        }
        try core.state(for: group).hiveMade()
    }

    public mutating func setGroupStatus(_ group: GroupID, _ status: String, reason: String?) throws {
        guard let number = try core.groupRow(group) else { return }
        let update = try reader.prepare(GroupSQL.setStatus)
        update.bind(1, status)
        update.bind(2, reason)
        update.bind(3, number)
        try update.run()
    }

    /// The kept status of a group; nil where it is not here.
    public func groupStatus(_ group: GroupID) throws -> (status: String, reason: String?)? {
        let row = try reader.prepare(GroupSQL.status)
        row.bind(1, group.rawValue)
        return try row.step() ? (row.text(0), row.optionalText(1)) : nil
    }

    public mutating func setShared(_ group: GroupID, _ isShared: Bool) throws {
        guard let number = try core.groupRow(group) else { return }
        let update = try reader.prepare(GroupSQL.setShared)
        update.bind(1, isShared)
        update.bind(2, number)
        try update.run()
    }

    /// All groups of this instance, by id.
    public func groups() throws -> [GroupRecord] { try GroupReads.groups(reader) }

    /// The group a hive's name stands for; nil where there is no such hive.
    public func group(ofHive name: String) throws -> GroupID? { try GroupReads.group(ofHive: name, reader) }
}
