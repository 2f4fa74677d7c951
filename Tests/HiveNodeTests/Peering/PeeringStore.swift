import HiveModel
import HivePorts
import HiveSync
import Synchronization

/// Peers, sessions and invites in memory.
final class PeeringStore: SyncStore {
    private struct State {
        var peers: [PeerID: PeerRecord] = [:]
        var sessions: [InstanceID: [UInt8]] = [:]
        var invites: [String: InviteRecord] = [:]
    }

    private let state = Mutex(State())

    func peers() async throws -> [PeerRecord] {
        state.withLock { state in state.peers.values.sorted { $0.id < $1.id } }
    }

    func peer(id: PeerID) async throws -> PeerRecord? { state.withLock { $0.peers[id] } }

    func putPeer(_ peer: PeerRecord) async throws { state.withLock { $0.peers[peer.id] = peer } }

    func changePeer(
        id: PeerID,
        _ change: @escaping @Sendable (inout PeerRecord) -> Void
    ) async throws -> PeerRecord? {
        state.withLock { state in
            guard var peer = state.peers[id] else { return nil }
            change(&peer)
            state.peers[id] = peer
            return peer
        }
    }

    func removePeer(id: PeerID) async throws { state.withLock { $0.peers[id] = nil } }

    func instance(tokenHash: [UInt8]) async throws -> InstanceID? {
        state.withLock { $0.sessions.first { $0.value == tokenHash }?.key }
    }

    func putSession(instance: InstanceID, tokenHash: [UInt8], identityKey: PublicKey) async throws {
        state.withLock { $0.sessions[instance] = tokenHash }
    }

    func tokenHash(of instance: InstanceID) async throws -> [UInt8]? { state.withLock { $0.sessions[instance] } }

    func invites() async throws -> [InviteRecord] {
        state.withLock { state in state.invites.values.sorted { $0.id < $1.id } }
    }

    func invite(id: String) async throws -> InviteRecord? { state.withLock { $0.invites[id] } }

    func putInvite(_ invite: InviteRecord) async throws { state.withLock { $0.invites[invite.id] = invite } }

    func removeInvite(id: String) async throws { state.withLock { $0.invites[id] = nil } }

    /// Takes one use; false where none is left.
    func use(_ id: String) -> Bool {
        state.withLock { state in
            guard let left = state.invites[id]?.usesLeft, left > 0 else { return false }
            state.invites[id]?.usesLeft = left - 1
            return true
        }
    }
}
