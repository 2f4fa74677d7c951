public import HiveModel

/// One group's logs as admission reads and extends them, in the same transaction as the fold.
///
/// Of each instance there is the standing log, which the fold sees (`FoldState.event`, `events`), and what doesn't
/// stand: events kept aside, proofs, and the terms that say how the standing log may grow. One contract suite,
/// `LogStateContract` of HiveTestKit, runs on every implementation.
public protocol LogState {
    /// The last standing event of `origin`, with `cut` as its terms have it; nil where nothing of it stands.
    func head(of origin: InstanceID) throws -> LogHead?

    /// The heads of all instances of which something stands, by instance id.
    func heads() throws -> [LogHead]

    /// The signing key of a log, named by its first event; nil where that is not held. A later `putLogKey` replaces it.
    func logKey(origin: InstanceID, epoch: Int64) throws -> PublicKey?

    mutating func putLogKey(_ key: PublicKey, origin: InstanceID, epoch: Int64) throws

    /// The identity key of a known instance (protocol, section 4.1): of the owner, or added by a known instance.
    func identityKey(of instance: InstanceID) throws -> PublicKey?

    mutating func putKnown(_ instance: InstanceID, identityKey: PublicKey) throws

    /// Appends an event at the end of what stands of its log and moves the head. Returns its arrival number, above all
    /// given before. An event kept aside with its hash is not aside any more.
    /// - Parameter isVerified: its own signature was checked or made here, so a run may end at it.
    mutating func append(_ event: Event, isVerified: Bool) throws -> RowNumber

    /// Notes that the own signature of a standing event was checked here, so that a run may end at it.
    mutating func markVerified(_ origin: InstanceID, _ place: Place) throws

    // MARK: What does not stand

    /// How the standing log of `origin` may grow; `LogTerms()` until put.
    func terms(of origin: InstanceID) throws -> LogTerms

    mutating func putTerms(_ terms: LogTerms, of origin: InstanceID) throws

    /// Takes all standing events of `origin` beyond `place` (all of them where nil) out of the log and keeps them
    /// aside, each as verified as it was. The head becomes the last one left. Their arrival numbers are not given
    /// again, and `event`, `events` and `eventHash` don't show them any more.
    mutating func cutLog(of origin: InstanceID, after place: Place?) throws

    /// What is kept aside of `origin`, by place, then hash.
    func keptEvents(of origin: InstanceID) throws -> [KeptEvent]

    func keptEvent(of origin: InstanceID, hash: Hash256) throws -> KeptEvent?

    /// Whether anything is kept aside of `origin`, or proved of it: asked once an opening.
    func isContested(_ origin: InstanceID) throws -> Bool

    /// Keeps an event that does not stand; once, whatever its number of calls. It MUST NOT stand.
    mutating func keepAside(_ event: KeptEvent) throws

    /// The fork proofs known of `origin`, one an epoch, by place.
    func proofs(of origin: InstanceID) throws -> [ForkProof]

    /// Keeps a proof in place of the one of its epoch.
    mutating func putProof(_ proof: ForkProof) throws

    /// Forgets the proof of an epoch.
    mutating func removeProof(of origin: InstanceID, epoch: Int64) throws

    /// The checked transfers of ownership, by n, then payload.
    func transfers() throws -> [OwnerTransfer]

    /// Keeps a transfer; one of the same payload is that transfer.
    mutating func putTransfer(_ transfer: OwnerTransfer) throws

    // MARK: Clock

    /// This instance's clock, kept with the transaction.
    func clock() throws -> HybridClock

    mutating func putClock(_ clock: HybridClock) throws
}

/// How far one instance's log is held.
public struct LogHead: Hashable, Sendable {
    public var origin: InstanceID
    /// Of its last standing event.
    public var place: Place
    public var hash: Hash256
    /// The fork proof that keeps what lies beyond from standing; nil where there is none (protocol, section 9).
    public var cut: Hash256?

    public init(origin: InstanceID, place: Place, hash: Hash256, cut: Hash256? = nil) {
        self.origin = origin
        self.place = place
        self.hash = hash
        self.cut = cut
    }
}
