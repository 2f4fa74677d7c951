import HiveModel
import HiveSync
import HiveWire

/// The side that calls.
extension Cluster {
    /// How long a caller waits for an answer, beyond what it asked the responder to wait.
    private static var patienceMs: Int64 { 10_000 }
    private static var pullBytes: Int64 { 1 << 20 }

    /// The one interpreter of the replicator's effects.
    func carry(_ effect: ReplicatorEffect, of node: Int) {
        let machine = nodes[node]
        switch effect {
        case .handshake(let peer, _):
            coverage.note(.handshake)
            lastToken += 1
            let other = PeerNumber.node(peer)
            machine.accepted[other] = lastToken
            send(.handshake(token: lastToken), from: node, to: other)
        case .push(let peer, _, let above, let maxEvents, let withEvidence, let unknown):
            push(from: node, to: peer, above, maxEvents, withEvidence: withEvidence, introducing: unknown)
        case .pull(let peer, _, let waitMs):
            coverage.note(.pull)
            if waitMs > 0 { coverage.note(.longPoll) }
            let heads = machine.reported(machine.heads.heads, to: nodes[PeerNumber.node(peer)].instance, group)
            if heads.count < machine.heads.heads.count { coverage.note(.ownLogBehind) }
            let request = PullRequest(heads: heads, maxBytes: Self.pullBytes, waitSeconds: waitMs / 1_000)
            send(.pull(body: request.body), from: node, to: PeerNumber.node(peer), waitMs: waitMs)
        case .heartbeat(let peer):
            coverage.note(.heartbeat)
            send(.heartbeat(body: heartbeat(of: node, to: nil).body), from: node, to: PeerNumber.node(peer))
        case .schedule(let timer, let instant):
            machine.arm(timer)
            at(instant.ms, .timer(node: node, life: machine.life, timer))
        case .cancel(let timer): machine.disarm(timer)
        case .report, .converged: break
        case .diverged(let peer, _, _, _): diverged(node, PeerNumber.node(peer))
        }
    }

    private func push(
        from node: Int,
        to peer: PeerID,
        _ above: [LogHead],
        _ maxEvents: Int,
        withEvidence: Bool,
        introducing unknown: [InstanceID]
    ) {
        let machine = nodes[node]
        coverage.note(.push)
        do {
            let other = PeerNumber.node(peer)
            let batch = try machine.batch(above: above, for: nodes[other].instance, maxEvents: maxEvents, group)
            coverage.eventsSent += batch.count
            var evidence = LogEvidence()
            if withEvidence { evidence = try machine.evidence(above: above, among: nodes.map(\.instance)) }
            if !unknown.isEmpty {
                evidence.introductions = try machine.store.read { state in
                    try state.introductions(of: unknown, countMax: WireLimits.introductionsMax / 2)
                }
            }
            if withEvidence { coverage.note(.pushedProof) }
            let body = PushRequest.body(
                lines: batch.lines,
                senderSeq: Int64(machine.eventCount),
                heads: machine.heads.heads,
                evidence: WireEvidence(evidence)
            )
            trace.line(now.ms, node, "push", UInt64(batch.count), "\(batch.count) events for n\(other)")
            send(.push(body: body, count: batch.count, reached: batch.reached), from: node, to: other)
        } catch {
            fail(.noInternalFault, node, "reading for a push: \(error)")
        }
    }

    /// - Parameter caller: whom it answers; nil in a request.
    func heartbeat(of node: Int, to caller: InstanceID?) -> Heartbeat {
        let machine = nodes[node]
        return Heartbeat(
            instance: machine.instance,
            groups: [(hive: "engineering", seq: Int64(machine.eventCount), id: group, heads: machine.heads)],
            serverTimeMs: machine.clock.wallMs(atMs: now.ms),
            incarnation: "life-\(machine.life)",
            reachesYou: caller.map { machine.replicator.reaches($0) } ?? true
        )
    }

    func send(_ request: NetworkCall.Request, from node: Int, to other: Int, waitMs: Int64 = 0) {
        lastCall += 1
        let call = NetworkCall(
            id: lastCall,
            from: node,
            to: other,
            life: nodes[node].life,
            token: nodes[node].tokens[other],
            request: request,
            sentMs: now.ms
        )
        open.insert(call.id)
        after(Self.patienceMs + waitMs, .timeout(call))
        trace.line(now.ms, node, "call", UInt64(other), "\(call.name) #\(call.id) to n\(other)")
        deliver(call)
    }

    private func deliver(_ call: NetworkCall) {
        var (fate, random) = network.fate(from: call.from, to: call.to, atMs: now.ms)
        switch fate {
        case .isLost: trace.line(now.ms, call.to, "lost", UInt64(call.id), "request #\(call.id)")
        case .arrives(let delays):
            if delays.count > 1 { coverage.note(.duplicateRequest) }
            var call = call
            if options.has(.truncation), !isHealed, case .push(let body, let count, let reached) = call.request,
                random.chance(1, of: 8)
            {
                coverage.note(.truncatedReply)
                let cut = Array(body.prefix(random.below(body.count)))
                call.request = .push(body: cut, count: count, reached: reached)
            }
            for delay in delays { after(delay, .request(call)) }
        }
    }

    // MARK: Answers

    func finish(_ call: NetworkCall, _ reply: NetworkReply) throws {
        guard open.remove(call.id) != nil else { return coverage.note(.lateReply) }
        let machine = nodes[call.from]
        guard machine.isUp, machine.life == call.life else { return }
        if case .failure(let failure) = reply { return failed(call, failure) }
        let peer = PeerNumber.id(call.to)
        do {
            switch (call.request, reply) {
            case (.handshake, .handshake(let body, let token)):
                try greeted(call, try HandshakeGrant(parsing: body), token)
            case (.push(_, let count, let reached), .push(let body)):
                let answer = try PushReply(parsing: body)
                if answer.heldUntilMs != nil { coverage.note(.heldEvent) }
                if !answer.need.isEmpty { coverage.note(.gap) }
                let evidence = try answer.evidence.read(group: group, crypto)
                if !evidence.isEmpty { enqueue(WriterJob(work: .take(evidence), origin: .node), at: call.from) }
                heard(answer.heads, from: call.to, at: call.from)
                tell(call.from, .pushAnswered(peer, group, answer.answer(sentEvents: count, sent: reached)))
            case (.pull, .pull(let stream)): try receive(stream, call)
            case (.heartbeat, .heartbeat(let body)):
                let summary = try Heartbeat(parsing: body).summary
                tell(call.from, .heartbeatAnswered(peer, summary, rttMs: now.ms - call.sentMs))
                try offerLost(to: call.to, by: call.from)
            case (.unasked, _): break
            case (.handshake, _), (.push, _), (.pull, _), (.heartbeat, _):
                preconditionFailure("a reply to another call")
            }
        } catch let error as WireError {
            fail(.codecReadsItself, call.from, "\(call.name): \(error)")
        }
    }

    private func failed(_ call: NetworkCall, _ failure: PeerFailure) {
        let peer = PeerNumber.id(call.to)
        trace.line(now.ms, call.from, "failed", UInt64(call.id), "\(call.name) #\(call.id): \(failure.message)")
        switch call.request {
        case .handshake: tell(call.from, .handshakeFailed(peer, group, failure))
        case .push: tell(call.from, .pushFailed(peer, group, failure))
        case .pull: tell(call.from, .pullFailed(peer, group, failure))
        case .heartbeat: tell(call.from, .heartbeatFailed(peer, failure))
        case .unasked: break
        }
    }

    private func greeted(_ call: NetworkCall, _ grant: HandshakeGrant, _ token: UInt64) throws {
        nodes[call.from].tokens[call.to] = token
        var events: [Event] = []
        for value in grant.introductions {
            let bytes = value.canonicalBytes()
            events.append(try lines.event(bytes, bytes.indices))
        }
        let pairs = stride(from: 0, to: events.count - 1, by: 2).map {
            Introduction(addition: events[$0], opening: events[$0 + 1])
        }
        if !pairs.isEmpty { enqueue(WriterJob(work: .introduce(pairs), origin: .node), at: call.from) }
        let (peer, instance) = (PeerNumber.id(call.to), nodes[call.to].instance)
        tell(
            call.from,
            .handshakeSucceeded(peer, group, peer: instance, heads: grant.heads, reachesUs: grant.reachesYou)
        )
        heard(grant.heads, from: call.to, at: call.from)
    }

    /// Reads a stream in parts, each a transaction of its own.
    private func receive(_ stream: [UInt8], _ call: NetworkCall) throws {
        var splitter = LineSplitter()
        splitter.append(stream)
        var events: [Event] = []
        var end = PulledEnd.brokenOff
        var evidence = LogEvidence()
        while let line = try splitter.next() {
            switch try PullLine(line) {
            case .proof(let bytes):
                evidence.proofs.append(try WireEvidence.proof(bytes, "proof", group: group, crypto))
            case .transfer(let bytes): evidence.transfers.append(try WireEvidence.transfer(bytes, "transfer"))
            case .event(let bytes):
                // What can't be read is left out, as the shell does.
                if let event = try? lines.event(bytes, bytes.indices) { events.append(event) }
            case .end(let last):
                end = .whole(heads: last.heads, hasMore: last.hasMore, received: events.count)
            }
        }
        if !evidence.isEmpty { enqueue(WriterJob(work: .take(evidence), origin: .node), at: call.from) }
        if !events.isEmpty {
            tell(call.from, .headsReported(nodes[call.to].instance, group, events.furthestOfEachLog))
        }
        var random = SimulationRandom(seed: seed, 3, UInt64(call.id))
        let part = 1 + random.below(60)
        var start = 0
        repeat {
            let slice = Array(events[start..<min(start + part, events.count)])
            start += part
            let job = WriterJob(work: .admit(slice), origin: .pull(call, end: start >= events.count ? end : nil))
            enqueue(job, at: call.from)
        } while start < events.count
    }

    /// A peer said how far it holds this node's log, among others.
    func heard(_ heads: [LogHead], from other: Int, at node: Int) {
        let machine = nodes[node]
        let head = heads.first { $0.origin == machine.instance }
        do {
            let held = try machine.store.read { state in
                try head.flatMap { try state.heldHash(at: $0) }
            }
            if let head, held != head.hash { coverage.note(.ownLogBehind) }
            tell(node, .ownLogReported(nodes[other].instance, group, head: head, held: held))
        } catch {
            fail(.noInternalFault, node, "\(error)")
        }
    }

    /// The last part of a stream is committed, or could not be.
    func pullEnded(_ call: NetworkCall, _ end: PulledEnd, isStored: Bool) {
        let peer = PeerNumber.id(call.to)
        guard isStored else { return tell(call.from, .pullFailed(peer, group, .local)) }
        switch end {
        case .brokenOff: tell(call.from, .pullFailed(peer, group, .noAnswer))
        case .whole(let heads, let hasMore, let received):
            heard(heads, from: call.to, at: call.from)
            let answer = PullAnswer(heads: heads, receivedEvents: received, hasMore: hasMore)
            tell(call.from, .pullAnswered(peer, group, answer))
        }
    }
}
