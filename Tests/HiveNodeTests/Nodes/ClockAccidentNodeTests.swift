import Foundation
import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import HiveTestKit
import Testing

@testable import HiveNode

@Suite("Nodes whose clock was wrong", .serialized, .opensFiles)
struct ClockAccidentNodeTests {
    private let folders = (TemporaryDirectory(), TemporaryDirectory(), TemporaryDirectory())
    private let clock = AdjustableClock()
    /// From today to 2100, about.
    private static let farMs: Int64 = 74 * 365 * 86_400_000

    /// A hive on the first, joined by the second, whose wall clock is the test's.
    private func pair() async throws -> (a: TestNode, b: TestNode, group: GroupID) {
        let a = try await TestNode.start(folders.0, name: "Alpha")
        let b = try await TestNode.start(folders.1, name: "Beta", clock: clock)
        let group = try await a.parts.hive("engineering", by: try await a.admin())
        _ = try await a.parts.sync.shareHive(named: "engineering")
        let invite = try await a.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await b.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        try await eventually("the joiner's log is open") { head(of: b, on: a, group) != nil }
        return (a, b, group)
    }

    private func head(of node: TestNode, on other: TestNode, _ group: GroupID) -> LogHead? {
        other.heads(group)?.heads.first { $0.origin == node.ready.instance }
    }

    private func isEqual(_ a: TestNode, _ b: TestNode, _ group: GroupID) -> Bool {
        guard let left = a.heads(group), let right = b.heads(group) else { return false }
        return left.digest == right.digest && left.stateRoot == right.stateRoot
    }

    private func titles(_ node: TestNode, _ hive: String = "engineering") async throws -> [String] {
        let page = try await node.parts.store.posts(PostQuery(hive: hive, sort: .new), viewer: .anonymous)
        return page.posts.map(\.title).sorted()
    }

    private func newestMs(_ node: TestNode) async throws -> Int64 {
        try await node.parts.writer.perform { try $0.transaction.clock().last.ms }
    }

    private func epoch(of node: TestNode, in group: GroupID) -> Int64? { head(of: node, on: node, group)?.place.epoch }

    @Test(
        "What was written in 2100 stands again in the present, once the clock and the peers agree; all groups at once"
    )
    func comesBack() async throws {
        let (a, b, group) = try await pair()
        let bob = try await b.parts.agent("bob")
        let alone = try await b.parts.hive("alone", by: bob)
        _ = try await b.parts.post("today", in: "engineering", by: bob)
        try await eventually("equal heads") { isEqual(a, b, group) }
        clock.set(offMs: Self.farMs)
        for number in 0..<3 { _ = try await b.parts.post("future \(number)", in: "engineering", by: bob) }
        _ = try await b.parts.post("kept here", in: "alone", by: bob)
        let founded = try await b.parts.hive("founded", by: bob)
        try await eventually("the peer has heard of it") { a.parts.held.count(of: group, heads: [], nowMs: 0) == 3 }
        #expect(try await titles(a) == ["today"])
        // Nothing is taken back by a clock that no peer shares.
        #expect(epoch(of: b, in: group) == 1)
        clock.set(offMs: 0)
        let all = ["future 0", "future 1", "future 2", "today"]
        try await eventually("everything is there") {
            guard isEqual(a, b, group) else { return false }
            return try await titles(a) == all
        }
        #expect(try await titles(b) == all)
        #expect(try await titles(b, "alone") == ["kept here"])
        #expect([group, alone, founded].map { epoch(of: b, in: $0) } == [2, 2, 2])
        #expect(try await newestMs(b) < clock.wallMs() + GroupPolicy().maxClockDriftMs)
        for hive in ["engineering", "alone", "founded"] { _ = try await b.parts.post("after", in: hive, by: bob) }
        try await eventually("equal heads") { isEqual(a, b, group) && head(of: b, on: a, group)?.place.seq == 5 }
        #expect(try await titles(a) == ["after"] + all)
        #expect(try await newestMs(b) < clock.wallMs() + GroupPolicy().maxClockDriftMs)
        for id in [group, alone, founded] {
            let verified = try await b.parts.sync.verify(group: id.rawValue)
            #expect(verified.isEqual, "\(verified.differences)")
        }
        await a.stop()
        await b.stop()
    }

    @Test("A clock that jumps back alone takes nothing back: the peers say it is the wrong one")
    func backward() async throws {
        let (a, b, group) = try await pair()
        let bob = try await b.parts.agent("bob")
        _ = try await b.parts.post("today", in: "engineering", by: bob)
        clock.set(offMs: -Self.farMs / 2)
        let second = try await b.parts.post("still today", in: "engineering", by: bob)
        try await eventually("the post has come over") {
            try await a.parts.store.post(id: second.id, viewer: .anonymous) != nil
        }
        for number in 0..<3 {
            b.parts.clocks.heard(serverTimeMs: a.parts.clock.wallMs(), from: a.ready.instance)
            _ = try await b.parts.post("more \(number)", in: "engineering", by: bob)
        }
        try await eventually("equal heads") { isEqual(a, b, group) }
        #expect(epoch(of: b, in: group) == 1)
        await a.stop()
        await b.stop()
    }

    @Test("Whom a member let in from the future is introduced to the owner, and stays when both clocks are right again")
    func introduced() async throws {
        let (a, b, group) = try await pair()
        let bob = try await b.parts.agent("bob")
        clock.set(offMs: Self.farMs)
        let c = try await TestNode.start(folders.2, name: "Gamma", clock: clock)
        let invite = try await b.parts.sync.createInvite(InviteCommand(hiveName: "engineering", groupID: nil))
        _ = try await c.parts.sync.join(
            JoinCommand(invite: invite.invite, syncEndpoint: nil, hiveName: nil, localName: nil)
        )
        try await eventually("the owner has been told who that is") {
            try await a.parts.store.identityKey(of: c.ready.instance, in: group) != nil
        }
        #expect(head(of: c, on: a, group) == nil)
        #expect(try await a.parts.store.role(of: c.ready.instance, in: group) == nil)
        try await eventually("the joiner's log is open") { head(of: c, on: b, group) != nil }
        let carol = try await c.parts.agent("carol")
        _ = try await c.parts.post("from the third", in: "engineering", by: carol)
        _ = try await b.parts.post("from the second", in: "engineering", by: bob)
        clock.set(offMs: 0)
        try await eventually("all hold the same") {
            guard isEqual(a, b, group), isEqual(a, c, group), head(of: c, on: a, group) != nil else { return false }
            return try await titles(a) == ["from the second", "from the third"]
        }
        #expect(try await a.parts.store.role(of: c.ready.instance, in: group) == .member)
        for node in [a, b, c] { await node.stop() }
    }
}
