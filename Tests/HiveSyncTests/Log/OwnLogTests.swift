import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("The own log")
struct OwnLogTests {
    /// An instance that writes through its own replica.
    struct Writer {
        let instance: Instance
        var replica: Replica
        var wallMs: Int64 = 1_750_000_100_000

        init(_ instance: Instance, in group: Group) throws {
            self.instance = instance
            replica = Replica(of: group.id)
            try replica.admit(group.events)
        }

        /// One log key for all its epochs.
        var author: EventAuthor<StandInKey, StandInCrypto> {
            EventAuthor(instance: instance.id, signer: instance.logKey, crypto: StandInCrypto())
        }

        var log: [Event] { replica.state.events(of: instance.id, after: 0, limit: 1000).map(\.event) }

        @discardableResult
        mutating func post(_ id: String) throws -> Event {
            wallMs += 10
            let write = try #require(
                LocalWrite(
                    .postCreated(
                        PostCreated(
                            post: instance.entity(id),
                            title: id,
                            content: nil,
                            url: nil,
                            author: instance.agent("alice")
                        )
                    )
                )
            )
            return try replica.admission(own: instance.id) { [author, wallMs] in
                try $0.write(write, by: author, wallMs: wallMs, into: &$1).event
            }
        }

        @discardableResult
        mutating func recover() throws -> [Event] {
            wallMs += 10
            return try replica.admission(own: instance.id) { [author, instance, wallMs] in
                try $0.recover(by: author, identity: instance.identity, wallMs: wallMs, into: &$1).map(\.event)
            }
        }

        @discardableResult
        mutating func take(_ events: [Event]) throws -> AdmissionOutcome {
            try replica.admission(own: instance.id) {
                try $0.admit(events, wallMs: History.endMs, into: &$1)
            }
        }
    }

    private let group = Group(2)

    private func writer() throws -> Writer { try Writer(group.instances[1], in: group) }

    @Test("A whole log is left alone")
    func whole() throws {
        var writer = try writer()
        try writer.post("p1")
        #expect(try writer.recover().isEmpty)
        #expect(try writer.replica.admission { try $0.ownLog(of: writer.instance.id, in: $1) }.isWhole)
    }

    @Test("A restored backup that is behind takes back what peers hold, and goes on without a new epoch")
    func behind() throws {
        var writer = try writer()
        let backup = writer
        try writer.post("p1")
        try writer.post("p2")
        var restored = backup
        try restored.take(writer.log)
        #expect(restored.log == writer.log)
        #expect(try restored.recover().isEmpty)
    }

    @Test("A restored backup that was written to opens a new epoch and repeats both ends, once")
    func restored() throws {
        var writer = try writer()
        try writer.post("p0")
        let backup = writer
        let lost = [try writer.post("a1"), try writer.post("a2")]
        var peer = Replica(of: group.id)
        try peer.admit(group.events + writer.log)
        var restored = backup
        restored.wallMs += 5
        let mine = try restored.post("b1")
        try restored.take(writer.log)
        #expect(restored.log.count == 2)
        #expect(throws: LocalWriteError.self) { try restored.post("refused") }
        let written = try restored.recover()
        #expect(written.map(\.header.type) == [.epochOpened, .postCreated, .postCreated, .postCreated])
        #expect(written.dropFirst().compactMap(\.header.refs.re).sorted() == (lost + [mine]).map(\.id).sorted())
        #expect(written.dropFirst().map(\.header.at) == (lost + [mine]).map(\.header.time).sorted())
        #expect(try restored.recover().isEmpty)
        try restored.post("p9")
        try peer.admit(restored.log)
        for id in ["p0", "a1", "a2", "b1", "p9"] {
            #expect(
                peer.post(writer.instance.entity(id)) != nil && restored.replica.post(writer.instance.entity(id)) != nil
            )
        }
        #expect(try peer.dump == restored.replica.dump && peer.state.heads() == restored.replica.state.heads())
        #expect(peer.state.head(of: writer.instance.id)?.cut == nil)
        // What was cut away comes again: it is aside already, and repeated.
        try restored.take(writer.log)
        #expect(try restored.recover().isEmpty)
    }

    @Test("A repeat that is lost in its turn is repeated as the original was, and only once")
    func repeatsOnce() throws {
        var writer = try writer()
        let backup = writer
        let first = try writer.post("a")
        var restored = backup
        restored.wallMs += 1
        let second = try restored.post("b")
        try restored.take(writer.log)
        let beforeRecovery = restored
        try restored.recover()
        // The recovery is forgotten too, and made again.
        var again = beforeRecovery
        again.wallMs += 3
        try again.recover()
        try again.take(restored.log)
        let written = try again.recover()
        #expect(written.first?.header.place == Place(epoch: 3, seq: 1))
        #expect(written.dropFirst().compactMap(\.header.refs.re).sorted() == [first, second].map(\.id).sorted())
        #expect(written.dropFirst().map(\.header.at) == [first, second].map(\.header.time).sorted())
        var peer = Replica(of: group.id)
        for log in [group.events, restored.log, again.log] { try peer.admit(log) }
        #expect(try peer.dump == again.replica.dump && peer.state.heads() == again.replica.state.heads())
    }

    @Test("What is given back comes with what it follows, though that is repeated already; not what stands again")
    func givenBackWhole() throws {
        var writer = try writer()
        let backup = writer
        let (first, second) = (try writer.post("a"), try writer.post("b"))
        var restored = backup
        restored.wallMs += 1
        try restored.post("c")
        // Only the beginning of what was lost comes to it before it goes on.
        try restored.take(writer.log.filter { $0.id != second.id })
        try restored.recover()
        var peer = Replica(of: group.id)
        for log in [group.events, writer.log, restored.log] { try peer.admit(log) }
        let given = try peer.state.lostEvents(of: writer.instance.id)
        #expect(given.map(\.id).contains(first.id) && given.map(\.id).contains(second.id))
        // A database that forgot all of it can take it.
        var empty = backup
        try empty.take(restored.log)
        try empty.take(given)
        #expect(try empty.recover().contains { $0.header.refs.re == second.id })
        try peer.admit(empty.log)
        #expect(try peer.state.lostEvents(of: writer.instance.id).isEmpty)
    }

    @Test("Rotation closes at the head; after a theft the log ends at the last own event, and the rest is not repeated")
    func rotation() throws {
        var writer = try writer()
        let last = try writer.post("mine")
        let rotated = try writer.replica.admission(own: writer.instance.id) { [writer] in
            try $0.rotate(
                by: writer.author,
                identity: writer.instance.identity,
                wallMs: writer.wallMs + 5,
                into: &$1
            ).event
        }
        #expect(rotated.header.place == Place(epoch: 2, seq: 1) && writer.log.count == 3)
        let stolen = try writer.post("stolen")
        let opened = try writer.replica.admission(own: writer.instance.id) { [writer] in
            try $0.rotate(
                closingAt: Fence(place: last.header.place, hash: last.hash),
                by: writer.author,
                identity: writer.instance.identity,
                wallMs: writer.wallMs + 10,
                into: &$1
            ).event
        }
        #expect(opened.header.place == Place(epoch: 3, seq: 1))
        #expect(writer.replica.post(writer.instance.entity("stolen")) == nil)
        #expect(writer.replica.post(writer.instance.entity("mine")) != nil)
        #expect(writer.replica.state.keptEvents(of: writer.instance.id).map(\.event) == [rotated, stolen])
        #expect(try writer.recover().isEmpty)
        try writer.post("later")
        var peer = Replica(of: group.id)
        try peer.admit(group.events + writer.log)
        #expect(try peer.dump == writer.replica.dump)
        #expect(throws: LocalWriteError.self) {
            try writer.replica.admission { [writer] in
                try $0.rotate(
                    closingAt: Fence(place: stolen.header.place, hash: stolen.hash),
                    by: writer.author,
                    identity: writer.instance.identity,
                    wallMs: writer.wallMs,
                    into: &$1
                )
            }
        }
    }

    @Test("A clock that ran ahead is taken back: those events come again in a new epoch, without their time")
    func clockAccident() throws {
        var writer = try writer()
        try writer.post("before")
        let soon = writer.wallMs
        writer.wallMs += 3_600_000
        let ahead = [try writer.post("x"), try writer.post("y")]
        #expect(ahead.allSatisfy { $0.header.time.ms > soon + 60_000 })
        writer.wallMs = soon + 1000
        let written = try writer.replica.admission(own: writer.instance.id) { [writer] in
            try $0.resetClock(
                by: writer.author,
                identity: writer.instance.identity,
                wallMs: writer.wallMs,
                into: &$1
            ).map(\.event)
        }
        #expect(written.map(\.header.refs.re) == [nil] + ahead.map(\.id))
        #expect(written.allSatisfy { $0.header.at == nil && $0.header.time.ms == soon + 1000 })
        #expect(try writer.recover().isEmpty)
        var peer = Replica(of: group.id)
        #expect(try peer.admit(group.events + writer.log, wallMs: soon + 1000).heldEvents == 0)
        #expect(try peer.dump == writer.replica.dump)
        #expect(peer.post(writer.instance.entity("y")) != nil)
    }
}
