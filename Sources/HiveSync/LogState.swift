public import HiveModel

/// One group's logs as admission reads and extends them, in the same transaction as the fold.
public protocol LogState {
    /// How far `origin`'s newest log is held; nil where nothing of it is.
    func head(of origin: InstanceID) throws -> LogHead?

    /// The heads of all logs held, by instance id.
    func heads() throws -> [LogHead]

    /// The signing key of a log, named by its first event; nil where that is not held.
    func logKey(origin: InstanceID, epoch: Int64) throws -> PublicKey?

    mutating func putLogKey(_ key: PublicKey, origin: InstanceID, epoch: Int64) throws

    /// The identity key of a known instance (protocol, section 4.1): of the owner, or added by a known instance.
    func identityKey(of instance: InstanceID) throws -> PublicKey?

    mutating func putKnown(_ instance: InstanceID, identityKey: PublicKey) throws

    /// The hash of the stored event at `place`; nil where none is held.
    func eventHash(origin: InstanceID, place: Place) throws -> Hash256?

    /// Appends an event at its log's end and moves the head. Returns its arrival number.
    /// - Parameter isVerified: its own signature was checked or made here, so a run may end at it.
    mutating func append(_ event: Event, isVerified: Bool) throws -> RowNumber

    /// This instance's clock, kept with the transaction.
    func clock() throws -> HybridClock

    mutating func putClock(_ clock: HybridClock) throws
}

/// How far one instance's log is held.
public struct LogHead: Hashable, Sendable {
    public var origin: InstanceID
    public var place: Place
    public var hash: Hash256

    public init(origin: InstanceID, place: Place, hash: Hash256) {
        self.origin = origin
        self.place = place
        self.hash = hash
    }
}
