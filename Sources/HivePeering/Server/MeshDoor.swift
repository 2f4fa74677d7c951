import HiveHTTP
import HivePorts

/// `sync.mesh_only`: `/sync/v1` answers only callers inside the given networks (protocol, section 8).
struct MeshDoor: Sendable {
    /// Nil = everybody may call.
    let networks: [OutgoingNetwork]?

    /// The same route behind the door: a stranger is refused before anything of the request is read.
    func guarding(_ route: Route) -> Route {
        guard networks != nil else { return route }
        var route = route
        let handler = route.handler
        route.handler = { request in
            try check(request.clientAddress)
            return try await handler(request)
        }
        return route
    }

    func check(_ client: OutgoingAddress?) throws(HiveError) {
        guard let networks else { return }
        guard let client, networks.contains(where: { $0.contains(client) }) else {
            let shown = client?.text ?? "from where this call comes"
            throw HiveError(
                .forbidden,
                "Sync is open to the mesh only here (sync.mesh_only), and \(shown) is outside its networks."
            )
        }
    }
}
