public import HiveModel
public import HivePorts
public import HiveSync

/// Peers, sessions and invites outside a transaction of the node's.
///
/// Writes wait for the writer and are durable when they return; they don't stop when the caller is cancelled.
extension HiveStore: SyncStore {
    public func peers() async throws -> [PeerRecord] {
        try await read { try PeerRows.peers($0) }
    }

    public func peer(id: PeerID) async throws -> PeerRecord? {
        try await read { try PeerRows.peer(id, $0) }
    }

    public func putPeer(_ peer: PeerRecord) async throws {
        try await writeLater { try $0.putPeer(peer) }
    }

    public func changePeer(
        id: PeerID,
        _ change: @escaping @Sendable (inout PeerRecord) -> Void
    ) async throws -> PeerRecord? {
        try await writeLater { transaction in
            guard var peer = try transaction.peer(id: id) else { return nil }
            change(&peer)
            try transaction.putPeer(peer)
            return peer
        }
    }

    public func removePeer(id: PeerID) async throws {
        try await writeLater { try $0.removePeer(id: id) }
    }

    public func instance(tokenHash: [UInt8]) async throws -> InstanceID? {
        try await read { try PeerRows.instance(tokenHash: tokenHash, $0) }
    }

    public func tokenHash(of instance: InstanceID) async throws -> [UInt8]? {
        try await read { try PeerRows.tokenHash(of: instance, $0) }
    }

    public func putSession(instance: InstanceID, tokenHash: [UInt8], identityKey: PublicKey) async throws {
        try await writeLater { transaction in
            try transaction.putSession(instance: instance, tokenHash: tokenHash, identityKey: identityKey)
        }
    }

    public func invites() async throws -> [InviteRecord] {
        try await read { try PeerRows.invites($0) }
    }

    public func invite(id: String) async throws -> InviteRecord? {
        try await read { try PeerRows.invite(id, $0) }
    }

    public func putInvite(_ invite: InviteRecord) async throws {
        try await writeLater { try $0.putInvite(invite) }
    }

    public func removeInvite(id: String) async throws {
        try await writeLater { try $0.removeInvite(id: id) }
    }
}

extension WriteTransaction {
    public func peers() throws -> [PeerRecord] { try PeerRows.peers(reader) }

    public func peer(id: PeerID) throws -> PeerRecord? { try PeerRows.peer(id, reader) }

    /// Inserts or replaces by id; a taken endpoint throws `HiveError(.conflict)`.
    public mutating func putPeer(_ peer: PeerRecord) throws { try PeerRows.put(peer, reader) }

    public mutating func removePeer(id: PeerID) throws { try PeerRows.remove(id, reader) }

    /// Replaces the token the instance presents to us.
    public mutating func putSession(instance: InstanceID, tokenHash: [UInt8], identityKey: PublicKey) throws {
        try PeerRows.putSession(instance, tokenHash: tokenHash, identityKey: identityKey, reader)
    }

    /// The token the instance presents to us is good for nothing any more.
    public mutating func removeSession(of instance: InstanceID) throws { try PeerRows.removeSession(instance, reader) }

    public func invites() throws -> [InviteRecord] { try PeerRows.invites(reader) }

    public func invite(id: String) throws -> InviteRecord? { try PeerRows.invite(id, reader) }

    public mutating func putInvite(_ invite: InviteRecord) throws { try PeerRows.putInvite(invite, reader) }

    public mutating func removeInvite(id: String) throws { try PeerRows.removeInvite(id, reader) }
}
