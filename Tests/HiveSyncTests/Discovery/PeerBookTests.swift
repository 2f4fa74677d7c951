import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Gossip")
struct PeerBookTests {
    private static let crypto = StandInCrypto()
    private static let start: Int64 = 1_750_000_000_000

    private static func instances(_ count: Int) -> [TestInstance<StandInCrypto>] {
        (0..<count).map { TestInstance("n\($0)", seed: UInt64($0 + 1), crypto: crypto) }
    }

    private static func book(
        _ instance: TestInstance<StandInCrypto>,
        _ change: (inout GossipSettings) -> Void = { _ in }
    )
        -> PeerBook
    {
        var settings = GossipSettings()
        change(&settings)
        var book = PeerBook(instance: instance.id, settings: settings)
        book.renew(endpoints: [endpoint(instance)], links: [], nowMs: start, sign: instance.identity.sign)
        return book
    }

    private static func endpoint(_ instance: TestInstance<StandInCrypto>) -> String {
        "http://\(instance.name).example:3000/sync/v1"
    }

    private static func entry(
        about instance: TestInstance<StandInCrypto>,
        ttl: Int64 = 2,
        seq: Int64 = 7,
        expiresMs: Int64 = start + 3_600_000
    ) -> GossipEntry {
        var record = SignedPeerRecord(
            instance: instance.id,
            endpoints: [endpoint(instance)],
            links: [],
            recordSeq: seq,
            expiresMs: expiresMs
        )
        record.signature = instance.identity.sign(record.signingMessage)
        return GossipEntry(name: instance.name, record: record, ttl: ttl)
    }

    /// Instances that know each other by configuration or gossip, and what they may pass on.
    private struct Mesh {
        var nodes: [TestInstance<StandInCrypto>]
        var books: [PeerBook]
        /// Hops, by the knowing and the known node.
        var ttl: [[Int?]]
        private(set) var entriesSent = 0

        init(_ count: Int) {
            nodes = instances(count)
            books = nodes.map { PeerBookTests.book($0) }
            ttl = Array(repeating: Array(repeating: nil, count: count), count: count)
        }

        /// Both know each other directly: one configured the other, and shook hands.
        mutating func connect(_ one: Int, _ other: Int) {
            ttl[one][other] = 2
            ttl[other][one] = 2
        }

        private func subjects(_ node: Int) -> [PeerBook.Subject] {
            nodes.indices.compactMap { other in
                ttl[node][other].map { .init(instance: nodes[other].id, name: nodes[other].name, ttl: Int64($0)) }
            }
        }

        private mutating func tell(_ from: Int, _ to: Int, _ nowMs: Int64) {
            let news = books[from].news(for: nodes[to].id, name: nodes[from].name, among: subjects(from), nowMs: nowMs)
            books[from].told(nodes[to].id, news, nowMs: nowMs)
            entriesSent += news.count
            for entry in news {
                guard let about = nodes.firstIndex(where: { $0.id == entry.record.instance }) else { continue }
                let lesson = books[to].learn(
                    entry,
                    from: nodes[from].id,
                    identityKey: nodes[about].identityKey,
                    nowMs: nowMs,
                    crypto
                )
                guard case .taken(let hops) = lesson, ttl[to][about] == nil else { continue }
                // It shakes hands with it, which makes both know each other.
                ttl[to][about] = Int(hops)
                if ttl[about][to] == nil { ttl[about][to] = 2 }
            }
        }

        /// Every pair that knows each other exchanges heartbeats, in both directions.
        mutating func round(_ nowMs: Int64) {
            for one in nodes.indices {
                for other in nodes.indices where ttl[one][other] != nil {
                    tell(one, other, nowMs)
                    tell(other, one, nowMs)
                }
            }
        }

        var isFull: Bool {
            nodes.indices.allSatisfy { one in nodes.indices.allSatisfy { one == $0 || ttl[one][$0] != nil } }
        }
    }

    @Test("A chain of four becomes a full mesh within four rounds, and then nothing is told any more")
    func chain() {
        var mesh = Mesh(4)
        for node in 0..<3 { mesh.connect(node, node + 1) }
        var rounds = 0
        while !mesh.isFull, rounds < 10 {
            rounds += 1
            mesh.round(Self.start + Int64(rounds) * 1_000)
        }
        #expect(mesh.isFull)
        #expect(rounds <= 4)
        for round in 5...7 { mesh.round(Self.start + Int64(round) * 1_000) }
        let settled = mesh.entriesSent
        mesh.round(Self.start + 20_000)
        #expect(mesh.entriesSent == settled)
        // Each tells each of each, once: far below what everybody telling everything every round would cost.
        #expect(settled <= 4 * 3 * 4)
    }

    @Test("What was told is told again after ten exchange intervals, since a reply may have been lost")
    func refresh() {
        let nodes = Self.instances(2)
        var book = Self.book(nodes[0])
        let news = book.news(for: nodes[1].id, name: "n0", among: [], nowMs: Self.start)
        #expect(news.map(\.record.instance) == [nodes[0].id])
        book.told(nodes[1].id, news, nowMs: Self.start)
        #expect(book.news(for: nodes[1].id, name: "n0", among: [], nowMs: Self.start + 599_999).isEmpty)
        #expect(book.news(for: nodes[1].id, name: "n0", among: [], nowMs: Self.start + 600_000).count == 1)
    }

    @Test("A record is renewed when it is no longer true or half over, always with a greater number")
    func renewal() throws {
        let node = Self.instances(1)[0]
        var book = Self.book(node)
        let first = try #require(book.own)
        let links = Self.instances(2).map(\.id)
        book.renew(endpoints: first.endpoints, links: links, nowMs: Self.start + 1_000, sign: node.identity.sign)
        #expect(book.own == first, "links alone wait for the exchange interval")
        book.renew(endpoints: first.endpoints, links: links, nowMs: Self.start + 60_000, sign: node.identity.sign)
        let second = try #require(book.own)
        #expect(second.recordSeq > first.recordSeq)
        #expect(second.links == links.sorted())
        // The clock was set back: the number grows all the same.
        book.renew(
            endpoints: ["http://other.example/sync/v1"],
            links: links,
            nowMs: Self.start - 99_000,
            sign: node.identity.sign
        )
        let third = try #require(book.own)
        #expect(third.recordSeq > second.recordSeq)
        #expect(third.isSigned(by: node.identityKey, Self.crypto))
        book.renew(endpoints: [], links: [], nowMs: Self.start, sign: node.identity.sign)
        #expect(book.own == nil, "who can only dial out has none")
    }

    @Test("Hops are counted down, above two counts as two, and none are left after the last")
    func hops() {
        let nodes = Self.instances(3)
        var book = Self.book(nodes[0])
        func learn(_ entry: GossipEntry, _ book: inout PeerBook) -> PeerBook.Lesson {
            book.learn(
                entry,
                from: nodes[1].id,
                identityKey: nodes[2].identityKey,
                nowMs: Self.start,
                Self.crypto
            )
        }
        #expect(learn(Self.entry(about: nodes[2], ttl: 200), &book) == .taken(ttl: 1))
        #expect(learn(Self.entry(about: nodes[2], ttl: 1, seq: 8), &book) == .taken(ttl: 0))
        #expect(learn(Self.entry(about: nodes[2], ttl: 0, seq: 9), &book) == .refused("its hops are used up"))
        let subject = PeerBook.Subject(instance: nodes[2].id, name: "n2", ttl: 0)
        let news = book.news(for: nodes[1].id, name: "n0", among: [subject], nowMs: Self.start)
        #expect(news.map(\.record.instance) == [nodes[0].id])
    }

    @Test("Nobody is told of itself, nor of what it can't use: expired records, or peers that were given up")
    func left() {
        let nodes = Self.instances(3)
        var book = Self.book(nodes[0])
        let entry = Self.entry(about: nodes[2])
        _ = book.learn(entry, from: nodes[1].id, identityKey: nodes[2].identityKey, nowMs: Self.start, Self.crypto)
        let subjects = [PeerBook.Subject(instance: nodes[2].id, name: "n2", ttl: 2)]
        func told(_ recipient: Int, _ nowMs: Int64) -> [InstanceID] {
            book.news(for: nodes[recipient].id, name: "n0", among: subjects, nowMs: nowMs).map(\.record.instance)
        }
        #expect(told(1, Self.start) == [nodes[0].id, nodes[2].id])
        #expect(told(2, Self.start) == [nodes[0].id])
        #expect(told(1, Self.start + 3_600_000) == [nodes[0].id])
        book.drop(nodes[2].id)
        #expect(told(1, Self.start) == [nodes[0].id])
    }

    @Test("Forged, expired, far-reaching and old records are refused with a sentence")
    func refusals() {
        let nodes = Self.instances(3)
        var book = Self.book(nodes[0])
        func learn(_ entry: GossipEntry) -> PeerBook.Lesson {
            book.learn(
                entry,
                from: nodes[1].id,
                identityKey: nodes[2].identityKey,
                nowMs: Self.start,
                Self.crypto
            )
        }
        var forged = Self.entry(about: nodes[2])
        forged.record.endpoints = ["http://elsewhere.example/sync/v1"]
        #expect(learn(forged) == .refused("its record is not signed by its identity key"))
        #expect(learn(Self.entry(about: nodes[2], expiresMs: Self.start)) == .refused("its record has expired"))
        let eightDays = Self.start + 8 * 24 * 3_600_000
        #expect(
            learn(Self.entry(about: nodes[2], expiresMs: eightDays))
                == .refused("its record stands longer than seven days")
        )
        #expect(book.record(of: nodes[2].id) == nil)
        #expect(learn(Self.entry(about: nodes[2], seq: 7)) == .taken(ttl: 1))
        #expect(learn(Self.entry(about: nodes[2], seq: 6)) == .known)
        #expect(book.record(of: nodes[2].id)?.recordSeq == 7)
    }

    @Test("A peer that was given up returns with a newer record, or by its own voice, and not by an old rumour")
    func returns() {
        let nodes = Self.instances(3)
        var book = Self.book(nodes[0])
        func learn(_ seq: Int64, from teller: Int) -> PeerBook.Lesson {
            book.learn(
                Self.entry(about: nodes[2], seq: seq),
                from: nodes[teller].id,
                identityKey: nodes[2].identityKey,
                nowMs: Self.start,
                Self.crypto
            )
        }
        #expect(learn(7, from: 1) == .taken(ttl: 1))
        book.drop(nodes[2].id)
        #expect(learn(7, from: 1) == .refused("it was given up, and nothing newer is said"))
        #expect(learn(8, from: 1) == .taken(ttl: 1))
        book.drop(nodes[2].id)
        #expect(learn(8, from: 2) == .taken(ttl: 0))
    }

    @Test("Switched off, nothing is told")
    func off() {
        let nodes = Self.instances(2)
        let book = Self.book(nodes[0]) { $0.isEnabled = false }
        #expect(book.news(for: nodes[1].id, name: "n0", among: [], nowMs: Self.start).isEmpty)
    }
}
