import HiveHTTP
import HiveModel
import HivePorts
import HiveSync

/// A peer of a group, short.
enum GroupPeerShape {
    static let schema = Schema.named(
        "GroupPeer",
        .object([
            Field("id", .text),
            Field("name", .text),
            Field("instance_id", .nullable(.text)),
            Field("sync_endpoint", .nullable(.text)),
            Field("source", .options(["manual", "handshake", "hub", "gossip"])),
            Field("status", .text, "pending, active, backfilling, error or unreachable"),
            Field("status_reason", .nullable(.text)),
            Field("lag", .nullable(.count), "Events we have that the peer has not acknowledged"),
            Field("lag_seconds", .nullable(.count)),
            Field("last_sync_at", .nullable(.timestamp)),
            Field("last_error", .nullable(.text)),
            Field("rtt_ms", .nullable(.count)),
        ])
    )

    static func write(_ peer: PeerStatus, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", peer.record.id.rawValue)
        writer.member("name", peer.record.name)
        writer.member("instance_id", peer.record.instance?.rawValue)
        writer.member("sync_endpoint", peer.record.syncEndpoint)
        writer.member("source", peer.record.source)
        writer.member("status", peer.record.status)
        writer.member("status_reason", peer.reason)
        writer.member("lag", peer.lag)
        writer.member("lag_seconds", peer.lagSeconds)
        writer.member("last_sync_at", timeMs: peer.record.lastSyncAtMs)
        writer.member("last_error", peer.record.lastError)
        writer.member("rtt_ms", peer.rttMs)
        writer.endObject()
    }
}

/// A peer entry in full, without its token.
enum PeerShape {
    static let schema = Schema.named(
        "Peer",
        .object([
            Field("id", .text),
            Field("name", .text),
            Field("sync_endpoint", .nullable(.text)),
            Field("shared_hives", .array(of: .text, minCount: 0)),
            Field("signing_key", .nullable(.text), "The identity key, base64 of 32 bytes"),
            Field("peer_instance_id", .nullable(.text)),
            Field("is_manual", .boolean),
            Field("source", .options(["manual", "handshake", "hub", "gossip"])),
            Field("gossip_ttl", .count, "Hops a peer learnt from another may still be passed on"),
            Field("discovered_via", .nullable(.text), "The instance that told of it"),
            Field("status", .text, "pending, active, backfilling, error or unreachable"),
            Field("status_reason", .nullable(.text)),
            Field("last_heartbeat_at", .nullable(.timestamp)),
            Field("last_sync_at", .nullable(.timestamp)),
            Field("last_error", .nullable(.text)),
            Field("failure_count", .count),
            Field("lag", .nullable(.count)),
            Field("lag_seconds", .nullable(.count)),
            Field("rtt_ms", .nullable(.count)),
            Field("created_at", .timestamp),
            Field("updated_at", .timestamp),
        ])
    )

    static func write(_ peer: PeerStatus, to writer: inout JSONWriter) {
        let record = peer.record
        writer.beginObject()
        writer.member("id", record.id.rawValue)
        writer.member("name", record.name)
        writer.member("sync_endpoint", record.syncEndpoint)
        writer.member("shared_hives", record.sharedHives)
        writer.member("signing_key", record.identityKey?.base64)
        writer.member("peer_instance_id", record.instance?.rawValue)
        writer.member("is_manual", record.isManual)
        writer.member("source", record.source)
        writer.member("gossip_ttl", record.gossipTTL)
        writer.member("discovered_via", record.discoveredVia?.rawValue)
        writer.member("status", record.status)
        writer.member("status_reason", peer.reason)
        writer.member("last_heartbeat_at", timeMs: record.lastHeartbeatAtMs)
        writer.member("last_sync_at", timeMs: record.lastSyncAtMs)
        writer.member("last_error", record.lastError)
        writer.member("failure_count", record.failureCount)
        writer.member("lag", peer.lag)
        writer.member("lag_seconds", peer.lagSeconds)
        writer.member("rtt_ms", peer.rttMs)
        writer.member("created_at", timeMs: record.createdAtMs)
        writer.member("updated_at", timeMs: record.updatedAtMs)
        writer.endObject()
    }
}

/// An invite without its secret.
enum InviteShape {
    static let fields = [
        Field("id", .text),
        Field("group_id", .text),
        Field("hive_name", .text),
        Field("role", .options(["admin", "member", "readonly"])),
        Field("uses_left", .count),
        Field("max_uses", .count),
        Field("created_at", .timestamp),
        Field("expires_at", .timestamp),
    ]

    static let schema = Schema.named("Invite", .object(fields))

    static func writeMembers(_ invite: InviteRecord, to writer: inout JSONWriter) {
        writer.member("id", invite.id)
        writer.member("group_id", invite.group.rawValue)
        writer.member("hive_name", invite.hiveName)
        writer.member("role", invite.role.rawValue)
        writer.member("uses_left", invite.usesLeft)
        writer.member("max_uses", invite.maxUses)
        writer.member("created_at", timeMs: invite.createdAtMs)
        writer.member("expires_at", timeMs: invite.expiresAtMs)
    }

    static func write(_ invite: InviteRecord, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(invite, to: &writer)
        writer.endObject()
    }
}
