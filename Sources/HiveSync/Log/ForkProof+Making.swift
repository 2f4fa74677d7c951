public import HiveModel

extension ForkProof {
    /// Shows a fork by events that are held; nil where no valid signature follows one of them.
    init?<State: FoldState>(
        _ fork: StandingLog.Fork,
        _ held: HeldEvents,
        group: GroupID,
        in state: State,
        _ crypto: some CryptoSuite
    ) throws {
        guard fork.hashes.count == 2 else { return nil }
        var sides: [Side] = []
        var opening: Event?
        for hash in fork.hashes {
            guard let first = try held.event(hash, in: state),
                let root = try Self.opening(of: first, held, in: state),
                let key = LogOpening(root)?.log.signingKey,
                let events = try Self.run(from: first, signedBy: key, held, in: state, crypto),
                let last = events.last
            else { return nil }
            let isOpening = first.header.place.seq == 1
            if !isOpening { opening = root }
            let payload = isOpening ? first.payload : nil
            sides.append(Side(headers: events.map(\.header), signature: last.signature, payload: payload))
        }
        self.init(opening: opening, sides[0], sides[1], group: group, hashing: crypto)
    }

    /// The first event of the log an event is in.
    private static func opening(of event: Event, _ held: HeldEvents, in state: some FoldState) throws -> Event? {
        var current = event
        while let prev = current.header.prev {
            let standing = try state.event(origin: held.origin, place: current.header.place)
            if standing?.hash == current.hash {
                return try state.event(
                    origin: held.origin,
                    place: Place(epoch: current.header.place.epoch, seq: 1)
                )
            }
            guard let before = try held.event(prev, in: state) else { return nil }
            current = before
        }
        return current
    }

    /// The shortest run of events on from `first` whose last has a valid signature.
    private static func run<State: FoldState>(
        from first: Event,
        signedBy key: PublicKey,
        _ held: HeldEvents,
        in state: State,
        _ crypto: some Verifier
    ) throws -> [Event]? {
        var runs: [[Event]] = [[first]]
        for _ in 0..<Limits.runEventsMax {
            if let signed = runs.first(where: { $0.last?.isSigned(by: key, crypto) ?? false }) { return signed }
            var longer: [[Event]] = []
            for run in runs {
                guard let last = run.last else { continue }
                for hash in held.followers(of: last) {
                    if let next = try held.event(hash, in: state) { longer.append(run + [next]) }
                }
            }
            // A hostile log may branch without end.
            runs = Array(longer.prefix(maxWays))
        }
        return nil
    }

    private static let maxWays = 64
}

extension ForkProof {
    /// Whether the log's key signed both sides, and the identity key certified the log's key.
    public func isValid(identityKey: PublicKey, _ crypto: some CryptoSuite) -> Bool {
        sides.allSatisfy { side in
            guard let opening = self.opening ?? event(of: side, crypto), let log = LogOpening(opening),
                log.closed.allSatisfy({ $0.last.epoch < log.epoch }), log.isCertified(by: identityKey, crypto),
                let last = side.headers.last
            else { return false }
            if let opening = self.opening, !opening.isSigned(by: log.log.signingKey, crypto) { return false }
            let message = Event.signingMessage(last.hash(crypto))
            return crypto.isValid(signature: side.signature, message: message, key: log.log.signingKey)
        }
    }

    /// The openings it carries whole.
    func openings(_ crypto: some Hashing) -> [Event] {
        if let opening { return [opening] }
        return sides.filter { $0.headers.count == 1 }.compactMap { event(of: $0, crypto) }
    }

    /// The opening a side begins with; its signature is right only where the side has no further header.
    private func event(of side: Side, _ hashing: some Hashing) -> Event? {
        guard let header = side.headers.first, let payload = side.payload else { return nil }
        return Event(header: header, payload: payload, signature: side.signature, hash: header.hash(hashing))
    }
}
