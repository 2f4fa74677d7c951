import HivePorts

/// What a viewer may see: public hives, hives its agent owns, and everything for admins of this instance.
///
/// The one place that decides it for reads.
struct ViewerScope {
    let seesAll: Bool
    /// The viewer's agent; 0 where there is none, which is no row's number.
    let agent: Int64

    init(_ viewer: Viewer) {
        seesAll = viewer.isAdmin
        agent = viewer.agent?.row ?? 0
    }

    func allows(isPublic: Bool, owner: Int64?) -> Bool {
        isPublic || seesAll || (agent != 0 && owner == agent)
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
