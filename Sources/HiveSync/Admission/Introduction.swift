public import HiveModel

/// One step of the way from the owner to an instance not known yet: an addition, and the first event of its writer's
/// log (protocol, section 4.1).
public struct Introduction: Hashable, Sendable {
    public var addition: Event
    public var opening: Event

    public init(addition: Event, opening: Event) {
        self.addition = addition
        self.opening = opening
    }
}

extension Admission {
    /// Makes instances known by additions handed over alone; nothing is stored in a log and nothing folded.
    ///
    /// Steps may come in any order. Returns the instances that became known.
    public func introduce(_ introductions: [Introduction], into state: inout State) throws -> [InstanceID] {
        var learned: [InstanceID] = []
        var waiting = introductions
        var hasProgress = true
        while hasProgress {
            hasProgress = false
            var later: [Introduction] = []
            for introduction in waiting {
                guard let key = try writerKey(of: introduction, in: state) else {
                    later.append(introduction)
                    continue
                }
                hasProgress = true
                if let instance = try take(introduction, writtenBy: key, into: &state) { learned.append(instance) }
            }
            waiting = later
        }
        return learned
    }

    /// The identity key of the addition's writer; nil while it is not known.
    private func writerKey(of introduction: Introduction, in state: State) throws -> PublicKey? {
        let opening = introduction.opening
        if let key = try state.identityKey(of: opening.header.origin) { return key }
        guard opening.header.isGenesis, opening.groupID == group,
            case .groupCreated(let genesis) = EventPayload(of: opening)
        else { return nil }
        guard opening.header.origin == InstanceID(identityKey: genesis.identityKey, hashing: crypto) else { return nil }
        return genesis.identityKey
    }

    private func take(
        _ introduction: Introduction,
        writtenBy identityKey: PublicKey,
        into state: inout State
    ) throws -> InstanceID? {
        let (addition, opening) = (introduction.addition, introduction.opening)
        guard addition.groupID == group, opening.groupID == group,
            addition.header.origin == opening.header.origin,
            addition.header.place.epoch == opening.header.place.epoch, opening.header.place.seq == 1,
            case .instanceAdded(let added) = EventPayload(of: addition),
            added.instance == InstanceID(identityKey: added.identityKey, hashing: crypto),
            try state.identityKey(of: added.instance) == nil,
            let log = LogOpening(opening), log.isCertified(by: identityKey, crypto),
            addition.isSigned(by: log.log.signingKey, crypto)
        else { return nil }
        try state.putKnown(added.instance, identityKey: added.identityKey)
        return added.instance
    }
}

extension FoldState where Self: LogState {
    /// What leads from the owner to each of `instances`, as far as it is held: their additions by different writers,
    /// and what leads to these writers, nearest first.
    /// - Parameter countMax: how many steps at most.
    public func introductions(of instances: [InstanceID], countMax: Int) throws -> [Introduction] {
        var found: [Introduction] = []
        var waiting = instances
        var seen = Set(instances)
        while !waiting.isEmpty {
            let subject = waiting.removeFirst()
            var writers: Set<InstanceID> = []
            for addition in try acts(ActKey(roster: subject)) where addition.header.type == .instanceAdded {
                let (writer, place) = (addition.header.origin, addition.header.place)
                guard !writers.contains(writer),
                    let opening = try event(origin: writer, place: Place(epoch: place.epoch, seq: 1))
                else { continue }
                guard found.count < countMax else { return found }
                writers.insert(writer)
                found.append(Introduction(addition: addition, opening: opening))
                if !opening.header.isGenesis, seen.insert(writer).inserted { waiting.append(writer) }
            }
        }
        return found
    }
}
