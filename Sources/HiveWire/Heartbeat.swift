public import HiveModel
public import HiveSync

/// `POST /sync/v1/heartbeat`, request and reply alike: who is there, and the digest of what it holds of each shared
/// group.
public struct Heartbeat: WireMessage, Hashable {
    public var instance: InstanceID
    /// Newest arrival numbers by hive name: the specification's field, for people and older programs.
    public var seqByHive: [JSONMember]
    /// By group id.
    public var groups: [HeartbeatSummary.Group]
    /// The sender's wall clock, milliseconds since 1970.
    public var serverTimeMs: Int64
    /// The random id of the sender's database's life.
    public var incarnation: String
    /// In a reply: whether the sender can and will dial whom it answers; true where it is not said.
    public var reachesYou: Bool
    /// Peers the other side was not told of yet.
    public var knownPeers: [GossipEntry] = []

    public init(
        instance: InstanceID,
        seqByHive: [JSONMember],
        groups: [HeartbeatSummary.Group],
        serverTimeMs: Int64,
        incarnation: String,
        reachesYou: Bool = true
    ) {
        self.instance = instance
        self.seqByHive = seqByHive
        self.groups = groups
        self.serverTimeMs = serverTimeMs
        self.incarnation = incarnation
        self.reachesYou = reachesYou
    }

    /// What is said of these groups.
    public init(
        instance: InstanceID,
        groups: [(hive: String, seq: Int64, id: GroupID, heads: GroupHeads)],
        serverTimeMs: Int64,
        incarnation: String,
        reachesYou: Bool = true
    ) {
        self.init(
            instance: instance,
            seqByHive: groups.map { JSONMember($0.hive, .int($0.seq)) },
            groups: groups.map { .init(group: $0.id, headsDigest: $0.heads.digest, stateRoot: $0.heads.stateRoot) },
            serverTimeMs: serverTimeMs,
            incarnation: incarnation,
            reachesYou: reachesYou
        )
    }

    public init(_ fields: WireFields) throws(WireError) {
        instance = try fields.instance("instance_id")
        seqByHive = []
        if fields.value("seq_by_hive") != nil {
            let hives = try fields.object("seq_by_hive", countMax: WireLimits.groupsMax)
            for member in hives.members { seqByHive.append(JSONMember(member.key, .int(try hives.int(member.key)))) }
        }
        let entries = try fields.object("groups", countMax: WireLimits.groupsMax)
        groups = []
        for member in entries.members {
            guard let id = GroupID(member.key) else {
                let shown = entries.name(String(member.key.prefix(40)))
                throw WireError(.field, field: shown, "\(shown) should be named by a group id.")
            }
            let entry = try entries.object(member.key)
            let digest = try entry.hash("heads_digest")
            groups.append(.init(group: id, headsDigest: digest, stateRoot: try entry.optionalHash("state_root")))
        }
        serverTimeMs = try fields.int("server_time")
        incarnation = try fields.string("incarnation", bytesMax: WireLimits.tokenBytesMax)
        reachesYou = fields.value("reaches_you") == nil ? true : try fields.bool("reaches_you")
        knownPeers = try fields.gossip("known_peers")
    }

    public var json: JSONValue {
        let entries = groups.map { group in
            JSONMember(
                group.group.rawValue,
                .members([("heads_digest", .hex(group.headsDigest)), ("state_root", .hex(group.stateRoot))])
            )
        }
        return .members([
            ("instance_id", .string(instance.rawValue)), ("seq_by_hive", .object(unsorted: seqByHive)),
            ("groups", .object(unsorted: entries)), ("server_time", .int(serverTimeMs)),
            ("incarnation", .string(incarnation)), ("reaches_you", .bool(reachesYou)),
            ("known_peers", knownPeers.isEmpty ? nil : .array(knownPeers.map(\.json))),
        ])
    }

    /// What the `Replicator` is told of it.
    public var summary: HeartbeatSummary {
        HeartbeatSummary(instance: instance, groups: groups, serverTimeMs: serverTimeMs, reachesYou: reachesYou)
    }
}
