public import HiveModel
public import HiveSync

// What is held of logs and does not stand. Nothing of it is stored yet: reads find nothing, writes are faults, so that
// no replica acts as if it had kept what it would lose.
extension SQLiteState {
    public func terms(of origin: InstanceID) throws -> LogTerms { LogTerms() }

    public func putTerms(_ terms: LogTerms, of origin: InstanceID) throws { throw Self.notKept }

    public func cutLog(of origin: InstanceID, after place: Place?) throws { throw Self.notKept }

    public func keptEvents(of origin: InstanceID) throws -> [KeptEvent] { [] }

    public func keptEvent(of origin: InstanceID, hash: Hash256) throws -> KeptEvent? { nil }

    public func isContested(_ origin: InstanceID) throws -> Bool { false }

    public func keepAside(_ event: KeptEvent) throws { throw Self.notKept }

    public func proofs(of origin: InstanceID) throws -> [ForkProof] { [] }

    public func putProof(_ proof: ForkProof) throws { throw Self.notKept }

    public func removeProof(of origin: InstanceID, epoch: Int64) throws { throw Self.notKept }

    public func transfers() throws -> [OwnerTransfer] { [] }

    public func putTransfer(_ transfer: OwnerTransfer) throws { throw Self.notKept }

    private static var notKept: DamagedRow { DamagedRow("this database can't keep what does not stand of a log") }
}
