import HivePorts

/// What a viewer may see: public hives, private ones its agent is in, and everything for admins of this instance.
///
/// The one place that decides it for reads. Lives for one read, on its snapshot.
final class ViewerScope {
    let seesAll: Bool
    /// The viewer's agent; 0 where there is none, which is no row's number.
    let agent: Int64
    private let reader: Reader
    /// Read at the first private row.
    private var heldGroups: Set<Int64>?

    init(_ viewer: Viewer, _ reader: Reader) {
        seesAll = viewer.isAdmin
        agent = viewer.agent?.row ?? 0
        self.reader = reader
    }

    /// - Parameter group: the group's number.
    func allows(isPublic: Bool, group: Int64) throws -> Bool {
        if isPublic || seesAll { return true }
        return agent == 0 ? false : try groups().contains(group)
    }

    /// The groups of private hives the viewer may see besides the public ones, by number.
    func privateGroups() throws -> [Int64] {
        guard seesAll || agent != 0 else { return [] }
        return try groups().sorted()
    }

    /// Binds the parameters of `ReadSQL.isSeen`, which come first in its statements.
    func bind(to statement: HotStatement) {
        statement.bind(1, seesAll)
        statement.bind(2, agent).bind(3, agent).bind(4, agent)
    }

    private func groups() throws -> Set<Int64> {
        if let heldGroups { return heldGroups }
        let row = try reader.prepare(seesAll ? ReadSQL.privateGroups : ReadSQL.privateGroupsOf)
        if !seesAll { row.bind(1, agent).bind(2, agent).bind(3, agent) }
        var groups: Set<Int64> = []
        while try row.step() { groups.insert(row.int(0)) }
        heldGroups = groups
        return groups
    }
}

extension HiveError {
    static func privateHive(_ name: String) -> HiveError {
        HiveError(.forbidden, "The hive \(name) is private.")
    }

    static func noHive(_ name: String) -> HiveError {
        HiveError(.notFound, "There is no hive named \(name).")
    }
}
