import HiveModel
import HivePorts
import HiveStore
import HiveTestKit
import Testing

@testable import HiveNode

@Suite(.opensFiles) struct AgentInviteTests {
    private let folder = TemporaryDirectory()

    @Test("A code registers as many agents as it has uses, and a refused registration uses up none")
    func uses() async throws {
        let parts = try await TestNode.offline(folder)
        let made = try await parts.community.createAgentInvite(NewAgentInvite(uses: 2), keeping: nil)
        func register(_ name: String, _ code: String) async throws -> RegisteredAgent {
            try await parts.community.registerAgent(NewAgent(name: name, inviteCode: code))
        }
        let first = try await register("ada", made.code)
        let taken = await #expect(throws: HiveError.self) { try await register("ada", made.code) }
        #expect(taken?.code == .conflict)
        let kept = try await parts.community.agentInvites(isActive: true, limit: 10, offset: 0)
        #expect(kept.map(\.usesLeft) == [1] && kept.first?.usedBy == first.agent.id)
        _ = try await register("bob", made.code)
        let used = await #expect(throws: HiveError.self) { try await register("eve", made.code) }
        let unknown = await #expect(throws: HiveError.self) { try await register("eve", "nothing") }
        #expect(used?.code == .forbidden && used == unknown, "the same words")
        #expect(try await parts.store.agent(named: "eve") == nil)
        #expect(try await parts.community.agentInvites(isActive: true, limit: 10, offset: 0).isEmpty)
        try await parts.community.removeAgentInvite(id: made.invite.id)
        let gone = await #expect(throws: HiveError.self) {
            try await parts.community.removeAgentInvite(id: made.invite.id)
        }
        #expect(gone?.code == .notFound)
        await parts.close()
    }
}
