import HiveModel
import HivePorts
import HiveSync
import Synchronization

/// The peer entries as calls need them, kept equal to the store's by whoever changes them.
final class PeerDirectory: Sendable {
    private let records = Mutex<[PeerID: PeerRecord]>([:])

    func put(_ record: PeerRecord) {
        records.withLock { $0[record.id] = record }
    }

    @discardableResult
    func remove(_ id: PeerID) -> PeerRecord? {
        records.withLock { $0.removeValue(forKey: id) }
    }

    func record(_ id: PeerID) -> PeerRecord? {
        records.withLock { $0[id] }
    }

    /// By id.
    func all() -> [PeerRecord] {
        records.withLock { records in records.values.sorted { $0.id < $1.id } }
    }

    /// Changes an entry in place; nil where it is gone.
    func update(_ id: PeerID, _ change: (inout PeerRecord) -> Void) -> PeerRecord? {
        records.withLock { records in
            guard var record = records[id] else { return nil }
            change(&record)
            records[id] = record
            return record
        }
    }

    /// The groups shared with the peers that are this instance.
    func groups(of instance: InstanceID) -> [GroupID] {
        records.withLock { records in
            Set(records.values.filter { $0.instance == instance }.flatMap(\.groups)).sorted()
        }
    }
}
