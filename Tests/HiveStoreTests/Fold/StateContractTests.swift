import HiveModel
import HiveStore
import HiveSync
import HiveTestKit
import Testing

/// What every `FoldState` and `LogState` must do, asked of both.
@Suite("The contract of fold states", .opensFiles)
struct StateContractTests {
    enum Kind: CaseIterable { case memory, sqlite }

    let founder: TestInstance<StandInCrypto>
    let group: GroupID

    init() throws {
        var founder = HiveStoreTests.founder()
        founder.post("p1", title: "One")
        founder.comment("c1", on: founder.entity("p1"))
        self.founder = founder
        group = try #require(founder.group)
    }

    /// Runs `body` on a state that holds the founder's log.
    private func on(_ kind: Kind, _ body: (inout any FoldState & LogState) throws -> Void) throws {
        switch kind {
        case .memory:
            var state = MemoryState()
            _ = try TestStore.admit(founder.events, to: group, &state)
            var opened: any FoldState & LogState = state
            try body(&opened)
        case .sqlite:
            let test = try TestStore()
            try test.makeGroup(group, hive: "engineering")
            try test.admit(founder.events, to: group)
            try test.store.write { transaction in
                var opened: any FoldState & LogState = try transaction.state(for: group)
                try body(&opened)
            }
        }
    }

    private func stamp(_ seq: Int64, ms: Int64 = 5) -> Stamp {
        Stamp(time: HybridTime(ms: ms, counter: 2), prefix: founder.id.prefix, place: Place(epoch: 1, seq: seq))
    }

    @Test("An id is inserted once", arguments: Kind.allCases)
    func insertOnce(kind: Kind) throws {
        try on(kind) { state in
            let id = founder.entity("p1")
            #expect(try state.insertPost(PostRow(id: id)) == nil)
            #expect(try state.post(id)?.post.title == "One")
            let stub = founder.entity("p2")
            let row = try #require(try state.insertPost(PostRow(id: stub)))
            #expect(try state.postID(row) == stub)
            #expect(try state.post(stub)?.post == PostRow(id: stub))
            #expect(try state.insertComment(CommentRow(id: founder.entity("c1"))) == nil)
            let comment = CommentRow(id: founder.entity("c2"))
            #expect(try state.insertComment(comment) != nil)
            #expect(try state.comment(comment.id)?.comment == comment)
            #expect(try state.post(founder.entity("never")) == nil)
        }
    }

    @Test("A row comes back as it was put", arguments: Kind.allCases)
    func putPost(kind: Kind) throws {
        try on(kind) { state in
            let agent = try state.agentRow(founder.agent("bob").key, name: "bob", avatarURL: nil)
            var (row, post) = try #require(try state.post(founder.entity("p1")))
            post.title = "Zwei \u{1F41D} e\u{301}"
            post.content = ""
            post.url = "https://example.org/"
            post.titleStamp = stamp(7)
            post.contentStamp = stamp(8, ms: HybridTime.msMax)
            post.urlStamp = stamp(1 << 48 - 1)
            post.isPinned = true
            post.pinStamp = stamp(9)
            post.score = -3
            post.commentCount = 4
            try state.putPost(post, at: row)
            #expect(try state.post(post.id)?.post == post)
            post.tombstone = Tombstone(by: agent, stamp: stamp(10), reason: "spam")
            post.content = nil
            try state.putPost(post, at: row)
            #expect(try state.post(post.id)?.post == post)
            #expect(try state.voteTarget(ContentTarget(kind: .post, id: post.id))?.isLive == false)

            var (number, comment) = try #require(try state.comment(founder.entity("c1")))
            comment.parent = founder.entity("c9")
            comment.content = "\u{0}nul and \"quotes\""
            comment.contentStamp = stamp(11)
            comment.tombstone = Tombstone(by: agent, stamp: stamp(12), reason: nil)
            try state.putComment(comment, at: number)
            #expect(try state.comment(comment.id)?.comment == comment)
        }
    }

    @Test("Counters add without reading", arguments: Kind.allCases)
    func counters(kind: Kind) throws {
        try on(kind) { state in
            let (row, _) = try #require(try state.post(founder.entity("p1")))
            let agent = try state.agentRow(founder.agent("bob").key, name: nil, avatarURL: nil)
            try state.addScore(3, to: TargetRow(kind: .post, row: row))
            try state.addScore(-5, to: TargetRow(kind: .post, row: row))
            try state.addCommentCount(2, to: row)
            try state.addKarma(4, to: agent)
            try state.addKarma(-1, to: agent)
            #expect(try state.post(founder.entity("p1"))?.post.score == -2)
            #expect(try state.post(founder.entity("p1"))?.post.commentCount == 3)
            #expect(try state.karma(of: agent) == 3)
            #expect(try state.agentKey(agent) == founder.agent("bob").key)
        }
    }

    @Test("Writes and votes are remembered once", arguments: Kind.allCases)
    func writesAndVotes(kind: Kind) throws {
        try on(kind) { state in
            let (row, _) = try #require(try state.post(founder.entity("p1")))
            let target = TargetRow(kind: .post, row: row)
            let bob = try state.agentRow(founder.agent("bob").key, name: nil, avatarURL: nil)
            let eve = try state.agentRow(founder.agent("eve").key, name: nil, avatarURL: nil)
            let late = ContentWrite(kind: .update, origin: founder.id, stamp: stamp(9), agent: bob, grant: nil)
            let grant = try #require(founder.events.first?.id)
            let early = ContentWrite(kind: .deletion, origin: founder.id, stamp: stamp(8), agent: eve, grant: grant)
            for write in [late, early, late] { try state.addWrite(write, to: target) }
            #expect(try state.writes(to: target) == [early, late])
            #expect(try state.writes(to: TargetRow(kind: .comment, row: row)) == [])

            let first = VoteRow(value: 1, stamp: stamp(3))
            #expect(try state.insertVote(first, target: target, voter: bob) == nil)
            #expect(try state.insertVote(VoteRow(value: -1, stamp: stamp(4)), target: target, voter: bob) == first)
            try state.putVote(VoteRow(value: -1, stamp: stamp(5)), target: target, voter: bob)
            #expect(try state.insertVote(VoteRow(value: 1, stamp: stamp(6)), target: target, voter: eve) == nil)
            #expect(try state.scoreByOthers(than: bob, target: target) == 1)
            #expect(try state.scoreByOthers(than: eve, target: target) == -1)
        }
    }

    @Test("Events are read back as they were appended, in pages", arguments: Kind.allCases)
    func events(kind: Kind) throws {
        try on(kind) { state in
            for event in founder.events {
                let place = event.header.place
                #expect(try state.event(origin: founder.id, place: place) == event)
                #expect(try state.eventHash(origin: founder.id, place: place) == event.hash)
            }
            #expect(try state.event(origin: founder.id, place: Place(epoch: 1, seq: 99)) == nil)
            #expect(try state.event(origin: founder.id, place: Place(epoch: 2, seq: 1)) == nil)
            var read: [Event] = []
            var last: RowNumber = 0
            while true {
                let page = try state.events(of: nil, after: last, limit: 2)
                guard let end = page.last else { break }
                #expect(page.count <= 2)
                read += page.map(\.event)
                last = end.arrival
            }
            #expect(read == founder.events)
            #expect(try state.events(of: founder.id, after: 1, limit: 1).map(\.event) == [founder.events[1]])
            let head = LogHead(origin: founder.id, place: Place(epoch: 1, seq: 3), hash: founder.events[2].hash)
            #expect(try state.head(of: founder.id) == head)
            #expect(try state.heads() == [head])
        }
    }

    @Test("Clearing leaves the log and nothing else", arguments: Kind.allCases)
    func clear(kind: Kind) throws {
        try on(kind) { state in
            try state.clear()
            var rows = 0
            try state.forEachEntity { _ in rows += 1 }
            #expect(rows == 0)
            #expect(try state.post(founder.entity("p1")) == nil)
            #expect(try state.group() == nil)
            #expect(try state.stateRoot() == StateRoot())
            #expect(try state.heads().count == 1)
            #expect(try state.event(origin: founder.id, place: Place(epoch: 1, seq: 2)) == founder.events[1])
        }
    }

    @Test("Unknown types and header fields are kept to the byte", arguments: Kind.allCases)
    func unknownThings(kind: Kind) throws {
        var writer = founder
        var refs = EventRefs(par: founder.events.map(\.id), auth: founder.events[0].id, re: founder.events[1].id)
        refs.extra = [JSONMember("because", .array([.int(1), .string("\u{1}\u{2028}"), .null]))]
        writer.append(EventType("caf\u{e9}"), payload: Array("{}".utf8), refs: refs, at: HybridTime(ms: 3, counter: 4))
        {
            $0.extra = [JSONMember("aaa", .bool(true)), JSONMember("zzz", .object([JSONMember("k", .int(-7))]))]
        }
        // The same to the eye, other bytes: another type.
        writer.append(EventType("cafe\u{301}"), payload: Array("{\"x\":1}".utf8))
        let written = Array(writer.events.suffix(2))
        try on(kind) { state in
            for event in written { _ = try state.append(event, isVerified: true) }
            for event in written {
                let read = try #require(try state.event(origin: founder.id, place: event.header.place))
                #expect(read.wireBytes() == event.wireBytes())
                #expect(read.header.hash(StandInCrypto()) == event.hash)
            }
        }
    }
}
