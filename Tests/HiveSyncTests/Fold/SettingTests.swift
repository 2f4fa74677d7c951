import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Settings")
struct SettingTests {
    /// Alice of instance 1 and bob of instance 2 moderate.
    private func moderated() -> (group: Group, alice: Event, bob: Event) {
        var group = Group(3)
        let alice = group.owner.appoint(group.instances[1].agent("alice"))
        let bob = group.owner.appoint(group.instances[2].agent("bob"))
        group.meet()
        return (group, alice, bob)
    }

    @Test("A write that had seen another replaces it, whoever wrote that: also the owner's")
    func replaces() throws {
        var (group, grant, _) = moderated()
        let first = group.owner.set("description", to: .string("the owner's"))
        let second = group.instances[1].set(
            "description",
            to: .string("a moderator's"),
            by: "alice",
            refs: .init(auth: grant, replacing: first)
        )
        try group.inEveryOrder { replica in
            #expect(replica.value(of: "description") == "\"a moderator's\"")
            #expect(replica.state.setting("description")?.heads == [second.id])
        }
    }

    @Test("Between concurrent writes the owner's wins, however early it is, and both are kept as a conflict")
    func ownerFirst() throws {
        var (group, grant, _) = moderated()
        let first = group.owner.set("description", to: .string("the owner's"))
        group.meet()
        let second = group.instances[1].set(
            "description",
            to: .string("a moderator's"),
            by: "alice",
            refs: .init(auth: grant)
        )
        try group.inEveryOrder { replica in
            #expect(replica.value(of: "description") == "\"the owner's\"")
            #expect(replica.state.setting("description")?.heads == [first.id, second.id].sorted())
        }
        group.owner.set("description", to: .string("settled"), refs: .init(replacing: first, second))
        try group.inEveryOrder { replica in
            #expect(replica.value(of: "description") == "\"settled\"")
            #expect(replica.state.setting("description")?.heads.count == 1)
        }
    }

    @Test("Between concurrent moderators the later write wins, at one time the smaller id")
    func concurrentModerators() throws {
        for (early, late) in [(1, 2), (2, 1)] {
            var (group, alice, bob) = moderated()
            let (grants, names) = ([1: alice, 2: bob], [1: "alice", 2: "bob"])
            for instance in [early, late] {
                group.instances[instance].set(
                    "description",
                    to: .string("by \(instance)"),
                    by: names[instance] ?? "",
                    refs: .init(auth: grants[instance])
                )
                group.meet()
            }
            try group.inEveryOrder { #expect($0.value(of: "description") == "\"by \(late)\"") }
        }
        var (group, alice, bob) = moderated()
        var writes: [(id: EventID, value: String)] = []
        for (instance, name, grant) in [(1, "alice", alice), (2, "bob", bob)] {
            let said = HiveSettingChanged(
                key: "description",
                value: .string(name),
                by: group.instances[instance].agent(name)
            )
            let event = group.instances[instance].append(
                .hiveSettingChanged(said),
                refs: .init(auth: grant),
                at: HybridTime(ms: 5_000, counter: 0)
            )
            writes.append((event.id, name))
        }
        let smaller = try #require(writes.min { $0.id < $1.id })
        try group.inEveryOrder { #expect($0.value(of: "description") == "\"\(smaller.value)\"") }
    }

    @Test("A later owner's word comes before an earlier owner's that was concurrent")
    func ownerRank() throws {
        var group = Group(2)
        let transfer = group.owner.handOver(to: group.instances[1].agent("boss"))
        group.instances[1].accept(transfer)
        group.instances[1].set("description", to: .string("new"), by: "boss")
        group.meet()
        var other = group
        let late = other.owner.set("description", to: .string("old"))
        try other.inEveryOrder { replica in
            #expect(replica.value(of: "description") == "\"new\"")
            #expect(replica.state.setting("description")?.heads.contains(late.id) == false, "beyond the pin")
        }
        var before = Group(2)
        let old = before.owner.set("description", to: .string("old"))
        let handed = before.owner.handOver(to: before.instances[1].agent("boss"))
        before.instances[1].accept(handed)
        before.instances[1].set("description", to: .string("new"), by: "boss")
        try before.inEveryOrder { replica in
            #expect(replica.value(of: "description") == "\"new\"")
            #expect(replica.state.setting("description")?.heads.contains(old.id) == true)
        }
    }

    @Test("A void write replaces nothing itself, and what replaces it replaces through it")
    func throughVoid() throws {
        var (group, _, _) = moderated()
        let first = group.owner.set("description", to: .string("first"))
        let void = group.instances[1].set("description", to: .string("void"), refs: .init(replacing: first))
        group.meet()
        try group.inEveryOrder { #expect($0.value(of: "description") == "\"first\"") }
        let third = group.owner.set("description", to: .string("third"), refs: .init(replacing: void))
        try group.inEveryOrder { #expect($0.state.setting("description")?.heads == [third.id]) }
    }

    @Test("Moderators don't change what only the owner may")
    func ownersOnly() throws {
        for (key, value) in [
            ("is_public", JSONValue.bool(false)), ("retention_days", .int(30)), ("max_clock_drift_ms", .int(5_000)),
        ] {
            var (group, grant, _) = moderated()
            group.instances[1].set(key, to: value, by: "alice", refs: .init(auth: grant))
            try group.inEveryOrder { #expect($0.state.setting(key) == nil) }
            group.owner.set(key, to: value)
            try group.inEveryOrder { #expect($0.state.setting(key) != nil) }
        }
    }

    @Test("What the genesis fixes stays, values out of range are void, and unknown keys are kept")
    func values() throws {
        var group = Group(1)
        for key in ["admission", "vote_privacy", "successors", "quorum"] {
            group.owner.set(key, to: .string("members"))
        }
        group.owner.set("is_public", to: .string("no"))
        group.owner.set("description", to: .int(3))
        group.owner.set("retention_days", to: .int(0))
        group.owner.set("max_clock_drift_ms", to: .int(4_999))
        group.owner.set("max_clock_drift_ms", to: .int(600_001))
        let kept = group.owner.set("theme", to: .array([.null, .int(1)]))
        try group.inEveryOrder { replica in
            #expect(replica.state.settings().map(\.key) == ["theme"])
            #expect(replica.value(of: "theme") == "[null,1]")
            #expect(replica.state.setting("theme")?.event == kept.id)
        }
    }

    @Test("A moderator's setting falls with the grant; what it replaced is back")
    func fallingGrant() throws {
        var (group, grant, _) = moderated()
        let first = group.owner.set("description", to: .string("first"))
        group.instances[1].set(
            "description",
            to: .string("second"),
            by: "alice",
            refs: .init(auth: grant, replacing: first)
        )
        group.owner.dismiss(group.instances[1].agent("alice"), fence: nil, refs: .init(replacing: grant))
        try group.inEveryOrder { #expect($0.value(of: "description") == "\"first\"") }
    }
}
