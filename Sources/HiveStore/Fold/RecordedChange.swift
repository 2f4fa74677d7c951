public import HiveModel
public import HiveSync

/// A committed change under its local number.
///
/// Numbers have no gaps and are not reused.
public struct RecordedChange: Hashable, Sendable {
    public var seq: Int64
    public var group: GroupID
    public var change: FoldChange

    public init(seq: Int64, group: GroupID, change: FoldChange) {
        self.seq = seq
        self.group = group
        self.change = change
    }
}

/// Changes as the two numbers of `changes.kind` and `changes.row_n`.
enum ChangeCode {
    static func encode(_ change: FoldChange) -> (kind: Int64, row: Int64) {
        switch change {
        case .postCreated(let row): (1, row)
        case .postUpdated(let row): (2, row)
        case .postDeleted(let row): (3, row)
        case .commentCreated(let row): (4, row)
        case .commentUpdated(let row): (5, row)
        case .commentDeleted(let row): (6, row)
        case .voted(let target): (target.kind == .post ? 7 : 8, target.row)
        case .profileChanged(let row): (9, row)
        case .rosterChanged: (10, 0)
        case .rebuilt: (11, 0)
        case .postPinned(let row): (12, row)
        case .memberChanged(let row): (13, row)
        case .settingsChanged: (14, 0)
        }
    }

    static func decode(kind: Int64, row: Int64) throws -> FoldChange {
        switch kind {
        case 1: .postCreated(row)
        case 2: .postUpdated(row)
        case 3: .postDeleted(row)
        case 4: .commentCreated(row)
        case 5: .commentUpdated(row)
        case 6: .commentDeleted(row)
        case 7: .voted(TargetRow(kind: .post, row: row))
        case 8: .voted(TargetRow(kind: .comment, row: row))
        case 9: .profileChanged(row)
        case 10: .rosterChanged
        case 11: .rebuilt
        case 12: .postPinned(row)
        case 13: .memberChanged(row)
        case 14: .settingsChanged
        default: throw DamagedRow("a change is of kind \(kind)")
        }
    }
}
