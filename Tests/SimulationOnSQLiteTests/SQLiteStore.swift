import Foundation
import HiveCrypto
import HiveModel
import HiveSimulation
import HiveStore
import HiveSync

/// A simulated node's database as SQLite keeps it, in a directory that goes with the last copy of the value.
struct SQLiteStore: SimulatedStore {
    private final class Opened {
        let directory: URL
        let store: HiveStore

        init() throws {
            directory = FileManager.default.temporaryDirectory.appending(path: "hivesim-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let options = StoreOptions(readersMax: 1, hotFeedAgeMs: 0, hashing: SwiftCrypto()) { 1_800_000_000_000 }
            store = try HiveStore.open(path: directory.appending(path: "openhive.db").path, options: options)
        }

        deinit {
            store.close()
            try? FileManager.default.removeItem(at: directory)
        }
    }

    struct NotBegun: Error {}

    private var group: GroupID?
    private var opened: Opened?

    mutating func begin(_ group: GroupID) throws {
        let opened = try Opened()
        try opened.store.write { transaction in
            try transaction.createGroup(group, isShared: true, createdAtMs: 0)
        }
        self.group = group
        self.opened = opened
    }

    mutating func transaction<Result>(
        isDoomed: Bool,
        _ body: (inout SQLiteState) throws -> Result
    ) throws -> Result {
        try write { state in
            let result = try body(&state)
            if isDoomed { throw DiskFault() }
            return result
        }
    }

    mutating func read<Result>(_ body: (inout SQLiteState) throws -> Result) throws -> Result { try write(body) }

    /// Honest nodes sign each event: a run may end anywhere.
    static func isVerified(origin: InstanceID, place: Place, in state: SQLiteState) -> Bool { true }

    private func write<Result>(_ body: (inout SQLiteState) throws -> Result) throws -> Result {
        guard let group, let opened else { throw NotBegun() }
        return try opened.store.write { transaction in
            var state = try transaction.state(for: group)
            return try body(&state)
        }
    }
}

/// SHA-256 and Ed25519, with keys made from numbers.
struct RealCrypto: SimulationCrypto {
    private let suite = SwiftCrypto()

    func sha256(_ bytes: [UInt8]) -> Hash256 { suite.sha256(bytes) }

    func isValid(signature: [UInt8], message: [UInt8], key: PublicKey) -> Bool {
        suite.isValid(signature: signature, message: message, key: key)
    }

    func key(_ number: UInt64) -> Ed25519Signer {
        let seed = suite.sha256(withUnsafeBytes(of: number.littleEndian) { Array($0) }).bytes
        guard let signer = Ed25519Signer(seed: seed) else { preconditionFailure("32 bytes are a seed") }
        return signer
    }
}
