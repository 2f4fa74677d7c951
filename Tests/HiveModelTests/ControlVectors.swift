import HiveCrypto
import HiveModel
import HiveTestKit

/// The events of `docs/vectors` that change who may do what.
struct ControlVectors {
    private(set) var events: [(about: String, event: Event)] = []
    private let group: GroupID
    private let fence: Fence

    /// Appends to the owner's log and to the member's.
    init(group: GroupID, _ owner: inout TestInstance<SwiftCrypto>, _ member: inout TestInstance<SwiftCrypto>) {
        self.group = group
        fence = Fence(place: member.events[1].header.place, hash: member.events[1].hash)
        writeModeration(&owner, about: member.agent("alice"))
        writeSettings(&owner, &member)
        let removal = InstanceRemoved(instance: member.id, fence: fence, reason: "it left", removesInvited: true)
        note("an instance is removed, with all it let in", owner.append(.instanceRemoved(removal)))
        writeTransfers(&owner, &member)
    }

    private mutating func note(_ about: String, _ event: Event) { events.append((about, event)) }

    private mutating func writeModeration(_ owner: inout TestInstance<SwiftCrypto>, about agent: AgentSnapshot) {
        let by = owner.agent("owner")
        let appointed = owner.append(
            .moderatorChanged(ModeratorChanged(agent: agent, change: .add(.admin), by: by, fence: nil))
        )
        note("a moderator who may appoint others; nothing of its log had been seen", appointed)
        let dismissed = owner.append(
            .moderatorChanged(ModeratorChanged(agent: agent, change: .remove, by: by, fence: fence, reason: "left")),
            refs: EventRefs(par: [appointed.id])
        )
        note("the moderator is dismissed; the fence is how far its log had been seen", dismissed)
        let ban = MembershipChanged(agent: agent, action: .ban, by: by, scope: .all, fence: fence, reason: "spam")
        note("a ban that hides everything", owner.append(.membershipChanged(ban)))
    }

    private mutating func writeSettings(
        _ owner: inout TestInstance<SwiftCrypto>,
        _ member: inout TestInstance<SwiftCrypto>
    ) {
        let bob = member.agent("bob")
        note(
            "an agent joins",
            member.append(.membershipChanged(MembershipChanged(agent: bob, action: .join, by: bob)))
        )
        let rules = HiveSettingChanged(
            key: "rules",
            value: .array([.string("Be kind."), .double(0.5)]),
            by: owner.agent("owner")
        )
        note("a setting", owner.append(.hiveSettingChanged(rules)))
        let pin = PostPinned(post: member.entity("post-1"), isPinned: true, by: owner.agent("owner"))
        note("a post is pinned", owner.append(.postPinned(pin)))
    }

    /// Both carry members this version does not know, which are signed.
    private mutating func writeTransfers(
        _ owner: inout TestInstance<SwiftCrypto>,
        _ member: inout TestInstance<SwiftCrypto>
    ) {
        let extra = [
            JSONMember("\u{10000}", .null), JSONMember("\u{E000}", .array([])), JSONMember("note", .string("é\n")),
        ]
        var given = OwnerChanged(
            n: 1,
            to: member.agent("bob"),
            pin: end(of: owner),
            successors: [owner.identityKey, member.identityKey],
            quorum: 2,
            authority: .owner(signature: []),
            extra: extra
        )
        given.authority = .owner(signature: owner.identity.sign(given.signedText(group: group)))
        note("the owner hands over and names successors", owner.append(.ownerChanged(given)))
        note("the new owner repeats it word for word", member.append(.ownerChanged(given)))
        var taken = OwnerChanged(
            n: 2,
            to: owner.agent("owner"),
            pin: end(of: member),
            authority: .quorum([]),
            extra: extra
        )
        let text = taken.signedText(group: group)
        taken.authority = .quorum(
            [owner, member].map { Cosignature(identityKey: $0.identityKey, signature: $0.identity.sign(text)) }
        )
        note("the successors name an owner", owner.append(.ownerChanged(taken)))
    }

    private func end(of instance: TestInstance<SwiftCrypto>) -> Fence {
        let last = instance.events[instance.events.count - 1]
        return Fence(place: last.header.place, hash: last.hash)
    }
}
