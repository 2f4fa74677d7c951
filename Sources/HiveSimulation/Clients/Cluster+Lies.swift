import HiveModel
import HiveSync
import HiveWire

/// What a member with valid keys can try.
extension Cluster {
    func tell(_ lie: Lie, by node: Int, _ seed: UInt64) throws {
        guard nodes[node].isUp else { return }
        var random = SimulationRandom(seed: seed)
        switch lie {
        case .equivocate: try equivocate(node, &random)
        case .replay: try replay(node, &random)
        case .forgeLog: try forgeLog(node, &random)
        case .gap: try skipPlace(node, &random)
        case .inflateHeads: try inflateHeads(node, &random)
        case .hugePayload: hugePayload(node, &random)
        case .forgeAuthor, .backDate, .absurd, .reuseID:
            for write in absurdities(lie, node, &random) {
                enqueue(WriterJob(work: .write(write), origin: .node), at: node)
            }
        }
    }

    // MARK: Past the own engine

    /// Another event at a place of the own log, told to some peers only.
    private func equivocate(_ node: Int, _ random: inout SimulationRandom) throws {
        guard let (event, key) = try ownEvent(node, &random), event.header.place.seq > 1 else { return }
        var header = event.header
        header.type = .agentProfileChanged
        header.refs = EventRefs()
        let agent = nodes[node].agent(0).key.agent
        let profile = AgentProfileChanged(agent: agent, name: "two-faced \(random.below(1_000))", avatarURL: nil)
        guard let payload = EventPayload.agentProfileChanged(profile).canonicalPayload else { return }
        let other = Event(header: header, payload: payload, signer: key, hashing: crypto)
        ledger.note(other, by: node, isLie: true)
        for peer in nodes[node].peers where random.chance(1, of: 2) { send([other], from: node, to: peer) }
    }

    private func replay(_ node: Int, _ random: inout SimulationRandom) throws {
        var events: [Event] = []
        let number = Int64(random.below(max(1, nodes[node].eventCount)))
        let limit = 1 + random.below(30)
        try nodes[node].store.read { state in
            events = try state.events(of: nil, after: number, limit: limit).map(\.event)
        }
        random.shuffle(&events)
        for peer in nodes[node].peers { send(events, from: node, to: peer) }
    }

    /// An event in another instance's log, signed with a key of one's own.
    private func forgeLog(_ node: Int, _ random: inout SimulationRandom) throws {
        guard let victim = random.pick(nodes.indices.filter { $0 != node }), let key = nodes[node].keys.last else {
            return
        }
        let head = try nodes[node].store.read { state in try state.head(of: self.nodes[victim].instance) }
        guard let head,
            let write = LocalWrite(
                .agentProfileChanged(
                    AgentProfileChanged(agent: nodes[victim].agent(0).key.agent, name: "forged", avatarURL: nil)
                )
            )
        else { return }
        let author = EventAuthor(instance: nodes[victim].instance, signer: key, crypto: crypto)
        let time = HybridTime(ms: nodes[node].clock.wallMs(atMs: now.ms), counter: 9)
        let forged = author.event(write, group: group, after: head, time: time)
        for peer in nodes[node].peers { send([forged], from: node, to: peer) }
    }

    /// An event two places beyond the end of the own log.
    private func skipPlace(_ node: Int, _ random: inout SimulationRandom) throws {
        guard let (event, key) = try ownEvent(node, &random) else { return }
        var header = event.header
        header.place.seq += 1_000
        header.prev = event.hash
        let other = Event(header: header, payload: event.payload, signer: key, hashing: crypto)
        for peer in nodes[node].peers { send([other], from: node, to: peer) }
    }

    private func inflateHeads(_ node: Int, _ random: inout SimulationRandom) throws {
        var heads = nodes[node].heads.heads
        for index in heads.indices {
            heads[index].place.seq += Int64(random.below(1_000_000))
            heads[index].hash.word0 ^= random.next()
        }
        let body = PushRequest.body(lines: [], senderSeq: 1 << 50, heads: heads)
        for peer in nodes[node].peers { send(.unasked(body: body), from: node, to: peer) }
    }

    private func hugePayload(_ node: Int, _ random: inout SimulationRandom) {
        let size = random.pick(weighted: [(150_000, 2), (Limits.payloadBytesMax - 100, 1), (Limits.payloadBytesMax, 1)])
        let text = #"{"x":""# + String(repeating: "x", count: size) + #""}"#
        let work = WriterWork.write(LocalWrite(type: EventType("huge"), payload: Array(text.utf8)))
        enqueue(WriterJob(work: work, origin: .node), at: node)
    }

    private func ownEvent(_ node: Int, _ random: inout SimulationRandom) throws -> (Event, Crypto.Key)? {
        let machine = nodes[node]
        return try machine.store.read { state in
            guard let head = try state.head(of: machine.instance) else { return nil }
            let seq = max(1, head.place.seq - Int64(random.below(5)))
            let place = Place(epoch: head.place.epoch, seq: seq)
            guard let event = try state.event(origin: machine.instance, place: place) else { return nil }
            let held = try state.logKey(origin: machine.instance, epoch: place.epoch)
            guard let key = machine.keys.last(where: { $0.publicKey == held }) else { return nil }
            return (event, key)
        }
    }

    /// Pushes events past the engine.
    func send(_ events: [Event], from node: Int, to peer: Int) {
        var lines: [UInt8] = []
        for event in events {
            event.writeWire(into: &lines)
            lines.append(0x0A)
        }
        let body = PushRequest.body(lines: lines, senderSeq: 1, heads: nodes[node].heads.heads)
        send(.unasked(body: body), from: node, to: peer)
    }

    // MARK: Through the own engine: well-formed and absurd

    private func absurdities(_ lie: Lie, _ node: Int, _ random: inout SimulationRandom) -> [LocalWrite] {
        let other = nodes[random.below(nodes.count)]
        let own = nodes[node].agent(0)
        switch lie {
        case .forgeAuthor:
            lastContent += 1
            let payloads: [EventPayload] = [
                .postCreated(
                    PostCreated(
                        post: nodes[node].entity("forged-\(lastContent)"),
                        title: "forged",
                        content: nil,
                        url: nil,
                        author: other.agent(1)
                    )
                ),
                .postCreated(
                    PostCreated(
                        post: other.entity("forged-\(lastContent)"),
                        title: "forged",
                        content: nil,
                        url: nil,
                        author: own
                    )
                ),
            ]
            return payloads.compactMap { LocalWrite($0) }
                + [random.pick(ledger.posts)].compactMap { post in
                    guard let post else { return nil }
                    let target = ContentTarget(kind: .post, id: post.id)
                    return LocalWrite(.voteCast(VoteCast(target: target, voter: other.agent(1).key, value: 1)))
                }
        case .backDate:
            guard let post = random.pick(ledger.posts) else { return [] }
            let update = PostUpdated(post: post.id, title: .set("back-dated"), by: own)
            return [LocalWrite(.postUpdated(update), at: HybridTime(ms: 1_000, counter: 0))].compactMap { $0 }
        case .reuseID:
            guard let post = ledger.posts.last(where: { $0.node == node }) else { return [] }
            let again = PostCreated(post: post.id, title: "again", content: nil, url: nil, author: own)
            return [LocalWrite(.postCreated(again))].compactMap { $0 }
        default: return absurdPayloads(node, &random)
        }
    }

    private func absurdPayloads(_ node: Int, _ random: inout SimulationRandom) -> [LocalWrite] {
        let own = nodes[node].agent(0)
        let (one, two) = (nodes[node].entity("knot-\(lastContent + 1)"), nodes[node].entity("knot-\(lastContent + 2)"))
        lastContent += 2
        let post = random.pick(ledger.posts)?.id ?? one
        func knot(_ id: EntityID, _ parent: EntityID) -> EventPayload {
            .commentCreated(CommentCreated(comment: id, post: post, parent: parent, content: "knot", author: own))
        }
        var writes = [knot(one, two), knot(two, one), knot(one, one)].compactMap { LocalWrite($0) }
        let seven = VoteCast(target: ContentTarget(kind: .post, id: post), voter: own.key, value: 7)
        if let vote = LocalWrite(.voteCast(seven)) { writes.append(vote) }
        let future = PostCreated(
            post: nodes[node].entity("future-\(lastContent)"),
            title: String(repeating: "t", count: random.below(2_000)),
            content: nil,
            url: nil,
            author: own,
            createdAtMs: 1 << 52
        )
        if let write = LocalWrite(.postCreated(future)) { writes.append(write) }
        writes.append(LocalWrite(type: .postCreated, payload: Array("{}".utf8)))
        writes.append(LocalWrite(type: .instanceAdded, payload: Array(#"{"role":"emperor"}"#.utf8)))
        return writes
    }
}
