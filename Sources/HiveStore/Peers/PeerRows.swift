import HiveModel
import HivePorts
import HiveSync

/// Peers, sessions and invites on one connection.
enum PeerRows {
    static func peers(_ reader: Reader) throws -> [PeerRecord] {
        let row = try reader.prepare(PeerSQL.all)
        var peers: [PeerRecord] = []
        while try row.step() { peers.append(try read(row, reader)) }
        return peers
    }

    static func peer(_ id: PeerID, _ reader: Reader) throws -> PeerRecord? {
        let row = try reader.prepare(PeerSQL.byID)
        row.bind(1, id.rawValue)
        return try row.step() ? try read(row, reader) : nil
    }

    static func put(_ peer: PeerRecord, _ reader: Reader) throws {
        if let endpoint = peer.syncEndpoint {
            let holder = try reader.prepare(PeerSQL.byEndpoint)
            holder.bind(1, endpoint)
            if try holder.step(), holder.text(0) != peer.id.rawValue {
                throw HiveError(.conflict, "There is a peer with the endpoint \(endpoint) already.")
            }
        }
        try bind(peer, to: try reader.prepare(PeerSQL.put)).run()
        let clear = try reader.prepare(PeerSQL.clearGroups)
        clear.bind(1, peer.id.rawValue)
        try clear.run()
        let add = try reader.prepare(PeerSQL.addGroup)
        for group in Set(peer.groups).sorted() {
            add.bind(1, peer.id.rawValue).bind(2, group.rawValue)
            try add.run()
        }
    }

    static func remove(_ id: PeerID, _ reader: Reader) throws {
        for sql in [PeerSQL.remove, PeerSQL.clearGroups] {
            let statement = try reader.prepare(sql)
            statement.bind(1, id.rawValue)
            try statement.run()
        }
    }

    private static func bind(_ peer: PeerRecord, to put: HotStatement) -> HotStatement {
        put.bind(1, peer.id.rawValue).bind(2, peer.name)
        put.bind(3, peer.syncEndpoint)
        put.bind(4, utf8: JSONValue.array(peer.sharedHives.map { .string($0) }).canonicalBytes())
        put.bind(5, peer.instance?.rawValue)
        if let key = peer.identityKey { put.bind(6, blob: key.bytes) } else { put.bindNull(6) }
        put.bind(7, peer.syncToken)
        put.bind(8, peer.source).bind(9, peer.status)
        put.bind(10, peer.lastError)
        put.bind(11, peer.failureCount)
        put.bind(12, peer.lastHeartbeatAtMs)
        put.bind(13, peer.lastSyncAtMs)
        put.bind(14, peer.createdAtMs).bind(15, peer.updatedAtMs)
        put.bind(16, peer.reachesUs)
        put.bind(17, peer.gossipTTL)
        put.bind(18, peer.discoveredVia?.rawValue)
        if let announcement = peer.announcement { put.bind(19, blob: announcement) } else { put.bindNull(19) }
        return put
    }

    private static func read(_ row: HotStatement, _ reader: Reader) throws -> PeerRecord {
        let groups = try reader.prepare(PeerSQL.groups)
        groups.bind(1, row.text(0))
        var shared: [GroupID] = []
        while try groups.step() { shared.append(try groups.groupID(0)) }
        guard let hives = try? JSONValue(parsing: row.blob(3)).array else {
            throw DamagedRow("the hives of a peer are no JSON array")
        }
        return PeerRecord(
            id: PeerID(row.text(0)),
            name: row.text(1),
            syncEndpoint: row.optionalText(2),
            sharedHives: hives.compactMap(\.string),
            groups: shared,
            instance: row.isNull(4) ? nil : try row.instanceID(4),
            identityKey: row.isNull(5) ? nil : try row.publicKey(5),
            syncToken: row.optionalText(6),
            reachesUs: row.bool(15),
            source: row.text(7),
            gossipTTL: row.int(16),
            discoveredVia: row.isNull(17) ? nil : try row.instanceID(17),
            announcement: row.isNull(18) ? nil : row.blob(18),
            status: row.text(8),
            lastError: row.optionalText(9),
            failureCount: row.int(10),
            lastHeartbeatAtMs: row.optionalInt(11),
            lastSyncAtMs: row.optionalInt(12),
            createdAtMs: row.int(13),
            updatedAtMs: row.int(14)
        )
    }

    // MARK: Sessions

    static func instance(tokenHash: [UInt8], _ reader: Reader) throws -> InstanceID? {
        let row = try reader.prepare(PeerSQL.sessionByToken)
        row.bind(1, blob: tokenHash)
        return try row.step() ? try row.instanceID(0) : nil
    }

    static func tokenHash(of instance: InstanceID, _ reader: Reader) throws -> [UInt8]? {
        let row = try reader.prepare(PeerSQL.session)
        row.bind(1, instance.rawValue)
        return try row.step() ? row.blob(0) : nil
    }

    static func putSession(
        _ instance: InstanceID,
        tokenHash: [UInt8],
        identityKey: PublicKey,
        _ reader: Reader
    ) throws {
        let put = try reader.prepare(PeerSQL.putSession)
        put.bind(1, instance.rawValue).bind(2, blob: tokenHash).bind(3, blob: identityKey.bytes)
        try put.run()
    }

    static func removeSession(_ instance: InstanceID, _ reader: Reader) throws {
        let remove = try reader.prepare(PeerSQL.removeSession)
        remove.bind(1, instance.rawValue)
        try remove.run()
    }

    // MARK: Invites

    static func invites(_ reader: Reader) throws -> [InviteRecord] {
        let row = try reader.prepare(PeerSQL.invites)
        var invites: [InviteRecord] = []
        while try row.step() { invites.append(try readInvite(row)) }
        return invites
    }

    static func invite(_ id: String, _ reader: Reader) throws -> InviteRecord? {
        let row = try reader.prepare(PeerSQL.invite)
        row.bind(1, id)
        return try row.step() ? try readInvite(row) : nil
    }

    static func putInvite(_ invite: InviteRecord, _ reader: Reader) throws {
        let put = try reader.prepare(PeerSQL.putInvite)
        put.bind(1, invite.id).bind(2, invite.group.rawValue).bind(3, invite.hiveName)
        put.bind(4, invite.role.rawValue).bind(5, blob: invite.secretHash)
        put.bind(6, invite.usesLeft).bind(7, invite.maxUses)
        put.bind(8, invite.createdAtMs).bind(9, invite.expiresAtMs)
        try put.run()
    }

    static func removeInvite(_ id: String, _ reader: Reader) throws {
        let remove = try reader.prepare(PeerSQL.removeInvite)
        remove.bind(1, id)
        try remove.run()
    }

    private static func readInvite(_ row: HotStatement) throws -> InviteRecord {
        InviteRecord(
            id: row.text(0),
            group: try row.groupID(1),
            hiveName: row.text(2),
            role: try row.role(3),
            secretHash: row.blob(4),
            usesLeft: row.int(5),
            maxUses: row.int(6),
            createdAtMs: row.int(7),
            expiresAtMs: row.int(8)
        )
    }
}
