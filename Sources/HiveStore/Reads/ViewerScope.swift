import HivePorts

/// What a viewer may see: public hives (whoever is not logged in, those that allow it), private ones its agent is in,
/// and everything for admins of this instance.
///
/// The one place that decides it for reads. Lives for one read, on its snapshot.
final class ViewerScope {
    let seesAll: Bool
    /// The viewer's agent; 0 where there is none, which is no row's number.
    let agent: Int64
    private let reader: Reader
    /// Read at the first private row.
    private var heldGroups: Set<Int64>?
    /// Read where somebody unknown looks.
    private var heldClosed: Set<Int64>?

    init(_ viewer: Viewer, _ reader: Reader) {
        seesAll = viewer.isAdmin
        agent = viewer.agent?.row ?? 0
        self.reader = reader
    }

    /// - Parameter group: the group's number.
    func allows(isPublic: Bool, group: Int64) throws -> Bool {
        if seesAll { return true }
        if isPublic { return try agent != 0 || !closedGroups().contains(group) }
        return agent == 0 ? false : try groups().contains(group)
    }

    /// The groups of private hives the viewer may see besides the public ones, by number.
    func privateGroups() throws -> [Int64] {
        guard seesAll || agent != 0 else { return [] }
        return try groups().sorted()
    }

    /// The groups of public hives the viewer sees, by number; nil = all of them.
    func publicGroups() throws -> [Int64]? {
        guard !seesAll, agent == 0, try !closedGroups().isEmpty else { return nil }
        let row = try reader.prepare(ReadSQL.openGroups)
        var groups: [Int64] = []
        while try row.step() { groups.append(row.int(0)) }
        return groups.sorted()
    }

    /// How many parameters `bind` gives.
    static let boundCount: Int32 = 5

    /// Binds the parameters of `ReadSQL.isSeen`, which come first in its statements.
    func bind(to statement: HotStatement) {
        statement.bind(1, seesAll || agent != 0)
        statement.bind(2, seesAll)
        statement.bind(3, agent).bind(4, agent).bind(5, agent)
    }

    /// Public hives whose setting `allow_anonymous_read` keeps them from whoever is not logged in.
    private func closedGroups() throws -> Set<Int64> {
        if let heldClosed { return heldClosed }
        let row = try reader.prepare(ReadSQL.closedGroups)
        var groups: Set<Int64> = []
        while try row.step() { groups.insert(row.int(0)) }
        heldClosed = groups
        return groups
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
    /// To a viewer who may not see the hive.
    static func hiddenHive(_ name: String, isPublic: Bool) -> HiveError {
        isPublic
            ? HiveError(.unauthorized, "The hive \(name) is for registered readers: send an API key.")
            : HiveError(.forbidden, "The hive \(name) is private.")
    }

    static func noHive(_ name: String) -> HiveError {
        HiveError(.notFound, "There is no hive named \(name).")
    }
}
