import HiveModel
import HiveSync
import HiveTestKit

// What was decided, as tests ask for it.
extension Replica {
    /// The present owner; nil where nobody is.
    var owner: AgentKey? { state.owners().last?.agent }

    func moderatorRole(of agent: AgentSnapshot) -> ModeratorRole? {
        let row = row(of: agent)
        return state.moderators().first { $0.agent == row }?.role
    }

    func ban(of agent: AgentSnapshot) -> BanRow? { state.ban(of: row(of: agent)) }

    func membership(of agent: AgentSnapshot) -> MembershipRow? { state.membership(of: row(of: agent)) }

    /// A setting's value as JSON.
    func value(of key: String) -> String? {
        state.setting(key).map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// Whether a post is there and shows.
    func shows(_ post: EntityID) -> Bool { self.post(post)?.isLive ?? false }

    private func row(of agent: AgentSnapshot) -> RowNumber {
        var copy = state
        return copy.agentRow(agent.key, name: nil, avatarURL: nil)
    }
}

extension EventRefs {
    /// Cites a grant and replaces what is given.
    init(auth: Event? = nil, replacing events: Event...) {
        self.init(par: events.map(\.id), auth: auth?.id)
    }
}

extension TestInstance {
    /// The end of its log, as a writer names it that has seen all of it.
    var seenFully: Fence? { lastEvent?.fence }
}
