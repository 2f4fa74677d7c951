import HiveModel

/// The acts about one thing, and which replaces which (protocol, section 5, "Replaces").
///
/// Names in `par` that are no acts of this register are passed over. A name of an event that does not stand counts as
/// naming the standing event of the same instance that repeats it.
struct ActRegister<Content: Sendable>: Sendable {
    /// Oldest first.
    let acts: [Act<Content>]
    private let indexes: [EventID: Int]

    init(_ acts: [Act<Content>]) {
        let acts = acts.sorted { ($0.stamp, $0.event) < ($1.stamp, $1.event) }
        var indexes = Dictionary(acts.enumerated().map { ($1.event, $0) }, uniquingKeysWith: { first, _ in first })
        let byPlace = acts.indices.sorted { acts[$0].place < acts[$1].place }
        for index in byPlace {
            guard let original = acts[index].repeats, original.carries(acts[index].origin.prefix),
                indexes[original] == nil
            else { continue }
            indexes[original] = index
        }
        self.acts = acts
        self.indexes = indexes
    }

    /// The act of that name, or the one that repeats it.
    func index(of event: EventID?) -> Int? { event.flatMap { indexes[$0] } }

    /// What `act` replaces: transitive, through acts that are void themselves.
    func reached(from act: Int) -> Set<Int> {
        var reached = Set<Int>()
        var pending = acts[act].replaces
        while let event = pending.popLast() {
            guard let index = indexes[event], index != act, reached.insert(index).inserted else { continue }
            pending += acts[index].replaces
        }
        return reached
    }

    /// Valid acts that no valid act replaces, oldest first.
    func heads(among isValid: (Act<Content>) -> Bool) -> [Int] {
        let valid = acts.indices.filter { isValid(acts[$0]) }
        guard valid.count > 1 else { return valid }
        var replaced = Set<Int>()
        for index in valid { replaced.formUnion(reached(from: index)) }
        return valid.filter { !replaced.contains($0) }
    }

    /// The head that decides among concurrent ones: higher owner rank, then what restricts, then the larger time, then
    /// the smaller id.
    func winner(of heads: [Int], rank: (Act<Content>) -> Int, restricts: (Content) -> Bool) -> Act<Content>? {
        let best = heads.max { left, right in
            let (first, second) = (acts[left], acts[right])
            let (firstRank, secondRank) = (rank(first), rank(second))
            if firstRank != secondRank { return firstRank < secondRank }
            let (isFirst, isSecond) = (restricts(first.content), restricts(second.content))
            if isFirst != isSecond { return isSecond }
            if first.stamp.time != second.stamp.time { return first.stamp.time < second.stamp.time }
            return first.event > second.event
        }
        return best.map { acts[$0] }
    }
}

extension EventID {
    /// Whether it is the id of an event of an instance with this prefix.
    func carries(_ prefix: InstancePrefix) -> Bool { rawValue.utf8.starts(with: prefix.rawValue.utf8) }
}
