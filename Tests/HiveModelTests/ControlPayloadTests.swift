import HiveCrypto
import HiveModel
import HiveTestKit
import Testing

@Suite("Payloads of roster, moderation, settings and pins")
struct ControlPayloadTests {
    static let group = TestGroup(2, seed: 31, crypto: StandInCrypto())
    static var owner: AgentSnapshot { group.owner.agent("owner") }
    static var agent: AgentSnapshot { group.instances[1].agent("bob") }
    static var key: PublicKey { group.owner.identityKey }
    static var fence: Fence { Fence(place: Place(epoch: 2, seq: 9), hash: group.owner.events[0].hash) }
    static let signature = [UInt8](repeating: 7, count: 64)

    private static var portrayed: AgentSnapshot {
        var agent = agent
        agent.avatarURL = "https://example.org/a.png"
        return agent
    }

    static var typed: [EventPayload] {
        let setting: [JSONValue] = [
            .null, .bool(true), .int(-5), .double(0.1), .string("\u{1}é"), .array([.null, .object([])]),
            .object([JSONMember("\u{10000}", .int(1)), JSONMember("\u{E000}", .double(1e30))]),
        ]
        let cosignature = Cosignature(identityKey: key, signature: signature)
        let actions: [MembershipChanged.Action] = [.join, .leave, .ban, .unban, .approve]
        return [
            .instanceRemoved(InstanceRemoved(instance: group.owner.id, fence: nil)),
            .instanceRemoved(
                InstanceRemoved(instance: group.owner.id, fence: fence, reason: "why", removesInvited: true)
            ),
            .ownerChanged(OwnerChanged(n: 1, to: agent, pin: fence, authority: .owner(signature: signature))),
            .ownerChanged(
                OwnerChanged(
                    n: Limits.integerMax,
                    to: portrayed,
                    pin: fence,
                    successors: Array(repeating: key, count: Limits.successorsMax),
                    quorum: 32,
                    authority: .quorum(Array(repeating: cosignature, count: Limits.cosignaturesMax))
                )
            ),
            .moderatorChanged(ModeratorChanged(agent: agent, change: .add(.moderator), by: owner, fence: fence)),
            .moderatorChanged(ModeratorChanged(agent: agent, change: .add(.admin), by: owner, fence: nil)),
            .moderatorChanged(
                ModeratorChanged(agent: agent, change: .remove, by: portrayed, fence: fence, reason: "why")
            ),
            .membershipChanged(
                MembershipChanged(agent: portrayed, action: .ban, by: owner, scope: .all, fence: fence, reason: "why")
            ),
            .postPinned(PostPinned(post: group.owner.entity("p"), isPinned: true, by: owner)),
            .postPinned(PostPinned(post: group.owner.entity("p"), isPinned: false, by: agent)),
        ]
            + actions.map { .membershipChanged(MembershipChanged(agent: agent, action: $0, by: owner)) }
            + actions.map { .membershipChanged(MembershipChanged(agent: agent, action: $0, by: owner, fence: fence)) }
            + setting.map { .hiveSettingChanged(HiveSettingChanged(key: "rules", value: $0, by: owner)) }
    }

    @Test("What is written is read back, and its bytes are those of RFC 8785")
    func roundTrip() throws {
        for payload in Self.typed {
            let type = try #require(payload.type)
            let bytes = try #require(payload.canonicalPayload)
            #expect(try CanonicalJSON.canonicalise(bytes) == bytes, "\(bytes.text)")
            let read = EventPayload(type: type, payload: bytes)
            #expect(read.type == type, "\(bytes.text) is \(read)")
            #expect(read.canonicalPayload == bytes, "\(bytes.text) is \(read)")
            #expect("\(read)" == "\(payload)")
        }
    }

    @Test("What has a default or is nobody's is left out; a fence is there wherever an act has one")
    func written() throws {
        let agent = #""agent":{"agent_id":"a","instance_id":"\#(Self.agent.key.instance.rawValue)","name":"A"}"#
        let by = agent.replacing("agent\":{", with: "by\":{")
        let who = AgentSnapshot(
            key: AgentKey(instance: Self.agent.key.instance, agent: try #require(EntityID("a"))),
            name: "A"
        )
        let cases: [(EventPayload, String)] = [
            (
                .membershipChanged(MembershipChanged(agent: who, action: .ban, by: who)),
                #"{"action":"ban",\#(agent),\#(by),"fence":null}"#
            ),
            (
                .membershipChanged(MembershipChanged(agent: who, action: .join, by: who, scope: .all)),
                #"{"action":"join",\#(agent),\#(by)}"#
            ),
            (
                .moderatorChanged(ModeratorChanged(agent: who, change: .add(.moderator), by: who, fence: nil)),
                #"{"action":"add",\#(agent),\#(by),"fence":null}"#
            ),
            (
                .instanceRemoved(InstanceRemoved(instance: who.key.instance, fence: nil)),
                #"{"fence":null,"instance_id":"\#(who.key.instance.rawValue)"}"#
            ),
        ]
        for (payload, text) in cases { #expect(payload.canonicalPayload?.text == text) }
    }

    @Test("What may be missing or null has its default, and members nobody knows are passed over")
    func defaults() throws {
        for (type, payload) in ControlVoids.valid {
            let read = EventPayload(type: type, payload: payload.canonicalBytes())
            #expect(read.type == type, "\(payload.canonicalBytes().text) is \(read)")
        }
        let ban = try Self.membership(["scope": nil, "fence": nil, "reason": .null, "later": .int(1)])
        #expect(ban.scope == .later && ban.fence == nil && ban.reason == nil)
        #expect(try Self.membership(["fence": .null]).fence == nil)
        #expect(try Self.membership(["scope": .string("all")]).scope == .all)
        #expect(try Self.membership(["scope": .string("all"), "action": .string("unban")]).scope == .later)
        let moderator = ControlVoids.moderator.with(["role": nil, "fence": nil])
        guard
            case .moderatorChanged(let change) = EventPayload(
                type: .moderatorChanged,
                payload: moderator.canonicalBytes()
            )
        else {
            Issue.record("The change is void.")
            return
        }
        #expect(change.change == .add(.moderator) && change.fence == nil)
    }

    private static func membership(_ changes: [(String, JSONValue?)]) throws -> MembershipChanged {
        let bytes = ControlVoids.ban.with(changes).canonicalBytes()
        guard case .membershipChanged(let change) = EventPayload(type: .membershipChanged, payload: bytes) else {
            throw VoidPayload()
        }
        return change
    }

    private static func membership(_ changes: KeyValuePairs<String, JSONValue?>) throws -> MembershipChanged {
        try membership(changes.map { ($0.key, $0.value) })
    }

    private struct VoidPayload: Error {}

    @Test("A value out of range makes the event void and the sentence says which")
    func void() throws {
        for (type, payload, sentence) in ControlVoids.cases {
            guard case .void(let text) = EventPayload(type: type, payload: payload.canonicalBytes()) else {
                Issue.record("\(payload.canonicalBytes().text) is taken.")
                continue
            }
            #expect(text == sentence, "\(payload.canonicalBytes().text)")
        }
    }

    @Test("A genesis names 32 successors at most")
    func successorsOfGenesis() throws {
        let genesis = try JSONValue(parsing: Self.group.owner.events[0].payload)
        func read(_ count: Int) -> EventPayload {
            let keys = JSONValue.array(Array(repeating: .string(Self.key.base64), count: count))
            let payload = genesis.with(["successors": keys, "quorum": .int(Int64(count))])
            return EventPayload(type: .groupCreated, payload: payload.canonicalBytes())
        }
        guard case .groupCreated(let created) = read(32), case .void(let text) = read(33) else {
            Issue.record("32 are void or 33 are taken.")
            return
        }
        #expect(created.successors.count == 32 && created.quorum == 32)
        #expect(text == "successors has 33 keys, more than 32.")
    }

    @Test("Control events are those whose own signature is always checked: of memberships all but join and leave")
    func control() {
        var writer = Self.group.owner
        let control: [EventType] = [
            .groupCreated, .epochOpened, .ownerChanged, .instanceAdded, .instanceRemoved, .moderatorChanged,
            .hiveSettingChanged, .compactionPoint, .snapshotAttested,
        ]
        let content: [EventType] = [
            .postCreated, .postUpdated, .postDeleted, .postPinned, .commentCreated, .commentUpdated, .commentDeleted,
            .voteCast, .agentProfileChanged, .membershipChanged, EventType("instance_moved"),
        ]
        for type in control { #expect(writer.append(type, payload: "{}".bytes).isControl, "\(type.rawValue)") }
        for type in content { #expect(!writer.append(type, payload: "{}".bytes).isControl, "\(type.rawValue)") }
        let actions = ["join": false, "leave": false, "ban": true, "unban": true, "approve": true, "promote": false]
        for (action, isControl) in actions.sorted(by: { $0.key < $1.key }) {
            let event = writer.append(.membershipChanged, payload: "{\"action\":\"\(action)\"}".bytes)
            #expect(event.isControl == isControl, "\(action)")
        }
    }

    @Test("No bytes make reading trap")
    func neverTraps() {
        var generator = SeededGenerator(seed: 71)
        let payloads = Self.typed.compactMap(\.canonicalPayload)
        let types = Self.typed.compactMap(\.type)
        for _ in 0..<20_000 {
            guard var bytes = generator.pick(payloads), let type = generator.pick(types) else { return }
            RandomJSON.alter(&bytes, &generator)
            let payload = EventPayload(type: type, payload: bytes)
            guard case .ownerChanged(let change) = payload else { continue }
            _ = change.signedText(group: Self.group.id)
        }
    }
}
