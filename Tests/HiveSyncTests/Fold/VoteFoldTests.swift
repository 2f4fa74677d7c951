import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Votes and profiles")
struct VoteFoldTests {
    @Test("Each voter has one vote, the newest; taken back it is 0 and stays")
    func register() throws {
        var group = Group(2)
        let post = group.owner.entity("p")
        group.owner.post("p")
        group.instances[1].vote(1, post)
        group.instances[1].vote(-1, post)
        group.instances[1].vote(1, post, by: "bob")
        group.instances[1].vote(1, post, by: "carol")
        group.instances[1].vote(0, post, by: "carol")
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.score == 0)
            let votes = try replica.dump.split(separator: "\n").count { $0.hasPrefix("[\"vote\"") }
            #expect(votes == 3)
        }
    }

    @Test("A vote with an older stamp than the one held changes nothing")
    func older() throws {
        var group = Group(2)
        let target = ContentTarget(kind: .post, id: group.owner.entity("p"))
        let voter = group.instances[1].agent("alice").key
        group.instances[1].append(.voteCast(VoteCast(target: target, voter: voter, value: 1)))
        group.instances[1].append(
            .voteCast(VoteCast(target: target, voter: voter, value: -1)),
            at: HybridTime(ms: 1_000, counter: 0)
        )
        try group.inEveryOrder { #expect($0.post(target.id)?.score == 1) }
    }

    @Test("Votes before their target collect, and count for its author's karma once it is there")
    func beforeTheTarget() throws {
        var group = Group(3)
        let post = group.instances[1].entity("p")
        let comment = group.instances[1].entity("c")
        group.owner.vote(1, post)
        group.instances[2].vote(1, post)
        group.instances[2].vote(-1, on: .comment, comment)
        group.instances[1].post("p", by: "alice")
        group.instances[1].comment("c", on: post, by: "alice")
        try group.inEveryOrder { replica in
            #expect(replica.post(post)?.score == 2 && replica.comment(comment)?.score == -1)
            #expect(replica.karma(of: group.instances[1].agent("alice")) == 1)
        }
    }

    @Test("A vote for oneself scores and gives no karma; what is deleted gives none either")
    func karma() throws {
        var group = Group(2)
        let (kept, gone) = (group.owner.entity("kept"), group.owner.entity("gone"))
        group.owner.post("kept")
        group.owner.post("gone")
        group.owner.vote(1, kept)
        group.instances[1].vote(1, kept)
        group.instances[1].vote(1, gone)
        group.owner.deletePost(gone)
        group.instances[1].vote(1, gone, by: "bob")
        try group.inEveryOrder { replica in
            #expect(replica.post(kept)?.score == 2 && replica.post(gone)?.score == 2)
            #expect(replica.karma(of: group.owner.agent("alice")) == 1)
        }
    }

    @Test("A vote of 7 and a vote for another instance's agent are void")
    func void() throws {
        var group = Group(2)
        let target = ContentTarget(kind: .post, id: group.owner.entity("p"))
        group.instances[1].append(
            .voteCast(VoteCast(target: target, voter: group.owner.agent("alice").key, value: 1))
        )
        let seven = VoteCast(target: target, voter: group.instances[1].agent("alice").key, value: 7)
        group.instances[1].append(.voteCast(seven))
        try group.inEveryOrder { #expect($0.post(target.id) == nil) }
    }

    @Test("The newest profile of an agent shows; each instance speaks for its own agents only")
    func profiles() throws {
        var group = Group(2)
        group.instances[1].profile("alice", name: "Alice", avatarURL: "https://example.org/a.png")
        group.instances[1].profile("alice", name: "Alice B.")
        let alice = AgentProfileChanged(agent: group.instances[1].agent("alice").key.agent, name: "Eve", avatarURL: nil)
        group.owner.append(.agentProfileChanged(alice))
        try group.inEveryOrder { replica in
            let row = replica.state.agentRow(group.instances[1].agent("alice").key, name: nil, avatarURL: nil)
            #expect(replica.state.profile(of: row)?.name == "Alice B.")
            #expect(replica.state.profile(of: row)?.avatarURL == nil)
        }
    }
}
