import HiveModel

/// Who owns the group, first to present, and which of their acts are an owner's (protocol, section 7).
///
/// Decided from the standing events alone, before everything else.
struct Ownership: Hashable, Sendable {
    struct Term: Hashable, Sendable {
        /// Nil where the owner before signed two transfers.
        var agent: AgentKey?
        /// The new owner's first act as one; nil until it is held.
        var start: Place?
        /// How far the owner's log counts as an owner's; nil for the present one.
        var end: LogLimit?
    }

    private(set) var terms: [Term]

    static let none = Ownership(terms: [])

    var current: AgentKey? { terms.last?.agent }

    /// As which owner an event of `origin` at `place` acts: n for the n-th, 0 for none.
    func rank(of origin: InstanceID, at place: Place) -> Int {
        let term = terms.indices.last { index in
            guard terms[index].agent?.instance == origin, let start = terms[index].start, place >= start else {
                return false
            }
            return terms[index].end?.reaches(place) ?? true
        }
        return term.map { $0 + 1 } ?? 0
    }

    /// Whether an agent acts as owner there.
    func isAct(of agent: AgentKey, from origin: InstanceID, at place: Place) -> Bool {
        let rank = rank(of: origin, at: place)
        return rank > 0 && terms[rank - 1].agent == agent
    }
}

extension Ownership {
    /// What transfers are checked against.
    struct Ground {
        let group: GroupID
        let genesis: GroupCreated
        /// Identity keys by instance, from the genesis and from additions.
        let keys: [InstanceID: PublicKey]
    }

    /// Follows the transfers 1, 2, 3, ...: each by a quorum of the successors, or signed by the owner before.
    static func decide(
        _ ground: Ground,
        _ acts: [Act<OwnerChanged>],
        _ crypto: some CryptoSuite,
        limit: (Fence, InstanceID) throws -> LogLimit
    ) rethrows -> Ownership {
        var ownership = Ownership(
            terms: [Term(agent: ground.genesis.owner.key, start: Place(epoch: 1, seq: 1), end: nil)]
        )
        var successors = Successors(keys: ground.genesis.successors, quorum: ground.genesis.quorum)
        var n: Int64 = 1
        while true {
            let claims = acts.filter { $0.content.n == n }.map { Claim($0.content, ground.group) }
            let byQuorum = claims.filter { successors.approve($0, crypto) }
            let byOwner = claims.filter { $0.isSigned(by: ownership.current, ground.keys, crypto) }
            guard !byQuorum.isEmpty || !byOwner.isEmpty else { return ownership }
            let chosen = byQuorum.min { crypto.sha256($0.text) < crypto.sha256($1.text) } ?? only(of: byOwner)
            let last = ownership.terms.count - 1
            guard let chosen else {
                ownership.terms[last].end = .nothing
                ownership.terms.append(Term(agent: nil, start: nil, end: nil))
                n += 1
                continue
            }
            let transfer = chosen.transfer
            ownership.terms[last].end =
                try ownership.current.map { try limit(transfer.pin, $0.instance) } ?? .nothing
            let start = acts.filter {
                $0.content.n == n && $0.content.to.key == transfer.to.key && $0.origin == transfer.to.key.instance
            }
            ownership.terms.append(Term(agent: transfer.to.key, start: start.map(\.place).min(), end: nil))
            if let keys = transfer.successors { successors.keys = keys }
            if let quorum = transfer.quorum { successors.quorum = quorum }
            n += 1
        }
    }

    /// The one transfer an owner signed; nil where it signed two different ones.
    private static func only(of claims: [Claim]) -> Claim? {
        guard let first = claims.first, claims.allSatisfy({ $0.text == first.text }) else { return nil }
        return first
    }

    /// A transfer and the text that its signatures are over.
    private struct Claim {
        let transfer: OwnerChanged
        let text: [UInt8]

        init(_ transfer: OwnerChanged, _ group: GroupID) {
            self.transfer = transfer
            text = transfer.signedText(group: group)
        }

        func isSigned(by owner: AgentKey?, _ keys: [InstanceID: PublicKey], _ crypto: some CryptoSuite) -> Bool {
            guard case .owner(let signature) = transfer.authority, let owner, let key = keys[owner.instance] else {
                return false
            }
            return crypto.isValid(signature: signature, message: text, key: key)
        }
    }

    /// Who may name an owner without the owner, and how many of them it takes.
    private struct Successors {
        var keys: [PublicKey]
        var quorum: Int64

        func approve(_ claim: Claim, _ crypto: some CryptoSuite) -> Bool {
            guard case .quorum(let cosignatures) = claim.transfer.authority, quorum > 0 else { return false }
            var signers = Set<PublicKey>()
            for cosignature in cosignatures where keys.contains(cosignature.identityKey) {
                guard !signers.contains(cosignature.identityKey) else { continue }
                let key = cosignature.identityKey
                if crypto.isValid(signature: cosignature.signature, message: claim.text, key: key) {
                    signers.insert(key)
                }
            }
            return signers.count >= quorum
        }
    }
}
