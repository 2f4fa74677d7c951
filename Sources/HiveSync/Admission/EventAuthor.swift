public import HiveModel

/// Makes the events of one of this instance's logs: header, hash, signature.
///
/// It decides nothing and stores nothing.
public struct EventAuthor<LogSigner: Signer, Crypto: Hashing>: Sendable {
    public let instance: InstanceID
    /// Signs with the log's key.
    public let signer: LogSigner
    let crypto: Crypto

    public init(instance: InstanceID, signer: LogSigner, crypto: Crypto) {
        self.instance = instance
        self.signer = signer
        self.crypto = crypto
    }

    /// The event that follows `head` in its log.
    public func event(_ write: LocalWrite, group: GroupID, after head: LogHead, time: HybridTime) -> Event {
        sign(
            EventHeader(
                groupID: group,
                origin: instance,
                place: Place(epoch: head.place.epoch, seq: head.place.seq + 1),
                prev: head.hash,
                time: time,
                at: write.at,
                type: write.type,
                refs: write.refs,
                payloadHash: Hash256(word0: 0, word1: 0, word2: 0, word3: 0)
            ),
            write.payload
        )
    }

    /// The first event of a group; its hash makes the group's id.
    /// - Parameters:
    ///   - genesis: what it says, its log key left to be filled in here.
    ///   - wallMs: milliseconds since 1970.
    public func genesis(_ genesis: GenesisDraft, identity: some Signer, wallMs: Int64) -> Event {
        let payload = GroupCreated(
            groupName: genesis.groupName,
            hive: genesis.hive,
            owner: genesis.owner,
            identityKey: identity.publicKey,
            log: certified(groupID: nil, epoch: 1, closed: [], by: identity),
            policy: genesis.policy,
            successors: genesis.successors,
            quorum: genesis.quorum,
            nonce: genesis.nonce
        )
        return first(
            .groupCreated,
            payload.canonicalPayload,
            groupID: nil,
            epoch: 1,
            time: HybridTime(ms: wallMs, counter: 0)
        )
    }

    /// The first event of a further log: `epoch_opened`.
    /// - Parameter closed: where each lower epoch of this instance ends.
    public func opening(
        group: GroupID,
        epoch: Int64,
        closed: [ClosedEpoch],
        reason: String,
        identity: some Signer,
        time: HybridTime
    ) -> Event {
        let log = certified(groupID: group, epoch: epoch, closed: closed, by: identity)
        let payload = EpochOpened(closed: closed, log: log, reason: reason)
        return first(.epochOpened, payload.canonicalPayload, groupID: group, epoch: epoch, time: time)
    }

    private func first(
        _ type: EventType,
        _ payload: [UInt8],
        groupID: GroupID?,
        epoch: Int64,
        time: HybridTime
    ) -> Event {
        sign(
            EventHeader(
                groupID: groupID,
                origin: instance,
                place: Place(epoch: epoch, seq: 1),
                prev: nil,
                time: time,
                type: type,
                payloadHash: Hash256(word0: 0, word1: 0, word2: 0, word3: 0)
            ),
            payload
        )
    }

    private func certified(
        groupID: GroupID?,
        epoch: Int64,
        closed: [ClosedEpoch],
        by identity: some Signer
    ) -> LogKey {
        let message = LogKey.certificateMessage(
            groupID: groupID,
            instance: instance,
            epoch: epoch,
            signingKey: signer.publicKey,
            closed: closed,
            hashing: crypto
        )
        return LogKey(signingKey: signer.publicKey, certificate: identity.sign(message))
    }

    private func sign(_ header: EventHeader, _ payload: [UInt8]) -> Event {
        Event(header: header, payload: payload, signer: signer, hashing: crypto)
    }
}

/// What the founder of a group decides.
public struct GenesisDraft: Sendable {
    public var groupName: String
    public var hive: HiveDescription
    public var owner: AgentSnapshot
    public var policy: GroupPolicy
    public var successors: [PublicKey]
    public var quorum: Int64
    /// Lower-case hex of 16 random bytes.
    public var nonce: String

    public init(
        groupName: String,
        hive: HiveDescription,
        owner: AgentSnapshot,
        policy: GroupPolicy = GroupPolicy(),
        successors: [PublicKey] = [],
        quorum: Int64 = 0,
        nonce: String
    ) {
        self.groupName = groupName
        self.hive = hive
        self.owner = owner
        self.policy = policy
        self.successors = successors
        self.quorum = quorum
        self.nonce = nonce
    }
}
