import HiveModel
import HiveSync
import HiveWire

/// The side that is called.
extension Cluster {
    private static var pullEvents: Int { 200 }
    private static var credits: Int64 { 50_000 }

    func serve(_ call: NetworkCall) throws {
        let machine = nodes[call.to]
        guard machine.isUp else { return answer(call, .failure(.refusedConnection)) }
        if machine.busyUntilMs > now.ms, case .handshake = call.request {
        } else if machine.busyUntilMs > now.ms {
            coverage.note(.busyReply)
            let failure = PeerFailure(kind: .busy(retryAfterMs: 1_000 + Int64(call.id % 7) * 1_000), message: "busy")
            return answer(call, .failure(failure))
        }
        let caller = nodes[call.from].instance
        if case .handshake(let token) = call.request { return try greet(call, token) }
        guard let token = call.token, machine.accepted[call.from] == token else {
            coverage.note(.staleToken)
            return answer(call, .failure(.badToken))
        }
        guard try machine.isMember(caller) else {
            coverage.note(.notMember)
            return answer(call, .failure(.notMember))
        }
        switch call.request {
        case .handshake: break
        case .push(let body, _, _), .unasked(let body): take(push: body, call)
        case .pull(let body):
            guard let request = try? PullRequest(parsing: body) else { return answer(call, .failure(.badRequest)) }
            heard(request.heads, from: call.from, at: call.to)
            tell(call.to, .pullStarted(caller, group, heads: request.heads))
            if request.waitSeconds > 0, request.heads.covers(machine.heads.heads) {
                machine.polls.append(WaitingPull(call: call, heads: request.heads))
                return after(request.waitSeconds * 1_000, .pollEnds(node: call.to, call: call.id))
            }
            try stream(call, above: request.heads)
        case .heartbeat(let body):
            guard let heartbeat = try? Heartbeat(parsing: body) else { return answer(call, .failure(.badRequest)) }
            tell(call.to, .heartbeatReceived(caller, heartbeat.summary))
            try offerLost(to: call.from, by: call.to)
            answer(call, .heartbeat(body: self.heartbeat(of: call.to, to: caller).body))
        }
    }

    private func greet(_ call: NetworkCall, _ token: UInt64) throws {
        let machine = nodes[call.to]
        guard try machine.isMember(nodes[call.from].instance) else {
            coverage.note(.notMember)
            return answer(call, .failure(.notMember))
        }
        lastToken += 1
        machine.accepted[call.from] = lastToken
        machine.tokens[call.from] = token
        var events: [JSONValue] = []
        for introduction in try machine.introductions() {
            events.append(try lines.json(introduction.addition))
            events.append(try lines.json(introduction.opening))
        }
        let grant = HandshakeGrant(
            groupID: group,
            groupName: "sync:engineering",
            signingKey: machine.identity.publicKey,
            currentSeq: Int64(machine.eventCount),
            sealedToken: [1],
            heads: machine.heads.heads,
            role: .member,
            fromEpoch: 1,
            reachesYou: plan.dials[call.to].contains(call.from),
            introductions: events,
            signature: Array(repeating: 0, count: 64)
        )
        answer(call, .handshake(grant: grant.body, token: lastToken))
        configure(call.from, at: call.to)
    }

    /// A batch, admitted whole or refused whole where it is malformed.
    private func take(push body: [UInt8], _ call: NetworkCall) {
        let caller = nodes[call.from].instance
        do {
            let request = try PushRequest(parsing: body)
            let events = try request.events.map { try lines.event(body, $0) }
            tell(call.to, .headsReported(caller, group, request.heads ?? events.furthestOfEachLog))
            let evidence = try request.evidence.read(group: group, crypto)
            if !evidence.isEmpty { enqueue(WriterJob(work: .take(evidence), origin: .node), at: call.to) }
            var heads = request.heads
            if case .unasked = call.request { heads = nil }
            let origin = WriterJob.Origin.push(call, senderSeq: request.senderSeq, heads: heads)
            enqueue(WriterJob(work: .admit(events), origin: origin), at: call.to)
        } catch {
            answer(call, .failure(.badRequest))
        }
    }

    /// A push is committed, or could not be.
    /// - Parameter heads: the sender's, as it told with the push; nil where it told none.
    func pushEnded(_ call: NetworkCall, senderSeq: Int64, heads: [LogHead]?, _ outcome: AdmissionOutcome?) {
        guard var outcome else { return answer(call, .failure(.faulty)) }
        let machine = nodes[call.to]
        if let heads { heard(heads, from: call.from, at: call.to) }
        outcome.heads = machine.reported(outcome.heads, to: nodes[call.from].instance, group)
        if outcome.inserted == 0 { coverage.note(.pushWithoutEffect) }
        let reply = PushReply(
            outcome,
            receivedSeq: senderSeq,
            serverTimeMs: machine.clock.wallMs(atMs: now.ms),
            credits: Self.credits
        )
        answer(call, .push(body: reply.body))
    }

    /// What a peer wrote and no log has any more goes back to it.
    func offerLost(to other: Int, by node: Int) throws {
        let instance = nodes[other].instance
        let lost = try nodes[node].store.read { try $0.lostEvents(of: instance) }
        guard !lost.isEmpty, other != plan.evil else { return }
        coverage.note(.offeredLost)
        send(lost, from: node, to: other)
    }

    // MARK: Streams

    func stream(_ call: NetworkCall, above heads: [LogHead]) throws {
        let machine = nodes[call.to]
        let caller = nodes[call.from].instance
        let batch = try machine.batch(above: heads, for: caller, maxEvents: Self.pullEvents, group)
        coverage.eventsSent += batch.count
        let evidence = try machine.evidence(above: heads, among: nodes.map(\.instance))
        var stream = WireEvidence(evidence).lines
        let instances = nodes.map(\.instance)
        let lost = try machine.store.read { state in
            try state.lostIntroductions(above: heads, by: instances) + state.lostEvents(of: caller)
        }
        for event in lost { stream += event.wireBytes() + [0x0A] }
        stream += batch.lines
        var random = SimulationRandom(seed: seed, 4, UInt64(call.id))
        if options.has(.truncation), !isHealed, stream.count > 1, random.chance(1, of: 4) {
            coverage.note(.truncatedReply)
            stream.removeLast(1 + random.below(stream.count - 1))
            tell(call.to, .pullServed(caller, group, sent: heads, hasMore: true))
        } else {
            let wallMs = machine.clock.wallMs(atMs: now.ms)
            let reported = machine.reported(machine.heads.heads, to: caller, group)
            stream += PullEnd(heads: reported, hasMore: batch.hasMore, serverTimeMs: wallMs).line
            tell(call.to, .pullServed(caller, group, sent: batch.reached, hasMore: batch.hasMore))
        }
        answer(call, .pull(stream: stream))
    }

    func endPoll(_ id: Int, at node: Int) throws {
        guard let index = nodes[node].polls.firstIndex(where: { $0.call.id == id }) else { return }
        let poll = nodes[node].polls.remove(at: index)
        try stream(poll.call, above: poll.heads)
    }

    /// News came: who waits for it is answered.
    func answerPolls(_ node: Int) throws {
        let machine = nodes[node]
        guard !machine.polls.isEmpty else { return }
        let ready = machine.polls.filter { !$0.heads.covers(machine.heads.heads) }
        machine.polls.removeAll { poll in ready.contains { $0.call.id == poll.call.id } }
        for poll in ready { try stream(poll.call, above: poll.heads) }
    }

    func answer(_ call: NetworkCall, _ reply: NetworkReply) {
        if case .unasked = call.request { return }
        switch network.fate(from: call.to, to: call.from, atMs: now.ms).fate {
        case .isLost:
            coverage.note(.lostReply)
            trace.line(now.ms, call.from, "lost", UInt64(call.id), "reply #\(call.id)")
        case .arrives(let delays): after(delays[0], .reply(call, reply))
        }
    }
}
