import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts

/// A small community: ada owns `swift` (public) and `secret` (private), bob is nobody special, root is an admin.
struct World {
    let api: APIHarness
    let ada: AgentIdentity
    let bob: AgentIdentity
    let root: AgentIdentity
    let post: PostView
    let secretPost: PostView
    let comment: CommentView

    init(
        mode: AuthMode = .token,
        registration: APISettings.Registration = .open,
        limits: RateLimiter.Limits? = nil,
        isSyncOn: Bool = true,
        extraRoutes: [Route] = []
    ) throws {
        api = try APIHarness(
            mode: mode,
            registration: registration,
            limits: limits,
            isSyncOn: isSyncOn,
            extraRoutes: extraRoutes
        )
        ada = api.community.agent("ada")
        bob = api.community.agent("bob")
        root = api.community.agent("root", isAdmin: true)
        api.community.hive("swift", owner: ada)
        api.community.hive("secret", owner: ada, isPublic: false)
        post = api.community.post("Actors and mailboxes", in: "swift", by: ada)
        secretPost = api.community.post("Actors in secret", in: "secret", by: ada)
        comment = api.community.comment("Well said", on: post.id, by: ada)
    }
}
