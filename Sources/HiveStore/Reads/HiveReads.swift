import HiveModel
import HivePorts

/// A hive with what decides who sees it.
struct HiveRow {
    let view: HiveView
    /// The group's number.
    let group: Int64
    let owner: Int64?

    func isVisible(to scope: ViewerScope) throws -> Bool { try scope.allows(isPublic: view.isPublic, group: group) }
}

/// Hives as readers see them.
enum HiveReads {
    /// Nil where there is none; `.forbidden` where it is private to others.
    static func hive(named name: String, _ scope: ViewerScope, _ reader: Reader) throws -> HiveRow? {
        let row = try reader.prepare(ReadSQL.hiveByName)
        row.bind(1, name)
        guard try row.step() else { return nil }
        let hive = HiveColumns.read(row)
        row.reset()
        guard try hive.isVisible(to: scope) else {
            throw HiveError.hiddenHive(name, isPublic: hive.view.isPublic)
        }
        return hive
    }

    /// As `hive(named:)`, with `.notFound` where there is none.
    static func existingHive(named name: String, _ scope: ViewerScope, _ reader: Reader) throws -> HiveRow {
        guard let hive = try hive(named: name, scope, reader) else { throw HiveError.noHive(name) }
        return hive
    }

    static func hives(_ scope: ViewerScope, limit: Int, offset: Int, _ reader: Reader) throws -> Page<HiveView> {
        let row = try reader.prepare(ReadSQL.hives)
        scope.bind(to: row)
        row.bind(ViewerScope.boundCount + 1, Int64(limit)).bind(ViewerScope.boundCount + 2, Int64(offset))
        var hives: [HiveView] = []
        while try row.step() { hives.append(HiveColumns.read(row).view) }
        let total = try reader.int(ReadSQL.countHives) { scope.bind(to: $0) }
        return Page(rows: hives, total: total ?? 0)
    }

    /// Hives whose name or description holds `text`, in any case; names first.
    static func search(_ text: String, limit: Int, _ scope: ViewerScope, _ reader: Reader) throws -> [HiveView] {
        let wanted = text.lowercased()
        guard !wanted.isEmpty else { return [] }
        let row = try reader.prepare(SQLiteDialect.searchHives)
        scope.bind(to: row)
        let first = ViewerScope.boundCount + 1
        row.bind(first, wanted).bind(first + 1, wanted).bind(first + 2, wanted).bind(first + 3, Int64(limit))
        var hives: [HiveView] = []
        while try row.step() { hives.append(HiveColumns.read(row).view) }
        return hives
    }
}

/// The columns of `ReadSQL.hiveColumns`.
enum HiveColumns {
    static func read(_ row: HotStatement) -> HiveRow {
        HiveRow(
            view: HiveView(
                id: row.text(0),
                name: row.text(1),
                description: row.optionalText(2),
                ownerID: row.optionalText(3),
                isPublic: row.bool(4),
                settingsJSON: row.optionalText(5),
                memberCount: row.int(6),
                createdAtMs: row.int(7),
                updatedAtMs: row.int(8),
                groupID: row.text(9),
                isShared: row.bool(10)
            ),
            group: row.int(11),
            owner: row.optionalInt(12)
        )
    }
}
