import HiveModel
import HiveTestKit
import Testing

@testable import HiveSync

@Suite("State root and dump")
struct StateRootTests {
    @Test("Each kind of row is written as the protocol says")
    func rows() throws {
        var group = Group(2)
        let (ada, bob) = (group.owner.id.rawValue, group.instances[1].id.rawValue)
        let (a, b) = (group.owner.id.prefix.rawValue, group.instances[1].id.prefix.rawValue)
        let addition = group.events[1]
        let post = group.instances[1].post("p", title: "T\u{e9}\n", content: nil, url: "u", createdAtMs: 5)
        let edit = group.instances[1].updatePost(group.instances[1].entity("p"), content: .set("C"))
        let comment = group.owner.comment("c", on: group.instances[1].entity("p"), content: "hi")
        let other = group.owner.comment("d", on: group.owner.entity("q"), parent: group.owner.entity("c"))
        let deletion = group.owner.deleteComment(group.owner.entity("d"), reason: "oops", by: "owner")
        let vote = group.owner.vote(-1, group.instances[1].entity("p"))
        let profile = group.owner.profile("alice", name: "Alice")
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        let created = group.events[0].header.time.ms
        let expected = [
            #"["comment","\#(a)_c","\#(b)_p",null,"\#(ada)","\#(a)_agent-alice",\#(comment.header.time.ms),"#
                + #"\#(stamp(comment)),"live","hi",null]"#,
            #"["comment","\#(a)_d","\#(a)_q","\#(a)_c","\#(ada)","\#(a)_agent-alice",\#(other.header.time.ms),"#
                + #"\#(stamp(other)),"deleted","\#(ada)","\#(a)_agent-owner",\#(stamp(deletion)),"oops"]"#,
            #"["group","sync:engineering","engineering","About engineering",true,\#(created - 10),"#
                + #""\#(ada)","\#(a)_agent-owner"]"#,
            #"["owner",1,"\#(ada)","\#(a)_agent-owner"]"#,
            #"["member","\#(ada)","owner","owner",null]"#,
            #"["member","\#(bob)","member","instance-1","\#(addition.id.rawValue)"]"#,
            #"["post","\#(b)_p","\#(bob)","\#(b)_agent-alice",5,\#(stamp(post)),"live","Té\n",null,"C",\#(stamp(edit)),"#
                + #""u",null,false,null]"#,
            #"["profile","\#(ada)","\#(a)_agent-alice","Alice",null,\#(stamp(profile))]"#,
            #"["vote","post","\#(b)_p","\#(ada)","\#(a)_agent-alice",-1,\#(stamp(vote)),false]"#,
        ]
        #expect(try replica.dump == expected.sorted().joined(separator: "\n") + "\n")
    }

    private func stamp(_ event: Event) -> String {
        let stamp = event.header.stamp
        let (epoch, seq) = (stamp.place.epoch, stamp.place.seq)
        return #"[\#(stamp.time.ms),\#(stamp.time.counter),"\#(stamp.prefix.rawValue)",\#(epoch),\#(seq)]"#
    }

    @Test("A tombstone's row says nothing of what was written")
    func tombstone() throws {
        var group = Group(1)
        group.owner.post("p", title: "secret", content: "secret", url: "secret")
        group.owner.updatePost(group.owner.entity("p"), title: .set("secret"))
        group.owner.deletePost(group.owner.entity("p"))
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        #expect(try !replica.dump.contains("secret"))
    }

    @Test("A bucket is the sum of its rows' hashes; taking one out is adding its negative, in any order")
    func sums() {
        let crypto = StandInCrypto()
        let hashes = (0..<50).map { crypto.sha256([UInt8($0)]) }
        let top = Hash256(word0: .max, word1: .max, word2: .max, word3: .max)
        var root = StateRoot()
        for hash in hashes + [top] { root.add(hash, bucket: 3) }
        for hash in [top] + hashes.reversed() { root.remove(hash, bucket: 3) }
        #expect(root == StateRoot())
        root.add(top, bucket: 0)
        root.add(Hash256(word0: 0, word1: 0, word2: 0, word3: 2), bucket: 0)
        #expect(root.buckets[0] == Hash256(word0: 0, word1: 0, word2: 0, word3: 1))
        #expect(StateRoot(bytes: root.bytes) == root && StateRoot(bytes: [1]) == nil)
        #expect(root.value(crypto) == crypto.sha256(root.bytes) && root.bytes.count == 8192)
    }

    @Test("An empty state has the root of 256 empty buckets")
    func empty() throws {
        var fold = Fold<MemoryState, StandInCrypto>(group: Group(1).id, crypto: StandInCrypto())
        #expect(try fold.stateRoot(of: MemoryState()) == StandInCrypto().sha256([UInt8](repeating: 0, count: 8192)))
    }

    @Test("Recomputing any post or comment from its creation and its writes changes nothing")
    func rebuilding() throws {
        for seed: UInt64 in 5_000..<5_040 {
            let history = History(seed: seed)
            var replica = Replica(of: history.group)
            try replica.admit(history.events)
            let before = replica
            var fold = Fold<MemoryState, StandInCrypto>(group: history.group, crypto: StandInCrypto())
            for post in replica.state.posts {
                try fold.rebuild(ContentTarget(kind: .post, id: post.id), in: &replica.state)
            }
            for comment in replica.state.comments {
                try fold.rebuild(ContentTarget(kind: .comment, id: comment.id), in: &replica.state)
            }
            try fold.finish(&replica.state)
            #expect(Outline(replica.state) == Outline(before.state), "seed \(seed)")
            #expect(replica.root == before.root, "seed \(seed)")
        }
    }

    @Test("A counter that is wrong is named")
    func recount() throws {
        var group = Group(2)
        group.owner.post("p")
        group.instances[1].vote(1, group.owner.entity("p"))
        group.instances[1].comment("c", on: group.owner.entity("p"))
        var replica = Replica(of: group.id)
        try replica.admit(group.events)
        #expect(try Recount.faults(in: &replica.state) == [])
        replica.state.posts[0].score += 1
        replica.state.posts[0].commentCount -= 1
        let author = group.owner.agent("alice").key
        replica.state.addKarma(1, to: replica.state.agentRow(author, name: nil, avatarURL: nil))
        let id = group.owner.entity("p").rawValue
        #expect(
            try Recount.faults(in: &replica.state) == [
                "comment_count of post \(id) is 0, counted 1",
                "karma of \(author.agent.rawValue) is 2, counted 1",
                "score of post \(id) is 2, counted 1",
            ]
        )
    }
}
