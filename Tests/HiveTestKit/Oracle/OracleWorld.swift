public import HiveModel

/// The instances A to E of the histories with real keys: their prefixes sort as their letters do.
public struct OracleWorld<Crypto: TestCrypto>: Sendable {
    public struct Party: Sendable {
        public let letter: Character
        public let id: InstanceID
        let seed: UInt64
        public let identity: Crypto.Key
    }

    public let crypto: Crypto
    /// By letter.
    public let parties: [Party]
    /// Whose two signatures make an owner without the old one.
    let successors: [Crypto.Key]

    public init(_ crypto: Crypto) {
        self.crypto = crypto
        let keys = (0..<5).map { number -> (id: InstanceID, seed: UInt64, key: Crypto.Key) in
            let seed = UInt64(0xACE0 + number) << 32
            let key = crypto.key(seed)
            return (InstanceID(identityKey: key.publicKey, hashing: crypto), seed, key)
        }
        parties = zip("ABCDE", keys.sorted { $0.id < $1.id }).map { letter, party in
            Party(letter: letter, id: party.id, seed: party.seed, identity: party.key)
        }
        successors = (0..<2).map { crypto.key(0x5CCE_5500 + UInt64($0)) }
    }

    func party(_ letter: Character) throws -> Party {
        guard let party = parties.first(where: { $0.letter == letter }) else {
            throw OracleFormatError("no instance \(letter)")
        }
        return party
    }

    public func letter(_ id: InstanceID) -> String {
        parties.first { $0.id == id }.map { String($0.letter) } ?? id.rawValue
    }

    // MARK: Names

    /// `B0` is the agent that owns what B owns, `B1` another of its agents.
    func agent(_ name: String) throws -> AgentSnapshot {
        let party = try party(name.first ?? "?")
        return AgentSnapshot(
            key: AgentKey(instance: party.id, agent: try entity("\(party.letter)a\(name.dropFirst())")),
            name: name
        )
    }

    /// `Ap12` is made by A: `<prefix of A>_p12`.
    public func entity(_ name: String) throws -> EntityID {
        let party = try party(name.first ?? "?")
        guard let id = EntityID("\(party.id.prefix.rawValue)_\(name.dropFirst())") else {
            throw OracleFormatError("\(name) names nothing")
        }
        return id
    }

    /// The name of a post or comment.
    func name(_ id: EntityID) -> String {
        guard let party = parties.first(where: { id.carries($0.id.prefix) }) else { return id.rawValue }
        return "\(party.letter)\(id.rawValue.dropFirst(17))"
    }

    /// The name of an agent.
    func name(_ agent: AgentKey) -> String {
        let text = name(agent.agent)
        return text.dropFirst().hasPrefix("a") ? "\(text.prefix(1))\(text.dropFirst(2))" : text
    }

    // MARK: Keys

    func logKey(of party: Party, epoch: Int64) -> Crypto.Key {
        crypto.key(party.seed &+ UInt64(truncatingIfNeeded: epoch))
    }

    func certifiedLogKey(of party: Party, group: GroupID?, epoch: Int64, closed: [ClosedEpoch]) -> LogKey {
        let key = logKey(of: party, epoch: epoch)
        let message = LogKey.certificateMessage(
            groupID: group,
            instance: party.id,
            epoch: epoch,
            signingKey: key.publicKey,
            closed: closed,
            hashing: crypto
        )
        return LogKey(signingKey: key.publicKey, certificate: party.identity.sign(message))
    }
}
