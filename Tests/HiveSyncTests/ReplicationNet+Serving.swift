import HiveModel
import HiveSync
import HiveTestKit
import HiveWire

/// The side that is called.
extension ReplicationNet {
    mutating func serve(_ call: Call) throws {
        guard nodes[call.to].isUp else {
            return at(now.ms + 1, .reply(call, .failure(PeerFailure(kind: .unreachable, message: "refused"))))
        }
        let caller = nodes[call.from].instance
        if case .handshake(let token) = call.request { return greet(call, token) }
        guard let token = call.token, nodes[call.to].accepted[call.from] == token else {
            return reply(call, .failure(PeerFailure(kind: .unauthorized, message: "unknown token")))
        }
        switch call.request {
        case .handshake: break
        case .push(let body, _, _):
            let request = try PushRequest(parsing: body)
            let events = try WireEvents.parse(body, at: request.events, group: group, StandInCrypto())
            if let heads = request.heads { tell(call.to, .headsReported(caller, group, heads)) }
            let evidence = try request.evidence.read(group: group, StandInCrypto())
            let outcome = try nodes[call.to].admit(events, evidence, wallMs: wallMs)
            committed(call.to)
            let seq = Int64(nodes[call.to].eventCount)
            let answer = PushReply(outcome, receivedSeq: seq, serverTimeMs: wallMs, credits: 50_000)
            reply(call, .push(body: answer.body))
        case .pull(let body):
            let request = try PullRequest(parsing: body)
            tell(call.to, .pullStarted(caller, group, heads: request.heads))
            if request.waitSeconds > 0, request.heads.covers(nodes[call.to].heads.heads) {
                polls.append((call, request))
                return at(now.ms + request.waitSeconds * 1_000, .pollEnds(call: call.id))
            }
            stream(call, request)
        case .heartbeat(let body):
            let heartbeat = try Heartbeat(parsing: body)
            tell(call.to, .heartbeatReceived(caller, heartbeat.summary))
            let reaches = nodes[call.to].replicator.reaches(caller)
            reply(call, .heartbeat(body: self.heartbeat(of: call.to, reachesYou: reaches).body))
        }
    }

    private mutating func greet(_ call: Call, _ tokenForResponder: Int) {
        lastToken += 1
        nodes[call.to].accepted[call.from] = lastToken
        nodes[call.to].tokens[call.from] = tokenForResponder
        let reaches = canDial(call.from, from: call.to)
        reply(call, .handshake(token: lastToken, heads: nodes[call.to].heads.heads, reachesYou: reaches))
        configure(call.from, at: call.to)
    }

    mutating func stream(_ call: Call, _ request: PullRequest) {
        let node = nodes[call.to]
        let batch = node.lines(above: request.heads, maxEvents: Self.pullEvents)
        var stream = WireEvidence(node.evidence(above: request.heads)).lines + batch.lines
        if batch.count > 1, random.chance(faults.cutPercent, of: 100) {
            stream.removeLast(1 + random.below(stream.count - 1))
            tell(call.to, .pullServed(nodes[call.from].instance, group, sent: request.heads, hasMore: true))
        } else {
            stream += PullEnd(heads: node.heads.heads, hasMore: batch.hasMore, serverTimeMs: wallMs).line
            let caller = nodes[call.from].instance
            tell(call.to, .pullServed(caller, group, sent: batch.reached, hasMore: batch.hasMore))
        }
        reply(call, .pull(stream: stream))
    }
}

/// The side that called.
extension ReplicationNet {
    mutating func finish(_ call: Call, _ reply: Reply) throws {
        guard answered.insert(call.id).inserted else { return }
        guard nodes[call.from].isUp, nodes[call.from].life == call.life else { return }
        let peer = Self.peer(call.to)
        switch (call.request, reply) {
        case (.handshake, .handshake(let token, let heads, let reachesYou)):
            nodes[call.from].tokens[call.to] = token
            let instance = nodes[call.to].instance
            tell(call.from, .handshakeSucceeded(peer, group, peer: instance, heads: heads, reachesUs: reachesYou))
        case (.push(_, let count, let reached), .push(let body)):
            let reply = try PushReply(parsing: body)
            try take(try reply.evidence.read(group: group, StandInCrypto()), at: call.from)
            let answer = reply.answer(sentEvents: count, sent: reached)
            tell(call.from, .pushAnswered(peer, group, answer))
        case (.pull, .pull(let stream)): try receive(stream, call)
        case (.heartbeat, .heartbeat(let body)):
            let summary = try Heartbeat(parsing: body).summary
            tell(call.from, .heartbeatAnswered(peer, summary, rttMs: now.ms - call.sentMs))
        case (.handshake, .failure(let failure)): tell(call.from, .handshakeFailed(peer, group, failure))
        case (.push, .failure(let failure)): tell(call.from, .pushFailed(peer, group, failure))
        case (.pull, .failure(let failure)): tell(call.from, .pullFailed(peer, group, failure))
        case (.heartbeat, .failure(let failure)): tell(call.from, .heartbeatFailed(peer, failure))
        case (.handshake, _), (.push, _), (.pull, _), (.heartbeat, _): preconditionFailure("A reply to another call.")
        }
    }

    /// Admits what came beside events.
    mutating func take(_ evidence: LogEvidence, at node: Int) throws {
        guard !evidence.isEmpty else { return }
        _ = try nodes[node].admit([], evidence, wallMs: wallMs)
        committed(node)
    }

    /// Admits what came of a stream, then tells how it ended.
    private mutating func receive(_ stream: [UInt8], _ call: Call) throws {
        var splitter = LineSplitter()
        splitter.append(stream)
        var parser = EventParser(groupID: group)
        var events: [Event] = []
        var evidence = LogEvidence()
        var end: PullEnd?
        while let line = try splitter.next() {
            switch try PullLine(line) {
            case .event(let bytes): events.append(try parser.parse(bytes, hashing: StandInCrypto()))
            case .proof(let bytes):
                evidence.proofs.append(try WireEvidence.proof(bytes, "proof", group: group, StandInCrypto()))
            case .transfer(let bytes): evidence.transfers.append(try WireEvidence.transfer(bytes, "transfer"))
            case .end(let last): end = last
            }
        }
        try take(evidence, at: call.from)
        if !events.isEmpty {
            tell(call.from, .headsReported(nodes[call.to].instance, group, ReplicationNode.reach(of: events)))
            _ = try nodes[call.from].admit(events, wallMs: wallMs)
            committed(call.from)
        }
        let peer = Self.peer(call.to)
        guard let end else {
            let failure = PeerFailure(kind: .unreachable, message: "the stream broke off")
            return tell(call.from, .pullFailed(peer, group, failure))
        }
        let answer = PullAnswer(heads: end.heads, receivedEvents: events.count, hasMore: end.hasMore)
        tell(call.from, .pullAnswered(peer, group, answer))
    }
}
