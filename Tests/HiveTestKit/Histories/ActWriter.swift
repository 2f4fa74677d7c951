import HiveModel
import HiveSync

/// Writes an `ActHistory` step by step.
struct ActWriter {
    typealias Instance = TestInstance<StandInCrypto>

    var numbers: SeededGenerator
    var instances: [Instance] = []
    let group: GroupID
    /// How many events of the second's log the first has seen.
    var seen: [[Int]]
    var acts: [KnownAct] = []
    /// Who owns, as far as the honest part of the story goes; nil where an owner signed two transfers.
    var owner: (instance: Int, agent: AgentSnapshot)?
    var transfers: [Event] = []
    var owners: Int64 = 1
    var hasTruePins = true
    let successors: [Int]
    /// Out of so many writes one is wrong on purpose; 0 = none.
    private let wrongOneIn: Int
    private var nowMs: Int64 = 1_700_000_000_000
    private var skewsMs: [Int64] = []

    init(seed: UInt64) {
        var numbers = SeededGenerator(seed: seed &+ 0xACED)
        let count = 2 + numbers.below(5)
        for number in 0..<count {
            let name = ["ada", "bob", "cyd", "dan", "eve", "fay"][number]
            var instance = Instance(name, seed: seed &* 1000 &+ UInt64(number), crypto: StandInCrypto())
            instance.tickMs = 0
            instances.append(instance)
            skewsMs.append(Int64(numbers.below(20_000)) - 10_000)
        }
        successors = numbers.chance(1, of: 2) ? Array(1..<min(count, 4)) : []
        wrongOneIn = [0, 30, 12, 5][numbers.below(4)]
        let admission: GroupPolicy.Admission = numbers.chance(1, of: 4) ? .owner : .members
        let keys = successors.map { [instances] in instances[$0].identityKey }
        instances[0].wallMs = nowMs
        group =
            instances[0].found(
                policy: GroupPolicy(admission: admission),
                successors: keys,
                quorum: Int64((successors.count + 1) / 2)
            ).groupID
        seen = Array(repeating: Array(repeating: 0, count: count), count: count)
        seen[0][0] = 1
        self.numbers = numbers
        owner = (0, instances[0].agent("owner"))
    }

    mutating func run(steps: Int?) {
        for index in instances.indices.dropFirst() {
            if numbers.chance(2, of: 3) { addInstance(index, by: 0) }
            open(index)
            if numbers.chance(1, of: 2) { look(index) }
        }
        for _ in 0..<(steps ?? 12 + numbers.below(30)) { step() }
        for index in instances.indices.dropFirst() where !known().contains(instances[index].id) {
            // Known to everybody from here on, and a member only where the writer has the right to say so.
            addInstance(index, by: 0)
        }
    }

    /// The instances that a chain of additions leads to, whether these count or not.
    private func known() -> Set<InstanceID> {
        var known: Set = [instances[0].id]
        var grew = true
        while grew {
            grew = false
            for instance in instances where known.contains(instance.id) {
                for event in instance.events {
                    guard case .instanceAdded(let addition) = EventPayload(of: event) else { continue }
                    if known.insert(addition.instance).inserted { grew = true }
                }
            }
        }
        return known
    }

    private mutating func step() {
        nowMs += Int64(numbers.below(4_000))
        let kind = numbers.below(100)
        var writer = numbers.below(instances.count)
        // Most of what only few may do, these do.
        if (49..<94).contains(kind), let owner, numbers.chance(2, of: 5) { writer = owner.instance }
        if numbers.chance(1, of: 2) { look(writer) }
        accept(by: writer)
        switch kind {
        case 0..<40: writeContent(writer)
        case 40..<49: moderate(writer)
        case 49..<60: changeModerator(writer)
        case 60..<69: changeBan(writer)
        case 69..<77: changeSetting(writer)
        case 77..<84: addSomebody(writer)
        case 84..<91: removeSomebody(writer)
        case 91..<94: transferOwnership(writer)
        case 94..<97: open(writer)
        case 97..<98: write(writer, EventType("poll_opened"), "{}")
        default: write(writer, .membershipChanged, #"{"action":"exile"}"#)
        }
    }

    // MARK: Seeing

    /// Receives what another instance has written and seen, or a part of it.
    private mutating func look(_ reader: Int) {
        let source = numbers.below(instances.count)
        guard source != reader else { return }
        for log in instances.indices where log != reader && seen[source][log] > seen[reader][log] {
            let news = seen[source][log] - seen[reader][log]
            let taken = numbers.chance(2, of: 3) ? news : numbers.below(news + 1)
            guard taken > 0 else { continue }
            seen[reader][log] += taken
            instances[reader].observe(instances[log].events[seen[reader][log] - 1])
        }
    }

    /// The acts of a register that an instance has seen and that none it has seen replaces.
    func heads(_ key: ActKey, seenBy reader: Int) -> [EventID] {
        let known = acts.filter { $0.key == key && $0.ordinal < seen[reader][$0.writer] }
        let replaced = Set(known.flatMap(\.replaces))
        return Array(known.map(\.id).filter { !replaced.contains($0) }.suffix(4))
    }

    /// How far an instance saw a log, or a little less; sometimes what it can't have seen or never was.
    mutating func fence(of log: Int, seenBy reader: Int) -> Fence? {
        let count = seen[reader][log]
        if isWrong() {
            let events = instances[log].events
            guard let any = events.isEmpty ? nil : events[numbers.below(events.count)] else { return nil }
            let ahead = Place(epoch: any.header.place.epoch, seq: any.header.place.seq + Int64(numbers.below(6)))
            switch numbers.below(3) {
            case 0: return any.fence
            case 1: return Fence(place: any.header.place, hash: instances[0].events[0].hash)
            default: return Fence(place: ahead, hash: any.hash)
            }
        }
        guard count > 0, numbers.chance(9, of: 10) else { return nil }
        return instances[log].events[max(0, count - 1 - numbers.below(3))].fence
    }

    /// The newest grant an instance has seen for what it wants to do; sometimes another act, sometimes none.
    mutating func grant(_ reader: Int, where fits: (KnownAct.Grant) -> Bool) -> EventID? {
        if isWrong() { return numbers.chance(1, of: 2) ? numbers.pick(acts)?.id : nil }
        return acts.last { act in
            act.ordinal < seen[reader][act.writer] && act.grant.map(fits) ?? false
        }?.id
    }

    mutating func isWrong() -> Bool { wrongOneIn > 0 && numbers.chance(1, of: wrongOneIn) }

    // MARK: Writing

    @discardableResult
    mutating func write(_ writer: Int, _ payload: EventPayload, refs: EventRefs = EventRefs()) -> Event {
        instances[writer].wallMs = nowMs + skewsMs[writer]
        var at: HybridTime?
        if numbers.chance(1, of: 20) {
            at = HybridTime(ms: instances[writer].wallMs - 20_000 - Int64(numbers.below(30_000)), counter: 0)
        }
        let event = instances[writer].append(payload, refs: refs, at: at)
        seen[writer][writer] = instances[writer].events.count
        return event
    }

    mutating func write(_ writer: Int, _ type: EventType, _ payload: String) {
        instances[writer].wallMs = nowMs + skewsMs[writer]
        instances[writer].append(type, payload: Array(payload.utf8))
        seen[writer][writer] = instances[writer].events.count
    }

    /// Writes an act of a register; now and then as an event that is lost, which others have seen, and its repeat.
    mutating func act(
        _ writer: Int,
        _ key: ActKey,
        _ payload: EventPayload,
        auth: EventID? = nil,
        grant: KnownAct.Grant? = nil
    ) {
        var refs = EventRefs(par: heads(key, seenBy: writer), auth: auth)
        if isWrong() { refs.par = numbers.pick(acts).map { [$0.id] } ?? [] }
        instances[writer].wallMs = nowMs + skewsMs[writer]
        var known = KnownAct(writer: writer, ordinal: 0, key: key, id: instances[0].events[0].id, replaces: refs.par)
        known.grant = grant
        known.ordinal = instances[writer].events.count
        if numbers.chance(1, of: 10) {
            let lost = instances[writer].lost { $0.append(payload, refs: refs) }
            instances[writer].rewrite(lost)
            known.id = lost.id
        } else {
            known.id = instances[writer].append(payload, refs: refs).id
        }
        seen[writer][writer] = instances[writer].events.count
        acts.append(known)
    }

    /// Opens a log, the first or a next one.
    mutating func open(_ writer: Int) {
        instances[writer].wallMs = nowMs + skewsMs[writer]
        if instances[writer].events.isEmpty {
            instances[writer].open(in: group)
        } else {
            instances[writer].openNext()
        }
        seen[writer][writer] = instances[writer].events.count
    }

    /// Mostly an agent of the writer, the owner's own where that writes.
    mutating func agent(_ writer: Int) -> AgentSnapshot {
        if let owner, owner.instance == writer, numbers.chance(3, of: 4) { return owner.agent }
        let instance = isWrong() ? numbers.below(instances.count) : writer
        return instances[instance].agent(numbers.chance(2, of: 3) ? "owner" : "second")
    }

    mutating func anyAgent() -> AgentSnapshot {
        instances[numbers.below(instances.count)].agent(numbers.chance(1, of: 2) ? "owner" : "second")
    }

    func index(of instance: InstanceID) -> Int { instances.firstIndex { $0.id == instance } ?? 0 }
}
