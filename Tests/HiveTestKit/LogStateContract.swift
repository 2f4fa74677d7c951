public import HiveModel
public import HiveSync

/// What every `LogState` must do with what does not stand; each part takes a state that holds the founder's log and
/// nothing else, and throws where it finds a fault.
public struct LogStateContract {
    /// A promise that is not kept.
    public struct Fault: Error, CustomStringConvertible {
        public let description: String
    }

    /// Whose log the state holds: four events or more of epoch 1.
    public let founder: TestInstance<StandInCrypto>
    private let group: GroupID

    public init(founder: TestInstance<StandInCrypto>) {
        guard let group = founder.group else { preconditionFailure("The founder has founded.") }
        precondition(founder.events.count >= 4, "The founder wrote four events.")
        self.founder = founder
        self.group = group
    }

    private func check(_ isTrue: Bool, _ promise: String) throws {
        guard isTrue else { throw Fault(description: promise) }
    }

    /// Nothing is aside, proved, transferred or cut before it is put.
    public func beginsQuiet(_ state: inout some FoldState & LogState) throws {
        try check(state.terms(of: founder.id) == LogTerms(), "terms are empty until put")
        try check(state.keptEvents(of: founder.id).isEmpty, "nothing is aside until kept")
        try check(state.proofs(of: founder.id).isEmpty, "no proof is known until put")
        try check(state.transfers().isEmpty, "no transfer is known until put")
        try check(!state.isContested(founder.id), "an untouched log is not contested")
        try check(state.head(of: founder.id)?.cut == nil, "an untouched head has no cut")
    }

    /// A cut takes events out of every reading, keeps them aside, and new ones can follow.
    public func cutsAndGoesOn(_ state: inout some FoldState & LogState) throws {
        let events = founder.events
        let arrivals = try state.events(of: nil, after: 0, limit: 100).map(\.arrival)
        try state.cutLog(of: founder.id, after: events[1].header.place)
        let head = LogHead(origin: founder.id, place: events[1].header.place, hash: events[1].hash)
        try check(state.head(of: founder.id) == head, "the head is the last event left")
        try check(state.heads() == [head], "heads show the cut log")
        for cut in events[2...] {
            let place = cut.header.place
            try check(state.event(origin: founder.id, place: place) == nil, "a cut event is not in the log")
            try check(state.eventHash(origin: founder.id, place: place) == nil, "a cut event has no hash in the log")
            let kept = try state.keptEvent(of: founder.id, hash: cut.hash)
            try check(kept?.event == cut, "a cut event is kept aside as it was")
            try check(kept?.event.wireBytes() == cut.wireBytes(), "a cut event is kept to the byte")
        }
        try check(state.keptEvents(of: founder.id).map(\.event) == Array(events[2...]), "what is aside is in order")
        try check(state.isContested(founder.id), "a log with events aside is contested")
        for origin in [nil, founder.id] {
            let left = try state.events(of: origin, after: 0, limit: 100).map(\.event)
            try check(left == Array(events[...1]), "a cut event is on no page")
        }
        var twin = TestInstance("twin", seed: 77, crypto: StandInCrypto())
        twin.open(in: group)
        try check(state.eventHash(origin: twin.id, place: Place(epoch: 1, seq: 1)) == nil, "nothing of others is there")
        let arrival = try state.append(events[2], isVerified: true)
        try check(arrivals.allSatisfy { $0 < arrival }, "an arrival number is not given twice")
        try check(state.keptEvent(of: founder.id, hash: events[2].hash) == nil, "what is appended is not aside")
        try check(state.head(of: founder.id)?.hash == events[2].hash, "the head moves on after a cut")
        try check(state.events(of: founder.id, after: 0, limit: 9).last?.event == events[2], "the new end is last")
    }

    /// All of a log can be cut, over epochs, and come again.
    public func cutsAll(_ state: inout some FoldState & LogState) throws {
        var writer = founder
        guard let last = founder.events.last else { return }
        let closed = [ClosedEpoch(last: last.header.place, hash: last.hash)]
        writer.open(in: group, epoch: 2, closed: closed)
        writer.post("in-2")
        let second = Array(writer.events.suffix(2))
        for event in second { _ = try state.append(event, isVerified: true) }
        try state.cutLog(of: founder.id, after: founder.events[2].header.place)
        try check(state.head(of: founder.id)?.place == founder.events[2].header.place, "a cut reaches lower epochs")
        try check(state.event(origin: founder.id, place: second[0].header.place) == nil, "higher epochs are cut whole")
        for event in second { _ = try state.append(event, isVerified: true) }
        try check(state.head(of: founder.id)?.hash == second[1].hash, "an epoch can stand again")
        try state.cutLog(of: founder.id, after: nil)
        try check(state.head(of: founder.id) == nil, "a log cut whole has no head")
        try check(state.heads().isEmpty, "a log cut whole is not among the heads")
        try check(state.events(of: nil, after: 0, limit: 9).isEmpty, "a log cut whole has no events")
        let all = founder.events.count + 2
        try check(state.keptEvents(of: founder.id).count == all, "all of a log is aside after a whole cut")
    }

    /// An event whose signature was checked later is as good as one that came checked.
    public func marks(_ state: inout some FoldState & LogState) throws {
        var writer = founder
        let next = writer.post("next")
        let later = writer.post("later")
        for event in [next, later] { _ = try state.append(event, isVerified: false) }
        try state.markVerified(founder.id, next.header.place)
        try state.markVerified(founder.id, Place(epoch: 7, seq: 1))
        try state.cutLog(of: founder.id, after: founder.events.last?.header.place)
        let kept = try state.keptEvents(of: founder.id)
        try check(kept.map(\.event) == [next, later], "what was marked is cut as it was")
        try check(kept.map(\.isVerified) == [true, false], "a mark is kept, and only where it was made")
    }

    /// What is kept is kept once, in order, as verified as it was told.
    public func keeps(_ state: inout some FoldState & LogState) throws {
        var twin = founder
        let other = twin.post("other", title: "Another")
        let later = twin.post("later")
        var again = founder
        let third = again.post("third", title: "A third")
        let kept = [(later, true), (other, false), (third, true), (other, false)]
        for (event, isVerified) in kept { try state.keepAside(KeptEvent(event: event, isVerified: isVerified)) }
        let order = [other, third].sorted { $0.hash < $1.hash } + [later]
        try check(state.keptEvents(of: founder.id).map(\.event) == order, "what is aside is by place, then hash")
        let read = try state.keptEvent(of: founder.id, hash: other.hash)
        try check(read == KeptEvent(event: other, isVerified: false), "what is aside is as verified as it was")
        try check(state.keptEvent(of: founder.id, hash: later.hash)?.isVerified == true, "verified stays verified")
        try check(
            state.eventHash(origin: founder.id, place: other.header.place) == nil,
            "what is aside is not in a log"
        )
        _ = try state.append(third, isVerified: true)
        try check(state.keptEvents(of: founder.id).count == 2, "what is appended is not aside")
    }

    /// Terms come back as put and show in heads.
    public func terms(_ state: inout some FoldState & LogState) throws {
        guard let last = founder.events.last else { return }
        let fence = Fence(place: Place(epoch: 3, seq: 7), hash: last.hash)
        let terms = LogTerms(cut: founder.events[0].hash, end: Place(epoch: 1, seq: 9), awaited: [fence, fence])
        try state.putTerms(terms, of: founder.id)
        try check(state.terms(of: founder.id) == terms, "terms come back as put")
        try check(state.head(of: founder.id)?.cut == terms.cut, "a head shows the cut")
        try check(state.heads().first?.cut == terms.cut, "heads show the cut")
        var writer = founder
        let next = writer.post("next")
        _ = try state.append(next, isVerified: true)
        let head = LogHead(origin: founder.id, place: next.header.place, hash: next.hash, cut: terms.cut)
        try check(state.head(of: founder.id) == head, "a head keeps its cut when it moves")
        try state.putTerms(LogTerms(), of: founder.id)
        try check(state.terms(of: founder.id) == LogTerms(), "terms can be emptied")
        try check(state.head(of: founder.id)?.cut == nil, "a cut can go")
    }

    /// One proof an epoch, by place.
    public func proofs(_ state: inout some FoldState & LogState) throws {
        guard let late = Self.fork(of: founder, at: 3), let early = Self.fork(of: founder, at: 2) else {
            throw Fault(description: "the contract's own forks can be proved")
        }
        try state.putProof(late)
        try check(state.proofs(of: founder.id) == [late], "a proof comes back as put")
        try check(state.isContested(founder.id), "a proved log is contested")
        try state.putProof(early)
        try check(state.proofs(of: founder.id) == [early], "a proof takes the place of its epoch's")
        try state.removeProof(of: founder.id, epoch: 2)
        try check(state.proofs(of: founder.id) == [early], "another epoch's proof stays")
        try state.removeProof(of: founder.id, epoch: 1)
        try check(state.proofs(of: founder.id).isEmpty, "a proof can be forgotten")
    }

    /// Transfers are kept once, in order.
    public func transfers(_ state: inout some FoldState & LogState) throws {
        guard let last = founder.events.last else { return }
        let pin = Fence(place: last.header.place, hash: last.hash)
        func transfer(_ n: Int64, _ payload: String, by signer: InstanceID?) -> OwnerTransfer {
            OwnerTransfer(n: n, signer: signer, to: founder.id, pin: pin, payload: Array(payload.utf8))
        }
        let all = [transfer(1, "{\"b\":1}", by: founder.id), transfer(2, "{\"a\":1}", by: nil)]
        for transfer in [all[1], all[0], all[1]] { try state.putTransfer(transfer) }
        try check(state.transfers() == all, "transfers are by n, each once")
    }

    /// A proof that an instance wrote two events of one place.
    public static func fork(of writer: TestInstance<StandInCrypto>, at seq: Int) -> ForkProof? {
        guard let group = writer.group, writer.events.count >= seq, seq > 1 else { return nil }
        let crypto = StandInCrypto()
        let event = writer.events[seq - 1]
        var header = event.header
        header.time.counter += 1
        let other = Event(header: header, payload: event.payload, signer: writer.logKey, hashing: crypto)
        return ForkProof(
            opening: writer.events[0],
            ForkProof.Side(headers: [event.header], signature: event.signature),
            ForkProof.Side(headers: [other.header], signature: other.signature),
            group: group,
            hashing: crypto
        )
    }
}
