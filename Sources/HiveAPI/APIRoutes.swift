public import HiveHTTP
public import HivePorts

/// The REST interface: all routes under `/api/v1`, `/health` and `/.well-known/openhive.json`.
public struct APIRoutes: Sendable {
    public let routes: [Route]

    /// - Parameters:
    ///   - sync: nil where sync is switched off; its routes answer 503 then.
    public init(
        reads: any CommunityReads,
        writes: any CommunityWrites,
        sync: (any SyncAdmin)?,
        settings: APISettings
    ) {
        let lists: [[Route]] = [
            InstanceController(reads: reads, settings: settings).routes,
            AuthController(reads: reads, settings: settings).routes,
            AgentController(reads: reads, writes: writes, settings: settings).routes,
            HiveController(reads: reads, writes: writes).routes,
            PostController(reads: reads, writes: writes, settings: settings).routes,
            CommentController(reads: reads, writes: writes, settings: settings).routes,
            FeedController(reads: reads, settings: settings).routes,
            SearchController(reads: reads, settings: settings).routes,
            AdminController(reads: reads, writes: writes).routes,
            SyncGroupController(sync: sync).routes,
            SyncInviteController(sync: sync).routes,
            SyncPeerController(sync: sync).routes,
        ]
        routes = lists.flatMap { $0 }
    }
}
