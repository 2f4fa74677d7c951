public import HiveModel
public import HiveSync

/// The reply to a push: what is durable now, and what is wanted.
public struct PushReply: WireMessage, Hashable {
    /// The `sender_seq` this answers.
    public var receivedSeq: Int64
    /// Its durable heads, by instance id.
    public var heads: [LogHead]
    /// Logs of which earlier events are wanted first: where they are held up to.
    public var need: [AdmissionOutcome.Gap]
    /// Instances it wants introduced.
    public var unknown: [InstanceID]
    /// Milliseconds since 1970 from which events it holds back can be admitted.
    public var heldUntilMs: Int64?
    /// Its wall clock, milliseconds since 1970.
    public var serverTimeMs: Int64
    /// Events it takes within the next second.
    public var credits: Int64
    /// Log ends it refused, and why.
    public var rejected: [AdmissionOutcome.Rejection]
    /// What cut off some of what was sent: to be taken by the sender.
    public var evidence: WireEvidence

    public init(
        receivedSeq: Int64,
        heads: [LogHead],
        need: [AdmissionOutcome.Gap] = [],
        unknown: [InstanceID] = [],
        heldUntilMs: Int64? = nil,
        serverTimeMs: Int64,
        credits: Int64,
        rejected: [AdmissionOutcome.Rejection] = [],
        evidence: WireEvidence = WireEvidence()
    ) {
        self.receivedSeq = receivedSeq
        self.heads = heads
        self.need = need
        self.unknown = unknown
        self.heldUntilMs = heldUntilMs
        self.serverTimeMs = serverTimeMs
        self.credits = credits
        self.rejected = rejected
        self.evidence = evidence
    }

    public init(_ fields: WireFields) throws(WireError) {
        receivedSeq = try fields.int("received_seq")
        heads = try fields.heads("heads")
        need = try fields.gaps("need")
        unknown = []
        for (index, value) in try fields.array("unknown", countMax: WireLimits.headsMax).enumerated() {
            guard let id = value.string.flatMap({ InstanceID($0) }) else {
                throw fields.fault("unknown[\(index)]", "an instance id")
            }
            unknown.append(id)
        }
        heldUntilMs = try fields.optionalInt("held_until")
        serverTimeMs = try fields.int("server_time")
        credits = try fields.int("credits")
        rejected = []
        for (index, value) in try fields.array("rejected", countMax: WireLimits.headsMax).enumerated() {
            let entry = try WireFields(value, at: "rejected[\(index)]")
            let place = Place(
                epoch: try entry.int("epoch", in: 1...Limits.epochMax),
                seq: try entry.int("seq", in: 1...Limits.seqMax)
            )
            let reason = try entry.string("reason", bytesMax: WireLimits.sentenceBytesMax)
            rejected.append(.init(origin: try entry.instance("instance_id"), place: place, reason: reason))
        }
        evidence = try WireEvidence(fields)
    }

    public var json: JSONValue {
        .members(
            evidence.members + [
                ("received_seq", .int(receivedSeq)), ("heads", WireHeads.json(heads)),
                (
                    "need",
                    .object(
                        unsorted: need.map {
                            JSONMember($0.origin.rawValue, $0.held.map { WireHeads.json($0) } ?? .null)
                        }
                    )
                ),
                ("unknown", .array(unknown.map { .string($0.rawValue) })), ("held_until", .number(heldUntilMs)),
                ("server_time", .int(serverTimeMs)), ("credits", .int(credits)),
                ("rejected", rejected.isEmpty ? nil : .array(rejected.map(Self.json))),
            ]
        )
    }

    private static func json(_ rejection: AdmissionOutcome.Rejection) -> JSONValue {
        .members([
            ("instance_id", .string(rejection.origin.rawValue)), ("epoch", .int(rejection.place.epoch)),
            ("seq", .int(rejection.place.seq)), ("reason", .string(rejection.reason)),
        ])
    }
}

extension PushReply {
    /// The reply that tells what became of a batch.
    public init(_ outcome: AdmissionOutcome, receivedSeq: Int64, serverTimeMs: Int64, credits: Int64) {
        self.init(
            receivedSeq: receivedSeq,
            heads: outcome.heads,
            need: outcome.need,
            unknown: outcome.unknown,
            heldUntilMs: outcome.heldUntilMs,
            serverTimeMs: serverTimeMs,
            credits: credits,
            rejected: outcome.rejected,
            evidence: WireEvidence(outcome.evidence, bytesMax: WireLimits.replyEvidenceBytesMax)
        )
    }

    /// What the sender's `Replicator` is told of it.
    /// - Parameter sent: how far the events that were sent reach.
    public func answer(sentEvents: Int, sent: [LogHead] = []) -> PushAnswer {
        PushAnswer(
            heads: heads,
            unknown: unknown,
            heldUntilMs: heldUntilMs,
            credits: credits,
            sentEvents: sentEvents,
            sent: sent
        )
    }
}
