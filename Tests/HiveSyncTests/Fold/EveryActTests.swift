import Foundation
import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Every kind of event in any order")
struct EveryActTests {
    /// `OPENHIVE_SOAK` multiplies the 2,000 histories of a normal run; `OPENHIVE_SEED` runs a single one.
    private static var seeds: [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["OPENHIVE_SEED"].flatMap(UInt64.init) { return [seed] }
        let factor = environment["OPENHIVE_SOAK"].flatMap(Int.init) ?? 1
        return (0..<2_000 * UInt64(max(1, factor))).map { $0 }
    }

    /// Shares of the seeds, which the two cores of a usual machine take at once.
    static let shares: [UInt64] = [0, 1]

    @Test("Random histories of every event type come to one state, however they arrive", arguments: shares)
    func randomHistories(share: UInt64) throws {
        var failures = 0
        for seed in Self.seeds where seed % UInt64(Self.shares.count) == share && failures < 3 {
            let faults = try ActOrders(ActHistory(seed: seed)).faults()
            #expect(faults.isEmpty, "OPENHIVE_SEED=\(seed): \(faults.prefix(12).joined(separator: "\n"))")
            if !faults.isEmpty { failures += 1 }
        }
    }

    @Test("The histories reach what is rare")
    func coverage() throws {
        var seen: [String: Int] = [:]
        for seed: UInt64 in 0..<300 {
            let history = ActHistory(seed: seed)
            var replica = Replica(of: history.group)
            try replica.fold(history.events)
            let back =
                history.removed.intersection(replica.state.members().map(\.instance)).isEmpty ? [] : ["back again"]
            for name in Set(names(in: replica) + names(in: history) + back) { seen[name, default: 0] += 1 }
        }
        let rare = [
            "owner 2", "owner 3", "owner nobody", "removed with a fence", "left", "back again", "moderator", "admin",
            "ban later", "ban all", "unban", "approve", "hidden post", "hidden comment", "hidden vote", "pinned",
            "joined", "conflict of settings", "tombstone by another", "repeat", "third epoch", "odd pin",
            "role readonly", "role admin",
        ]
        #expect(rare.filter { seen[$0, default: 0] < 2 } == [], "\(seen.sorted { $0.key < $1.key })")
    }

    private func names(in history: ActHistory) -> [String] {
        var names: [String] = history.hasTruePins ? [] : ["odd pin"]
        for event in history.events {
            if event.header.refs.re != nil { names.append("repeat") }
            if event.header.place.epoch > 2 { names.append("third epoch") }
            guard case .instanceRemoved(let removal) = EventPayload(of: event) else { continue }
            if removal.instance == event.header.origin { names.append("left") }
            if removal.fence != nil { names.append("removed with a fence") }
        }
        return names
    }

    private func names(in replica: Replica) -> [String] {
        var names = replica.state.owners().map { "owner \($0.agent == nil ? "nobody" : "\($0.n)")" }
        replica.state.forEachEntity { entity in
            switch entity {
            case .member(let member):
                names.append("role \(member.role)")
            case .moderator(let moderator, _): names.append("\(moderator.role)")
            case .ban(let ban, _): names.append(ban.action == .ban ? "ban \(ban.scope)" : "\(ban.action)")
            case .membership(let membership, _): names.append(membership.isJoined ? "joined" : "not joined")
            case .setting(let setting): names.append(setting.heads.count > 1 ? "conflict of settings" : "setting")
            case .post(let post, let author, let deletedBy):
                if post.isHidden { names.append("hidden post") }
                if post.isPinned { names.append("pinned") }
                if let deletedBy, deletedBy != author { names.append("tombstone by another") }
            case .comment(let comment, _, _, _): names.append(comment.isHidden ? "hidden comment" : "comment")
            case .vote(let vote, _, _): names.append(vote.isHidden ? "hidden vote" : "vote")
            case .group, .owner, .profile: break
            }
        }
        return names
    }
}

extension ActHistory {
    /// Instances that somebody removed, whether that counts or not.
    fileprivate var removed: Set<InstanceID> {
        Set(
            events.compactMap { event in
                guard case .instanceRemoved(let removal) = EventPayload(of: event) else { return nil }
                return removal.instance
            }
        )
    }
}
