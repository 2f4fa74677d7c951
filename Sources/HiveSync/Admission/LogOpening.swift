import HiveModel

/// The first event of a log: its key, the certificate over it, and what it closes.
struct LogOpening {
    var groupID: GroupID?
    var origin: InstanceID
    var epoch: Int64
    var closed: [ClosedEpoch]
    var log: LogKey

    enum Closing: Hashable {
        /// Exactly what it closes is held.
        case matches
        /// Less is held than it closes.
        case needsMore
        /// Another event is held where an epoch ends.
        case otherChain(ClosedEpoch)
        /// More is held than it leaves standing.
        case cuts
    }

    init(groupID: GroupID?, origin: InstanceID, epoch: Int64, closed: [ClosedEpoch], log: LogKey) {
        self.groupID = groupID
        self.origin = origin
        self.epoch = epoch
        self.closed = closed
        self.log = log
    }

    /// Nil unless the event begins a log and says what it must.
    init?(_ event: Event) {
        let header = event.header
        guard header.place.seq == 1 else { return nil }
        switch EventPayload(of: event) {
        case .groupCreated(let genesis) where header.isGenesis:
            self.init(groupID: nil, origin: header.origin, epoch: 1, closed: [], log: genesis.log)
        case .epochOpened(let opened):
            self.init(
                groupID: header.groupID,
                origin: header.origin,
                epoch: header.place.epoch,
                closed: opened.closed,
                log: opened.log
            )
        default: return nil
        }
    }

    func isCertified(by identityKey: PublicKey, _ crypto: some CryptoSuite) -> Bool {
        let message = LogKey.certificateMessage(
            groupID: groupID,
            instance: origin,
            epoch: epoch,
            signingKey: log.signingKey,
            closed: closed,
            hashing: crypto
        )
        return crypto.isValid(signature: log.certificate, message: message, key: identityKey)
    }

    /// Compares what is closed with what is held.
    ///
    /// Each opening names all lower epochs, so the newest held opening says which ones there are.
    func closing(after tip: LogTip?, in state: some FoldState & LogState) throws -> Closing {
        for end in closed {
            guard let held = try state.eventHash(origin: origin, place: end.last) else { return .needsMore }
            guard held == end.hash else { return .otherChain(end) }
            let next = Place(epoch: end.last.epoch, seq: end.last.seq + 1)
            guard try state.eventHash(origin: origin, place: next) == nil else { return .cuts }
        }
        guard let tip else { return .matches }
        let named = Set(closed.map(\.last.epoch))
        guard named.contains(tip.place.epoch) else { return .cuts }
        guard let first = try state.event(origin: origin, place: Place(epoch: tip.place.epoch, seq: 1)),
            case .epochOpened(let before) = EventPayload(of: first)
        else { return .matches }
        return before.closed.allSatisfy { named.contains($0.last.epoch) } ? .matches : .cuts
    }
}
