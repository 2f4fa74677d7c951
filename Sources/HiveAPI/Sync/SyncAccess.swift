import HTTPTypes
import HiveHTTP
import HivePorts

extension (any SyncAdmin)? {
    /// The port; 503 where sync is switched off.
    func required() throws -> any SyncAdmin {
        guard let self else {
            throw HiveError(
                .unavailable,
                "Sync is switched off here: start the server with --sync, or set sync.enabled in its settings."
            )
        }
        return self
    }
}

/// What the sync routes have in common.
enum SyncRoutes {
    static let tag = "Sync"
    static let groupID = Route.Parameter.path("id", "The group's id, `sg_` and 26 characters.")
    static let unknownGroup = Route.Failure(.notFound, "No such group")
    static let off = Route.Failure(.serviceUnavailable, "Sync is switched off, or the storage can't take writes now")
}
