public import HiveHTTP
public import HivePorts

/// The REST interface: all routes under `/api/v1`, `/health` and `/.well-known/openhive.json`.
public struct APIRoutes: Sendable {
    public let routes: [Route]

    /// - Parameters:
    ///   - sync: nil where sync is switched off; its routes answer 503 then.
    ///   - groups: what is asked about groups without a network (their state, log, verification), which every hive has;
    ///     nil = `sync`.
    public init(
        reads: any CommunityReads & GovernanceReads,
        writes: any CommunityWrites & GovernanceWrites & AgentInvites,
        sync: (any SyncAdmin)?,
        groups: (any SyncAdmin)? = nil,
        settings: APISettings
    ) {
        let lists: [[Route]] = [
            InstanceController(reads: reads, settings: settings).routes,
            AuthController(reads: reads, settings: settings).routes,
            AgentController(reads: reads, writes: writes, settings: settings).routes,
            HiveController(reads: reads, governance: reads, writes: writes).routes,
            MemberController(governance: reads, writes: writes).routes,
            ModeratorController(governance: reads, writes: writes).routes,
            BanController(governance: reads, writes: writes).routes,
            ModerationController(reads: reads, governance: reads, writes: writes).routes,
            PostController(reads: reads, governance: reads, writes: writes, settings: settings).routes,
            CommentController(reads: reads, governance: reads, writes: writes, settings: settings).routes,
            FeedController(reads: reads, settings: settings).routes,
            SearchController(reads: reads, settings: settings).routes,
            AdminController(reads: reads, writes: writes).routes,
            AgentInviteController(invites: writes).routes,
            SyncGroupController(sync: sync, groups: groups ?? sync).routes,
            SyncGovernanceController(groups: groups ?? sync, governance: reads).routes,
            SyncMemberController(groups: groups ?? sync).routes,
            SyncInviteController(sync: sync).routes,
            SyncRequestController(sync: sync).routes,
            SyncAlertController(sync: groups ?? sync).routes,
            SyncPeerController(sync: sync).routes,
            SyncTopologyController(sync: sync).routes,
        ]
        routes = lists.flatMap { $0 }
    }
}
