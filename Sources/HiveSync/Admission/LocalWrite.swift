public import HiveModel

/// A change this instance wants to make: what becomes the next event of its log.
public struct LocalWrite: Sendable {
    public var type: EventType
    /// In RFC 8785 form.
    public var payload: [UInt8]
    public var refs: EventRefs
    /// Only where an earlier event is repeated: its clock.
    public var at: HybridTime?

    public init(type: EventType, payload: [UInt8], refs: EventRefs = EventRefs(), at: HybridTime? = nil) {
        self.type = type
        self.payload = payload
        self.refs = refs
        self.at = at
    }

    /// Nil for a payload that says nothing (`unknown`, `void`).
    public init?(_ payload: EventPayload, refs: EventRefs = EventRefs(), at: HybridTime? = nil) {
        guard let type = payload.type, let bytes = payload.canonicalPayload else { return nil }
        self.init(type: type, payload: bytes, refs: refs, at: at)
    }
}

/// A local write as stored.
public struct WrittenEvent: Sendable {
    public var event: Event
    public var arrival: RowNumber
    public var verdict: FoldVerdict
}

/// Why a local write can't become an event; nothing was changed.
public struct LocalWriteError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// This instance has no log in the group yet.
        case noLog
        /// The payload is longer than `Limits.payloadBytesMax`.
        case tooLarge
        /// The log is signed with another key than the author's.
        case wrongKey
        /// A fork proof cuts the log here: `recover` opens a new epoch.
        case cut
        /// The place at which an epoch should be closed is not in the standing log.
        case noSuchPlace
    }

    public var code: Code
    public var description: String
}

extension Admission {
    /// Puts a local change at the end of this instance's log and folds it: the path of remote events, without checking
    /// the signature just made.
    /// - Parameter wallMs: this machine's wall clock in milliseconds since 1970.
    @discardableResult
    public mutating func write(
        _ write: LocalWrite,
        by author: EventAuthor<some Signer, some Hashing>,
        wallMs: Int64,
        into state: inout State
    ) throws -> WrittenEvent {
        guard write.payload.count <= Limits.payloadBytesMax else {
            throw LocalWriteError(
                code: .tooLarge,
                description: "The change takes \(write.payload.count) bytes, more than \(Limits.payloadBytesMax)."
            )
        }
        guard let tip = try tip(of: author.instance, in: state) else {
            throw LocalWriteError(code: .noLog, description: "This instance has no log in \(group.rawValue) yet.")
        }
        let next = Place(epoch: tip.place.epoch, seq: tip.place.seq + 1)
        if let end = try terms(of: author.instance, in: state).end, next >= end {
            throw LocalWriteError(code: .cut, description: "The log of this instance is cut at \(end.seq) by a fork.")
        }
        try checkKey(of: author, epoch: tip.place.epoch, in: state)
        var clock = try loadClock(state)
        let time = clock.next(wallMs: wallMs)
        self.clock = clock
        let event = author.event(write, group: group, after: tip.head(of: author.instance), time: time)
        let (arrival, verdict) = try record(event, isVerified: true, into: &state)
        try advance(to: event, in: state)
        if !seenTransfers.isEmpty {
            var outcome = AdmissionOutcome()
            try settleCuts(&state, &outcome)
        }
        // Whoever writes locally reads back within the transaction.
        try fold.settle(&state)
        return WrittenEvent(event: event, arrival: arrival, verdict: verdict)
    }

    /// Opens this instance's next epoch, the first where it has none: closes at the present heads.
    /// - Parameter lowest: the epoch the instance was admitted from (`from_epoch`).
    @discardableResult
    public mutating func open(
        by author: EventAuthor<some Signer, some Hashing>,
        identity: some Signer,
        lowest: Int64 = 1,
        reason: String,
        wallMs: Int64,
        into state: inout State
    ) throws -> WrittenEvent {
        let tip = try tip(of: author.instance, in: state)
        return try open(
            by: author,
            identity: identity,
            lowest: lowest,
            closing: try tip.map { try closed(of: author.instance, at: $0.fence, in: state) } ?? [],
            reason: reason,
            wallMs: wallMs,
            into: &state
        )
    }

    /// Refuses to sign with a key the log is not certified for: nobody else would take the event.
    ///
    /// Once per transaction.
    private mutating func checkKey(
        of author: EventAuthor<some Signer, some Hashing>,
        epoch: Int64,
        in state: State
    ) throws {
        guard openedEpochs[author.instance] != epoch else { return }
        guard try state.logKey(origin: author.instance, epoch: epoch) == author.signer.publicKey else {
            throw LocalWriteError(
                code: .wrongKey,
                description: "The log of epoch \(epoch) is not signed with the key given."
            )
        }
        openedEpochs[author.instance] = epoch
    }
}
