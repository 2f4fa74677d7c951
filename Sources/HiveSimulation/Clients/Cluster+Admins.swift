import HiveModel
import HiveSync

/// What owners, admins and moderators do, and some who are none of these.
enum AdminAct: String, CaseIterable, Sendable {
    case setting, appoint, dismiss, ban, unban, pin, join, leave
    /// An instance is removed; whoever is not a member in the end is invited again.
    case remove, invite
    case transfer

    static let moderation: [AdminAct] = [.setting, .appoint, .dismiss, .ban, .unban, .pin, .join, .leave]
}

extension Cluster {
    func administer(_ act: AdminAct, at node: Int, step: Int) throws {
        guard nodes[node].isUp else { return }
        var random = SimulationRandom(seed: plan.steps[step].seed)
        let write = try nodes[node].store.read { state in try admin(act, at: node, &random, state) }
        guard let write else { return }
        coverage.note(.adminAct)
        enqueue(WriterJob(work: .write(write), origin: .client(step: step)), at: node)
    }

    private func admin(
        _ act: AdminAct,
        at node: Int,
        _ random: inout SimulationRandom,
        _ state: Store.State
    ) throws -> LocalWrite? {
        let actor = try actor(at: node, &random, state)
        let subject = nodes[random.below(nodes.count)]
        let agent = subject.agent(random.below(3))
        let fence = try fence(of: subject.instance, &random, state)
        switch act {
        case .setting:
            let key = random.pick(["description", "rules", "post_permissions"]) ?? "rules"
            let change = HiveSettingChanged(key: key, value: .string(text(&random)), by: actor.agent)
            return try write(.hiveSettingChanged(change), replacing: ActKey(setting: key), actor, state)
        case .appoint, .dismiss:
            let role: ModeratorRole = random.chance(1, of: 4) ? .admin : .moderator
            let change = ModeratorChanged(
                agent: agent,
                change: act == .appoint ? .add(role) : .remove,
                by: actor.agent,
                fence: fence
            )
            return try write(.moderatorChanged(change), replacing: ActKey(.moderator, about: agent.key), actor, state)
        case .ban, .unban:
            let change = MembershipChanged(
                agent: agent,
                action: act == .unban ? .unban : random.chance(1, of: 6) ? .approve : .ban,
                by: actor.agent,
                scope: act == .ban && random.chance(1, of: 3) ? .all : .later,
                fence: fence
            )
            return try write(.membershipChanged(change), replacing: ActKey(.ban, about: agent.key), actor, state)
        case .pin:
            guard let post = random.pick(ledger.posts) else { return nil }
            let pinned = PostPinned(post: post.id, isPinned: random.chance(2, of: 3), by: actor.agent)
            return LocalWrite(.postPinned(pinned), refs: EventRefs(auth: actor.grant))
        case .join, .leave:
            let own = nodes[node].agent(random.below(3))
            return LocalWrite(
                .membershipChanged(MembershipChanged(agent: own, action: act == .join ? .join : .leave, by: own))
            )
        case .remove:
            guard subject.number != node, subject.number != 0 else { return nil }
            let removal = InstanceRemoved(
                instance: subject.instance,
                fence: fence,
                removesInvited: random.chance(1, of: 4)
            )
            return try roster(.instanceRemoved(removal), about: subject.instance, by: node, state)
        case .invite: return try invitation(of: subject.number, by: node, state)
        case .transfer: return try transfer(from: node, to: subject, state)
        }
    }

    // MARK: Parts

    private struct Actor {
        var agent: AgentSnapshot
        var grant: EventID?
    }

    /// The owner's agent, a moderator of this node, or now and then somebody without the right.
    private func actor(at node: Int, _ random: inout SimulationRandom, _ state: Store.State) throws -> Actor {
        let machine = nodes[node]
        if node == 0 { return Actor(agent: machine.agent(0), grant: nil) }
        var moderators: [Actor] = []
        for row in try state.moderators() {
            let key = try state.agentKey(row.agent)
            guard key.instance == machine.instance else { continue }
            moderators.append(Actor(agent: AgentSnapshot(key: key, name: "moderator"), grant: row.event))
        }
        return random.pick(moderators) ?? Actor(agent: machine.agent(random.below(3)), grant: nil)
    }

    /// How far this node holds an instance's log, or somewhat less.
    private func fence(
        of instance: InstanceID,
        _ random: inout SimulationRandom,
        _ state: Store.State
    ) throws -> Fence? {
        let less = Int64(random.below(6))
        guard let head = try state.head(of: instance), random.chance(7, of: 8) else { return nil }
        let place = Place(epoch: head.place.epoch, seq: max(1, head.place.seq - less))
        return try state.eventHash(origin: instance, place: place).map { Fence(place: place, hash: $0) }
    }

    private func write(
        _ payload: EventPayload,
        replacing key: ActKey,
        _ actor: Actor,
        _ state: Store.State
    ) throws -> LocalWrite? {
        LocalWrite(payload, refs: EventRefs(par: try Self.newest(key, in: state), auth: actor.grant))
    }

    /// The acts of a register that no other act names, newest first.
    private static func newest(_ key: ActKey, in state: Store.State) throws -> [EventID] {
        let acts = try state.acts(key)
        let replaced = Set(acts.flatMap(\.header.refs.par))
        let heads = acts.filter { !replaced.contains($0.id) }.sorted { $0.header.stamp > $1.header.stamp }
        return Array(heads.prefix(Limits.parentsMax).map(\.id))
    }

    /// An act about the roster, with what makes this node's instance an admin where it is one.
    private func roster(
        _ payload: EventPayload,
        about instance: InstanceID,
        by node: Int,
        _ state: Store.State
    ) throws -> LocalWrite? {
        let own = try state.members().first { $0.instance == nodes[node].instance }
        let auth = own?.role == .admin ? own?.addedBy : nil
        let parents = try Self.newest(ActKey(roster: instance), in: state)
        return LocalWrite(payload, refs: EventRefs(par: parents, auth: auth))
    }

    /// An addition that replaces all that was said of the instance; from the next epoch where it had one.
    func invitation(of other: Int, by node: Int, _ state: Store.State) throws -> LocalWrite? {
        let (guest, isKnown) = (nodes[other], try state.identityKey(of: nodes[other].instance) != nil)
        guard other != node, isKnown || isHealed,
            try !state.members().contains(where: { $0.instance == guest.instance })
        else {
            return nil
        }
        let epoch = try state.head(of: guest.instance)?.place.epoch ?? 0
        let addition = InstanceAdded(
            instance: guest.instance,
            identityKey: guest.identity.publicKey,
            role: .member,
            name: "n\(other)",
            fromEpoch: epoch + 1
        )
        return try roster(.instanceAdded(addition), about: guest.instance, by: node, state)
    }

    private func transfer(
        from node: Int,
        to other: SimulatedNode<Store, Crypto>,
        _ state: Store.State
    ) throws -> LocalWrite? {
        let machine = nodes[node]
        // What an owner pins can't be taken back: pinned in the future, its log would be of no use until then.
        let drift = GroupPolicy().maxClockDriftMs
        let aheadMs = try state.clock().last.ms - SimulatedClock.startMs - now.ms
        guard machine.clock.errorMs(atMs: now.ms) < drift, aheadMs < drift else { return nil }
        let known = try state.transfers().filter { $0.n > 0 }
        let owner = known.max { ($0.n, $0.payload.count) < ($1.n, $1.payload.count) }?.to ?? nodes[0].instance
        // Nobody but an owner lets in again who was removed: it must come back in the end, with a log it can write to.
        let mayBeAway = other.number == plan.dead || other.number == plan.evil && options.has(.removals)
        guard owner == machine.instance, other.number != node, !mayBeAway,
            let head = try state.head(of: machine.instance),
            try state.members().contains(where: { $0.instance == other.instance && $0.role != .readonly })
        else { return nil }
        // Two of one number, signed because the first is not committed yet or was lost, would leave nobody as owner.
        let n = (known.map(\.n).max() ?? 0) + 1
        guard n > lastTransfer else { return nil }
        lastTransfer = n
        var change = OwnerChanged(
            n: n,
            to: other.agent(0),
            pin: Fence(place: head.place, hash: head.hash),
            authority: .owner(signature: [])
        )
        change.authority = .owner(signature: machine.identity.sign(change.signedText(group: group)))
        return LocalWrite(.ownerChanged(change))
    }
}
