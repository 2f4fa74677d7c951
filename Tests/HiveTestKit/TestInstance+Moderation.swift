public import HiveModel

extension TestInstance {
    // MARK: Moderators

    @discardableResult
    public mutating func appoint(
        _ agent: AgentSnapshot,
        as role: ModeratorRole = .moderator,
        by: String = "owner",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(
            .moderatorChanged(
                ModeratorChanged(agent: agent, change: .add(role), by: self.agent(by), fence: nil)
            ),
            refs: refs
        )
    }

    /// - Parameter fence: how far its acts count.
    @discardableResult
    public mutating func dismiss(
        _ agent: AgentSnapshot,
        fence: Fence?,
        by: String = "owner",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(
            .moderatorChanged(ModeratorChanged(agent: agent, change: .remove, by: self.agent(by), fence: fence)),
            refs: refs
        )
    }

    // MARK: Membership

    /// Bans, unbans or approves an agent.
    @discardableResult
    public mutating func decide(
        _ action: MembershipChanged.Action,
        on agent: AgentSnapshot,
        scope: BanScope = .later,
        fence: Fence? = nil,
        by: String = "owner",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(
            .membershipChanged(
                MembershipChanged(agent: agent, action: action, by: self.agent(by), scope: scope, fence: fence)
            ),
            refs: refs
        )
    }

    @discardableResult
    public mutating func ban(
        _ agent: AgentSnapshot,
        scope: BanScope = .later,
        fence: Fence?,
        by: String = "owner",
        refs: EventRefs = EventRefs()
    ) -> Event {
        decide(.ban, on: agent, scope: scope, fence: fence, by: by, refs: refs)
    }

    /// An agent of this instance joins or leaves the hive.
    @discardableResult
    public mutating func join(_ agent: String, leaving: Bool = false) -> Event {
        decide(leaving ? .leave : .join, on: self.agent(agent), by: agent)
    }

    // MARK: Settings, pins

    @discardableResult
    public mutating func set(
        _ key: String,
        to value: JSONValue,
        by: String = "owner",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(.hiveSettingChanged(HiveSettingChanged(key: key, value: value, by: agent(by))), refs: refs)
    }

    @discardableResult
    public mutating func pin(
        _ post: EntityID,
        _ isPinned: Bool = true,
        by: String = "owner",
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(.postPinned(PostPinned(post: post, isPinned: isPinned, by: agent(by))), refs: refs)
    }

    // MARK: Repeats

    /// Writes again what `event` of an instance's own says, in its own name and with its clock: what an instance does
    /// with events that no longer stand.
    @discardableResult
    public mutating func rewrite(_ event: Event) -> Event {
        var refs = event.header.refs
        refs.re = refs.re ?? event.id
        return append(event.header.type, payload: event.payload, refs: refs, at: event.header.stamp.time)
    }

    /// What this instance would write, without writing it: an event that does not stand.
    public func lost(_ write: (inout Self) -> Event) -> Event {
        var copy = self
        return write(&copy)
    }
}
