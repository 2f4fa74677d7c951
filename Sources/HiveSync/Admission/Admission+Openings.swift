import HiveModel

extension Admission {
    /// What the run beginning with `event` continues: the held log, or nothing where the event opens one.
    ///
    /// Nil where it can't be admitted now, with the reason in the outcome.
    func start(
        at event: Event,
        after tip: LogTip?,
        in state: State,
        _ outcome: inout AdmissionOutcome
    ) throws -> RunStart? {
        let header = event.header
        if let tip, header.place.epoch == tip.place.epoch {
            guard header.place.seq == tip.place.seq + 1 else { return miss(header.origin, tip, &outcome) }
            guard let key = try state.logKey(origin: header.origin, epoch: header.place.epoch) else {
                throw FoldFault("the key of a log of \(header.origin.rawValue) is lost")
            }
            return RunStart(tip: tip, key: key)
        }
        guard header.place.seq == 1 else { return miss(header.origin, tip, &outcome) }
        if header.isGenesis { return startGroup(event, &outcome) }
        return try startLog(event, after: tip, in: state, &outcome)
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

    /// An `epoch_opened`: certified by the identity key, and only once exactly what it closes is held.
    private func startLog(
        _ event: Event,
        after tip: LogTip?,
        in state: State,
        _ outcome: inout AdmissionOutcome
    ) throws -> RunStart? {
        let header = event.header
        guard header.type == .epochOpened else {
            return refuse(event, "A log begins with the event that opens its epoch.", &outcome)
        }
        guard case .epochOpened(let opened) = EventPayload(of: event) else {
            return refuse(event, "The opening does not say what it must.", &outcome)
        }
        guard header.groupID == group else { return refuse(event, "It belongs to another group.", &outcome) }
        guard opened.closed.allSatisfy({ $0.last.epoch < header.place.epoch }) else {
            return refuse(event, "It closes an epoch that does not lie before its own.", &outcome)
        }
        guard let identityKey = try state.identityKey(of: header.origin) else {
            throw FoldFault("the key of known instance \(header.origin.rawValue) is lost")
        }
        let opening = LogOpening(
            groupID: group,
            origin: header.origin,
            epoch: header.place.epoch,
            closed: opened.closed,
            log: opened.log
        )
        guard opening.isCertified(by: identityKey, crypto) else {
            return refuse(event, "The log's key is not certified by the identity key.", &outcome)
        }
        switch try opening.closing(after: tip, in: state) {
        case .matches: break
        case .needsMore: return miss(header.origin, tip, &outcome)
        case .otherChain(let end):
            outcome.forks.append(LogHead(origin: header.origin, place: end.last, hash: end.hash))
            return nil
        case .cuts:
            return refuse(event, "It closes an earlier epoch below what is held of it.", &outcome)
        }
        return RunStart(tip: nil, key: opened.log.signingKey)
    }

    private func miss(_ origin: InstanceID, _ tip: LogTip?, _ outcome: inout AdmissionOutcome) -> RunStart? {
        outcome.need.append(AdmissionOutcome.Gap(origin: origin, held: tip?.head(of: origin)))
        return nil
    }

    private func refuse(_ event: Event, _ reason: String, _ outcome: inout AdmissionOutcome) -> RunStart? {
        outcome.reject(event, reason)
        return nil
    }
}
