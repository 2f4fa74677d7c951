import HiveCrypto
import HiveHTTP
public import HiveModel
import HivePorts
public import HiveSync
import HiveWire
import Logging

/// Leaving groups: telling the peers, and hearing of it.
extension PeeringService {
    /// Tells a peer that this instance has left a group: hands over what it lacks of this instance's log, the removal
    /// last.
    ///
    /// Returns once the peer has it durably, or says that it knows. Throws `HiveError` where it could not be told.
    public func sayFarewell(to peer: PeerID, leaving group: GroupID) async throws {
        guard let removal = try await replica.removal(of: identity.instance, in: group) else { return }
        do {
            let (_, target) = try self.target(of: peer)
            try await handOver(removal, of: group, to: target)
        } catch let error as PeerCallError {
            guard !knows(error, removal) else { return }
            throw error.hiveError
        }
    }

    private func handOver(_ removal: Event, of group: GroupID, to target: PeerClient.Target) async throws {
        let path = "/groups/\(group.rawValue)"
        let origin = identity.instance
        let heads = try HeadsReply(parsing: try await calls.call(.get, path + "/heads", at: target)).heads.heads
        var held = heads.first { $0.origin == origin }
        // Of other logs nothing is sent: only what this instance alone can tell.
        let others = try await replica.heads(of: group)?.heads.filter { $0.origin != origin } ?? []
        while !precedes(held, removal) {
            let batch = try await replica.events(
                of: group,
                above: others + [held].compactMap { $0 },
                sendsOwnLog: true,
                maxEvents: 500,
                maxBytes: Limits.batchBytesMax / 2
            )
            guard batch.count > 0 else { return }
            let body = PushRequest.body(lines: batch.lines, senderSeq: self.heads.arrival(of: group), heads: nil)
            let reply = try PushReply(
                parsing: try await calls.call(
                    .post,
                    path + "/events",
                    at: target,
                    body: body,
                    timeoutMs: settings.limits.pushMs
                )
            )
            let reached = reply.heads.first { $0.origin == origin }
            if let reached, reached.place >= removal.header.place { return }
            guard let reached, held.map({ $0.place < reached.place }) ?? true else {
                throw PeerCallError(.faulty, "the peer does not take the end of this instance's log")
            }
            held = reached
        }
        let body = LeaveRequest(event: removal.wireBytes()).body
        _ = try LeaveReply(parsing: try await calls.call(.post, path + "/leave", at: target, body: body))
    }

    /// Fetches from a peer all it holds of a group above what is held here.
    ///
    /// Throws where it can't be reached, or does not serve all.
    public func fetchAll(of group: GroupID, from peer: PeerID) async throws {
        let (record, target) = try self.target(of: peer)
        while true {
            let before = try await replica.heads(of: group)?.heads
            let harvest = try await harvest(group, from: record, at: target, waitMs: 0)
            guard harvest.end.hasMore else { return }
            guard try await replica.heads(of: group)?.heads != before else {
                throw PeerCallError(.faulty, "the peer does not serve all it has")
            }
        }
    }

    /// Whether the peer holds everything up to just before the removal.
    private func precedes(_ held: LogHead?, _ removal: Event) -> Bool {
        guard let held else { return false }
        return held.hash == removal.header.prev
    }

    /// Whether a refusal shows that the peer has heard.
    private func knows(_ error: PeerCallError, _ removal: Event) -> Bool {
        guard let shown = error.removal, let event = try? Self.removal(shown)?.event else { return false }
        return event.hash == removal.hash || event.removedInstance == identity.instance
    }

    /// A peer's heartbeat leaves out groups that it shared with us: one of the two may be a member no more, which the
    /// peer says where it is asked about the group itself.
    func askAfter(_ groups: [GroupID], missingIn reply: HeartbeatSummary, at target: PeerClient.Target) async {
        for group in groups where !reply.groups.contains(where: { $0.group == group }) {
            do {
                _ = try await calls.call(.get, "/groups/\(group.rawValue)/heads", at: target)
            } catch {
                if let removal = error.removal { order(.takeRemoval(removal)) }
            }
        }
    }

    /// A peer answered with the event that ended a membership: its own, or this instance's.
    func takeRemoval(_ bytes: [UInt8]) async {
        do {
            guard let (event, group) = try Self.removal(bytes) else { return }
            guard event.removedInstance == identity.instance || event.isOfItself else { return }
            try await desk.takeRemoval(event, of: group)
        } catch {
            logger.warning(
                "A peer showed a removal that can't be taken",
                metadata: ["reason": .string("\(error)")]
            )
        }
    }

    private static func removal(_ bytes: [UInt8]) throws -> (event: Event, group: GroupID)? {
        guard let text = try JSONValue(parsing: bytes)["group_id"]?.string, let group = GroupID(text) else {
            return nil
        }
        let event = try Event.parse(bytes[...], groupID: group, hashing: SwiftCrypto())
        return event.removedInstance == nil ? nil : (event, group)
    }
}
