import HiveModel

/// The first event of a log: its key, the certificate over it, and what it closes.
struct LogOpening {
    var groupID: GroupID?
    var origin: InstanceID
    var epoch: Int64
    var closed: [ClosedEpoch]
    var log: LogKey

    enum Closing: Hashable {
        /// It goes on exactly where the standing log ends.
        case matches
        /// It cuts what stands, names another chain, or one that isn't held.
        case differs
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

    /// Compares what is closed with what stands.
    ///
    /// Each opening names all lower epochs, so the newest standing opening says which ones there are.
    func closing(after tip: LogTip?, in state: some FoldState & LogState) throws -> Closing {
        guard let tip else { return closed.isEmpty ? .matches : .differs }
        guard epoch > tip.place.epoch, let last = closed.last, last.last == tip.place, last.hash == tip.hash else {
            return .differs
        }
        guard let first = try state.event(origin: origin, place: Place(epoch: tip.place.epoch, seq: 1)) else {
            return .differs
        }
        return LogOpening(first)?.closed == Array(closed.dropLast()) ? .matches : .differs
    }
}
