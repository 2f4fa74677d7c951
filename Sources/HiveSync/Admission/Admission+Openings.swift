import HiveModel

/// How an offered event meets what stands of its log.
enum EventStart {
    /// It continues it, or opens the next epoch where the last ended.
    case run(RunStart)
    /// It can't be taken, whatever is held.
    case refused
    /// What stands has to be decided.
    case contested
}

extension Admission {
    /// What the run beginning with `event` continues: the standing log, or nothing where the event opens one.
    mutating func start(
        at event: Event,
        after tip: LogTip?,
        in state: State,
        _ outcome: inout AdmissionOutcome
    ) throws -> EventStart {
        let header = event.header
        if let tip, header.place.epoch == tip.place.epoch {
            guard header.place.seq == tip.place.seq + 1, header.prev == tip.hash else { return .contested }
            if let end = try terms(of: header.origin, in: state).end, header.place >= end { return .contested }
            guard let key = try state.logKey(origin: header.origin, epoch: header.place.epoch) else {
                throw FoldFault("the key of a log of \(header.origin.rawValue) is lost")
            }
            return .run(RunStart(tip: tip, key: key))
        }
        guard header.place.seq == 1 else { return .contested }
        if header.isGenesis, tip == nil {
            return startGroup(event, &outcome).map { .run($0) } ?? .refused
        }
        guard let opening = try opening(event, in: state, &outcome) else { return .refused }
        guard try !state.isContested(header.origin), try terms(of: header.origin, in: state).awaited.isEmpty,
            try opening.closing(after: tip, in: state) == .matches
        else { return .contested }
        return .run(RunStart(tip: nil, key: opening.log.signingKey))
    }

    /// The genesis: its hash is the group's id, its key makes the instance's id, which certifies the log's key.
    private func startGroup(_ event: Event, _ outcome: inout AdmissionOutcome) -> RunStart? {
        let payload = EventPayload(of: event)
        guard event.header.groupID == nil, event.groupID == group else {
            return refuse(event, "It begins another group.", &outcome)
        }
        guard case .groupCreated(let genesis) = payload else {
            return refuse(event, "The group's first event does not say what it must.", &outcome)
        }
        let origin = event.header.origin
        guard origin == InstanceID(identityKey: genesis.identityKey, hashing: crypto),
            genesis.owner.key.instance == origin
        else { return refuse(event, "The identity key is not that of the instance.", &outcome) }
        let opening = LogOpening(groupID: nil, origin: origin, epoch: 1, closed: [], log: genesis.log)
        guard opening.isCertified(by: genesis.identityKey, crypto) else {
            return refuse(event, "The log's key is not certified by the identity key.", &outcome)
        }
        return RunStart(tip: nil, key: genesis.log.signingKey, policy: genesis.policy)
    }

    /// An `epoch_opened` that the instance's identity key certifies; whether it stands is decided elsewhere.
    func opening(
        _ event: Event,
        in state: State,
        _ outcome: inout AdmissionOutcome
    ) throws -> LogOpening? {
        let header = event.header
        guard header.type == .epochOpened else {
            return refuse(event, "A log begins with the event that opens its epoch.", &outcome)
        }
        guard let opening = LogOpening(event) else {
            return refuse(event, "The opening does not say what it must.", &outcome)
        }
        guard header.groupID == group else { return refuse(event, "It belongs to another group.", &outcome) }
        guard opening.closed.allSatisfy({ $0.last.epoch < header.place.epoch }) else {
            return refuse(event, "It closes an epoch that does not lie before its own.", &outcome)
        }
        guard let identityKey = try state.identityKey(of: header.origin) else {
            throw FoldFault("the key of known instance \(header.origin.rawValue) is lost")
        }
        guard opening.isCertified(by: identityKey, crypto) else {
            return refuse(event, "The log's key is not certified by the identity key.", &outcome)
        }
        return opening
    }

    private func refuse<Result>(_ event: Event, _ reason: String, _ outcome: inout AdmissionOutcome) -> Result? {
        outcome.reject(event, reason)
        return nil
    }
}
