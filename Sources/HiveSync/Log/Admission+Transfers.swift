import HiveModel

/// A change of owner met in an event or handed over, nobody having checked who signed it.
struct SeenTransfer {
    var change: OwnerChanged
    /// In RFC 8785 form.
    var payload: [UInt8]
}

extension Admission {
    /// Takes changes of owner handed over alone because of their pins (protocol, section 7): `owner_changed` payloads
    /// in RFC 8785 form.
    ///
    /// They have no effect on the fold; who owns is decided by events that stand.
    public mutating func admit(transfers: [[UInt8]], into state: inout State) throws -> AdmissionOutcome {
        var outcome = AdmissionOutcome()
        for payload in transfers {
            guard case .ownerChanged(let change) = EventPayload(type: .ownerChanged, payload: payload) else { continue }
            seenTransfers.append(SeenTransfer(change: change, payload: payload))
        }
        try settleCuts(&state, &outcome)
        outcome.heads = try state.heads()
        return outcome
    }

    /// The largest place that an owner pinned of its log; for the founder at least the genesis, which the group's id
    /// names.
    func pin(of origin: InstanceID, in state: State) throws -> OwnerTransfer? {
        let pins = try state.transfers().filter { $0.signer == origin }
        if let largest = pins.max(by: { ($0.pin.place, $0.pin.hash) < ($1.pin.place, $1.pin.hash) }) { return largest }
        let start = Place(epoch: 1, seq: 1)
        guard let genesis = try state.event(origin: origin, place: start), genesis.header.isGenesis else { return nil }
        let pin = Fence(place: start, hash: genesis.hash)
        return OwnerTransfer(n: 0, signer: origin, to: origin, pin: pin, payload: [])
    }

    /// Looks at the changes of owner seen, and at what depends on each that holds; decides anew the logs they pin.
    mutating func settleTransfers(_ state: inout State, _ outcome: inout AdmissionOutcome) throws {
        while !seenTransfers.isEmpty {
            let seen = seenTransfers.removeFirst()
            let known = try state.transfers()
            guard !known.contains(where: { $0.payload == seen.payload }),
                let transfer = try checked(seen, known, in: state)
            else { continue }
            let before = try transfer.signer.flatMap { try pin(of: $0, in: state)?.pin }
            try state.putTransfer(transfer)
            if let signer = transfer.signer, try pin(of: signer, in: state)?.pin != before {
                try decide(signer, adding: [], into: &state, &outcome)
            }
            try seeAgain(n: transfer.n + 1, in: state)
        }
    }

    /// The transfer, if whoever could decide it did: the owner before it, or a quorum of the successors.
    private func checked(_ seen: SeenTransfer, _ known: [OwnerTransfer], in state: State) throws -> OwnerTransfer? {
        let change = seen.change
        guard let founder = try state.group()?.owner.key.instance else { return nil }
        var transfer = OwnerTransfer(
            n: change.n,
            signer: nil,
            to: change.to.key.instance,
            pin: change.pin,
            payload: seen.payload
        )
        let message = change.signedText(group: group)
        switch change.authority {
        case .owner(let signature):
            let owners = change.n == 1 ? [founder] : Set(known.lazy.filter { $0.n == change.n - 1 }.map(\.to)).sorted()
            transfer.signer = try owners.first { owner in
                guard let key = try state.identityKey(of: owner) else { return false }
                return crypto.isValid(signature: signature, message: message, key: key)
            }
            return transfer.signer == nil ? nil : transfer
        case .quorum(let cosignatures):
            // Others may sign twice, and the same signature may be there twice.
            var signers: [PublicKey] = []
            for cosignature in cosignatures where !signers.contains(cosignature.identityKey) {
                let (signature, key) = (cosignature.signature, cosignature.identityKey)
                if crypto.isValid(signature: signature, message: message, key: key) { signers.append(key) }
            }
            let isDecided = try successions(before: change.n, known, founder, in: state).contains { succession in
                succession.quorum > 0
                    && Int64(succession.keys.count { signers.contains($0) }) >= succession.quorum
            }
            return isDecided ? transfer : nil
        }
    }

    /// Who may have been able to name the n-th owner: as the genesis and the transfers before say.
    ///
    /// All of them: which of several transfers counts is decided by the fold, and here a signature too many only makes
    /// somebody able to pin its own log.
    private func successions(
        before n: Int64,
        _ known: [OwnerTransfer],
        _ founder: InstanceID,
        in state: State
    ) throws -> [(keys: [PublicKey], quorum: Int64)] {
        var successions: [(keys: [PublicKey], quorum: Int64)] = []
        if let first = try state.event(origin: founder, place: Place(epoch: 1, seq: 1)),
            case .groupCreated(let genesis) = EventPayload(of: first)
        {
            successions.append((genesis.successors, genesis.quorum))
        }
        for transfer in known where transfer.n < n {
            guard case .ownerChanged(let change) = EventPayload(type: .ownerChanged, payload: transfer.payload) else {
                continue
            }
            guard change.successors != nil || change.quorum != nil else { continue }
            let last = successions.last
            successions.append((change.successors ?? last?.keys ?? [], change.quorum ?? last?.quorum ?? 0))
        }
        return successions
    }

    /// Puts the n-th changes of owner that came before their time among those to look at: once a transfer, over all
    /// logs.
    private mutating func seeAgain(n: Int64, in state: State) throws {
        func see(_ event: Event) {
            guard event.header.type == .ownerChanged, case .ownerChanged(let change) = EventPayload(of: event),
                change.n == n
            else { return }
            seenTransfers.append(SeenTransfer(change: change, payload: event.payload))
        }
        try state.forEachEvent(of: nil, see)
        for head in try state.heads() {
            for kept in try state.keptEvents(of: head.origin) { see(kept.event) }
        }
    }
}
