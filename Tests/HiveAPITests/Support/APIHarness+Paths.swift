import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts

extension APIHarness {
    /// A route's path with values for its parameters that name something where that is possible.
    func concrete(_ path: String) -> String {
        var path = path
        let post = community.with { $0.posts.first?.id ?? "none" }
        let comment = community.with { $0.comments.first?.id ?? "none" }
        path = path.replacing("/sync/groups/{id}", with: "/sync/groups/\(StubSyncAdmin.groupID)")
        path = path.replacing("/sync/peers/{id}", with: "/sync/peers/pc_1")
        path = path.replacing("/sync/invites/{id}", with: "/sync/invites/inv_1")
        path = path.replacing("/comments/{id}", with: "/comments/\(comment)")
        path = path.replacing("/posts/{id}", with: "/posts/\(post)")
        path = path.replacing("{instance_id}", with: MemoryCommunity.otherInstanceID)
        path = path.replacing("/{agent}", with: "/bob")
        path = path.replacing("/agents/{name}", with: "/agents/ada")
        return path.replacing("/hives/{name}", with: "/hives/swift")
    }
}
