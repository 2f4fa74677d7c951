public import HiveModel
public import HivePorts

/// Requests to be let into groups, on one connection.
enum PendingJoinRows {
    /// Oldest first.
    static func all(_ reader: Reader) throws -> [PendingJoin] {
        let row = try reader.prepare(PendingJoinSQL.all)
        var requests: [PendingJoin] = []
        while try row.step() { requests.append(try read(row)) }
        return requests
    }

    static func put(_ request: PendingJoin, _ reader: Reader) throws {
        let put = try reader.prepare(PendingJoinSQL.put)
        put.bind(1, request.id).bind(2, request.group.rawValue).bind(3, request.hiveName)
        put.bind(4, request.instance.rawValue).bind(5, blob: request.identityKey.bytes).bind(6, request.name)
        put.bind(7, request.syncEndpoint)
        put.bind(8, request.address)
        put.bind(9, request.state.rawValue).bind(10, request.tries)
        put.bind(11, request.firstAtMs).bind(12, request.lastAtMs).bind(13, request.expiresAtMs)
        try put.run()
    }

    private static func read(_ row: HotStatement) throws -> PendingJoin {
        guard let state = PendingJoin.State(rawValue: row.text(8)) else {
            throw DamagedRow("a request to join is in no known state")
        }
        return PendingJoin(
            id: row.text(0),
            group: try row.groupID(1),
            hiveName: row.text(2),
            instance: try row.instanceID(3),
            identityKey: try row.publicKey(4),
            name: row.text(5),
            syncEndpoint: row.optionalText(6),
            address: row.optionalText(7),
            state: state,
            tries: row.int(9),
            firstAtMs: row.int(10),
            lastAtMs: row.int(11),
            expiresAtMs: row.int(12)
        )
    }
}

extension HiveStore {
    /// Requests to be let into groups, oldest first, expired ones too.
    public func pendingJoins() async throws -> [PendingJoin] { try await read { try PendingJoinRows.all($0) } }
}

extension WriteTransaction {
    public func pendingJoins() throws -> [PendingJoin] { try PendingJoinRows.all(reader) }

    /// Inserts or replaces by id; there MUST NOT be another of its instance and group.
    public mutating func putPendingJoin(_ request: PendingJoin) throws { try PendingJoinRows.put(request, reader) }

    public mutating func removePendingJoin(of instance: InstanceID, to group: GroupID) throws {
        let remove = try reader.prepare(PendingJoinSQL.remove)
        remove.bind(1, group.rawValue).bind(2, instance.rawValue)
        try remove.run()
    }

    /// Forgets those that expired by then.
    public mutating func prunePendingJoins(nowMs: Int64) throws {
        let prune = try reader.prepare(PendingJoinSQL.prune)
        prune.bind(1, nowMs)
        try prune.run()
    }
}
