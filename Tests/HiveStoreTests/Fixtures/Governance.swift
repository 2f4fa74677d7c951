import HiveModel
import HiveTestKit

/// Writes what owners, moderators and agents decide about each other.
struct Governance {
    typealias Instance = TestInstance<StandInCrypto>

    /// An agent with the grant that its acts name, where it needs one.
    struct Actor {
        var name: String
        var grant: EventID?

        static let owner = Actor(name: "owner")
    }

    /// How far `other` is held, all of it.
    static func fence(_ other: Instance) -> Fence? {
        other.lastEvent.map { Fence(place: $0.header.place, hash: $0.hash) }
    }

    @discardableResult
    static func moderator(
        _ agent: AgentSnapshot,
        _ change: ModeratorChanged.Change,
        by actor: Actor = .owner,
        fence: Fence? = nil,
        replacing acts: [EventID] = [],
        in instance: inout Instance
    ) -> Event {
        let said = ModeratorChanged(agent: agent, change: change, by: instance.agent(actor.name), fence: fence)
        return instance.append(.moderatorChanged(said), refs: EventRefs(par: acts, auth: actor.grant))
    }

    /// A ban, an unban or an approval.
    @discardableResult
    static func decide(
        _ action: MembershipChanged.Action,
        on agent: AgentSnapshot,
        scope: BanScope = .later,
        by actor: Actor = .owner,
        fence: Fence? = nil,
        reason: String? = nil,
        replacing acts: [EventID] = [],
        in instance: inout Instance
    ) -> Event {
        let said = MembershipChanged(
            agent: agent,
            action: action,
            by: instance.agent(actor.name),
            scope: scope,
            fence: fence,
            reason: reason
        )
        return instance.append(.membershipChanged(said), refs: EventRefs(par: acts, auth: actor.grant))
    }

    @discardableResult
    static func membership(_ name: String, joins: Bool, in instance: inout Instance) -> Event {
        let agent = instance.agent(name)
        return instance.append(
            .membershipChanged(MembershipChanged(agent: agent, action: joins ? .join : .leave, by: agent))
        )
    }

    @discardableResult
    static func set(
        _ key: String,
        _ value: JSONValue,
        by actor: Actor = .owner,
        replacing acts: [EventID] = [],
        in instance: inout Instance
    ) -> Event {
        let said = HiveSettingChanged(key: key, value: value, by: instance.agent(actor.name))
        return instance.append(.hiveSettingChanged(said), refs: EventRefs(par: acts, auth: actor.grant))
    }

    @discardableResult
    static func pin(
        _ post: EntityID,
        _ isPinned: Bool = true,
        by actor: Actor = .owner,
        in instance: inout Instance
    ) -> Event {
        let said = PostPinned(post: post, isPinned: isPinned, by: instance.agent(actor.name))
        return instance.append(.postPinned(said), refs: EventRefs(auth: actor.grant))
    }
}
