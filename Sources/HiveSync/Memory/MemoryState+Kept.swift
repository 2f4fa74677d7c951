public import HiveModel

// What is held of logs and does not stand.
extension MemoryState {
    public func terms(of origin: InstanceID) -> LogTerms { termsByOrigin[origin] ?? LogTerms() }

    public mutating func putTerms(_ terms: LogTerms, of origin: InstanceID) {
        termsByOrigin[origin] = terms
        headsByOrigin[origin]?.cut = terms.cut
    }

    public mutating func cutLog(of origin: InstanceID, after place: Place?) {
        let beyond = (arrivalsByOrigin[origin] ?? []).filter { arrival in
            guard let event = log[Int(arrival) - 1] else { return false }
            return place.map { event.header.place > $0 } ?? true
        }
        guard !beyond.isEmpty else { return }
        let gone = Set(beyond)
        arrivalsByOrigin[origin]?.removeAll { gone.contains($0) }
        for arrival in beyond {
            let index = Int(arrival) - 1
            guard let event = log[index] else { continue }
            log[index] = nil
            // What is beyond a place is the end of each epoch.
            arrivals[LogName(origin: origin, epoch: event.header.place.epoch)]?.removeLast()
            keepAside(KeptEvent(event: event, isVerified: isVerified[index]))
        }
        let last = arrivalsByOrigin[origin]?.compactMap { log[Int($0) - 1]?.header.place }.max()
        let event = last.flatMap { self.event(origin: origin, place: $0) }
        headsByOrigin[origin] = event.map {
            LogHead(origin: origin, place: $0.header.place, hash: $0.hash, cut: termsByOrigin[origin]?.cut)
        }
    }

    public func keptEvents(of origin: InstanceID) -> [KeptEvent] {
        (keptByOrigin[origin] ?? [:]).values.sorted {
            ($0.event.header.place, $0.event.hash) < ($1.event.header.place, $1.event.hash)
        }
    }

    public func keptEvent(of origin: InstanceID, hash: Hash256) -> KeptEvent? { keptByOrigin[origin]?[hash] }

    public func isContested(_ origin: InstanceID) -> Bool {
        !(keptByOrigin[origin] ?? [:]).isEmpty || !(proofsByOrigin[origin] ?? []).isEmpty
    }

    public mutating func keepAside(_ event: KeptEvent) {
        let (origin, hash) = (event.event.header.origin, event.event.hash)
        if keptByOrigin[origin]?[hash] == nil { keptByOrigin[origin, default: [:]][hash] = event }
    }

    public func proofs(of origin: InstanceID) -> [ForkProof] { proofsByOrigin[origin] ?? [] }

    public mutating func putProof(_ proof: ForkProof) {
        removeProof(of: proof.origin, epoch: proof.place.epoch)
        proofsByOrigin[proof.origin, default: []].append(proof)
        proofsByOrigin[proof.origin]?.sort { $0.place < $1.place }
    }

    public mutating func removeProof(of origin: InstanceID, epoch: Int64) {
        proofsByOrigin[origin]?.removeAll { $0.place.epoch == epoch }
    }

    public func poison() -> [PoisonEvent] { poisonEvents }

    public mutating func markPoison(_ event: PoisonEvent) {
        if !poisonEvents.contains(where: { $0.hash == event.hash }) { poisonEvents.append(event) }
    }

    public mutating func clearPoison() { poisonEvents = [] }

    public func transfers() -> [OwnerTransfer] { ownerTransfers }

    public mutating func putTransfer(_ transfer: OwnerTransfer) {
        guard !ownerTransfers.contains(where: { $0.payload == transfer.payload }) else { return }
        ownerTransfers.append(transfer)
        ownerTransfers.sort { left, right in
            left.n != right.n ? left.n < right.n : left.payload.lexicographicallyPrecedes(right.payload)
        }
    }
}
