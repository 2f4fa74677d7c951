public import HiveModel
import HiveSync
import HiveWire

/// Who exchanges events with whom, as far as this instance knows: for drawing.
public struct SyncTopology: Hashable, Sendable {
    public struct Node: Hashable, Sendable {
        public var instance: InstanceID
        public var name: String
        public var isSelf: Bool
        /// Nil for one that only dials out, or is known from a roster alone.
        public var syncEndpoint: String?
        /// The groups shared with this instance that it is a member of, by id.
        public var groups: [GroupID]
    }

    /// Undirected; `first` has the lesser id.
    public struct Link: Hashable, Sendable {
        public var first: InstanceID
        public var second: InstanceID
        /// Whether this instance is at one end; else it was told in a signed peer record.
        public var isOwn: Bool
        /// How the peer fares, of an own link.
        public var status: String?
    }

    /// By id.
    public var nodes: [Node]
    /// By the ids of both ends.
    public var links: [Link]

    /// - Parameters:
    ///   - own: this instance, its name, and where it answers.
    ///   - groups: the groups that take part in sync.
    ///   - peers: those known, with the links they announce.
    public init(own: InstanceID, name: String, syncEndpoint: String?, groups: [GroupStatus], peers: [PeerStatus]) {
        var nodes: [InstanceID: Node] = [
            own: Node(instance: own, name: name, isSelf: true, syncEndpoint: syncEndpoint, groups: [])
        ]
        for group in groups {
            for member in group.members {
                let isSelf = member.instance == own
                var node =
                    nodes[member.instance]
                    ?? Node(instance: member.instance, name: member.name, isSelf: isSelf, syncEndpoint: nil, groups: [])
                node.groups.append(group.id)
                nodes[member.instance] = node
            }
        }
        var links: [Set<InstanceID>: Link] = [:]
        func put(_ one: InstanceID, _ other: InstanceID, isOwn: Bool, status: String?) {
            // What a record says of strangers stays out: only members are drawn.
            guard one != other, nodes[one] != nil, nodes[other] != nil, links[[one, other]]?.isOwn != true else {
                return
            }
            let (first, second) = (min(one, other), max(one, other))
            links[[one, other]] = Link(first: first, second: second, isOwn: isOwn, status: status)
        }
        for peer in peers {
            guard let instance = peer.record.instance else { continue }
            nodes[instance]?.syncEndpoint = peer.record.syncEndpoint
            put(own, instance, isOwn: true, status: peer.record.status)
        }
        for peer in peers {
            guard let instance = peer.record.instance else { continue }
            for other in peer.record.announcedLinks where other != own {
                put(instance, other, isOwn: false, status: nil)
            }
        }
        self.nodes = nodes.values.sorted { $0.instance < $1.instance }
            .map { node in
                var node = node
                node.groups.sort()
                return node
            }
        self.links = links.values.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }
}

extension SyncAdmin {
    /// The mesh as this instance knows it.
    public func topology() async throws -> SyncTopology {
        let overview = try await overview()
        return SyncTopology(
            own: overview.instance,
            name: overview.instanceName,
            syncEndpoint: overview.syncEndpoint,
            groups: overview.groups,
            peers: try await peers()
        )
    }
}

extension PeerRecord {
    /// Whom it exchanges events with, as its newest signed record says.
    var announcedLinks: [InstanceID] {
        announcement.flatMap { try? SignedPeerRecord(parsing: $0) }?.links ?? []
    }
}
