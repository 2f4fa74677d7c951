import GRDB
import HiveModel
import HivePorts
import HiveSync
import Synchronization

/// The database of one instance: event logs, what the fold makes of them, accounts, hives, peers, search.
///
/// One writer at a time, in whole transactions (`write`); reads go to other connections and see the last commit. Faults
/// of disk and database come out as `HiveError(.unavailable)` with the transaction rolled back; nothing needs a restart
/// once the disk is well again. No private key is kept here.
public final class HiveStore: Sendable {
    let pool: DatabasePool
    let options: StoreOptions
    let hotFeeds: Mutex<HotFeedCache>
    /// The random id of this database's life; arrival numbers of another mean nothing.
    public let incarnation: String
    private let writer: WriterBox

    /// The writer's memory, touched only inside `pool.writeWithoutTransaction`, which lets one caller in at a time.
    private final class WriterBox: @unchecked Sendable {
        var core: WriterCore?
    }

    /// Opens the database, makes it where there is none, and brings its schema up to date.
    public static func open(path: String, options: StoreOptions) throws -> HiveStore {
        do {
            return try HiveStore(path: path, options: options)
        } catch {
            throw FaultMapping.outward(error)
        }
    }

    private init(path: String, options: StoreOptions) throws {
        pool = try StoreOpening.pool(path: path, options: options)
        incarnation = try StoreOpening.prepare(pool)
        self.options = options
        hotFeeds = Mutex(HotFeedCache())
        writer = WriterBox()
        try pool.writeWithoutTransaction { db in
            writer.core = try WriterCore(connection: db, options: options)
        }
    }

    /// Finalises the statements before the pool closes its connections.
    ///
    /// Not by `close`: the last reference may go where the writer is, which must not wait for itself.
    deinit { writer.core = nil }

    /// Ends all connections.
    ///
    /// Later calls throw `HiveError(.unavailable)`.
    public func close() {
        pool.writeWithoutTransaction { _ in writer.core = nil }
        try? pool.close()
    }

    // MARK: Writing

    /// Runs `body` in one transaction and commits it durably; where it throws, nothing is changed.
    ///
    /// Blocks its thread: for the node's one writer. What `body` is given must not be kept.
    public func write<T>(_ body: (inout WriteTransaction) throws -> T) throws -> T {
        try pool.writeWithoutTransaction { _ in try writeHere(body) }
    }

    /// As `write`, without blocking the caller's thread and without stopping when the caller is cancelled.
    func writeLater<T: Sendable>(_ body: @escaping @Sendable (inout WriteTransaction) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncWriteWithoutTransaction { [self] _ in
                continuation.resume(with: Result { try writeHere(body) })
            }
        }
    }

    /// One transaction, for callers that are where the writer connection is.
    private func writeHere<T>(_ body: (inout WriteTransaction) throws -> T) throws -> T {
        do {
            guard let core = writer.core else { throw HiveError(.unavailable, "The database is closed.") }
            return try core.transaction {
                var transaction = WriteTransaction(core: core)
                return try body(&transaction)
            }
        } catch {
            throw FaultMapping.outward(error)
        }
    }

    /// Runs `body` where the writer connection is, outside a transaction.
    func withCore<T>(_ body: (WriterCore) throws -> T) throws -> T {
        do {
            return try pool.writeWithoutTransaction { _ in
                guard let core = writer.core else { throw HiveError(.unavailable, "The database is closed.") }
                return try body(core)
            }
        } catch {
            throw FaultMapping.outward(error)
        }
    }

    /// An error of the store as shells understand it: faults of disk and database as `HiveError`, all others as they
    /// are.
    public static func described(_ error: any Error) -> any Error { FaultMapping.outward(error) }

    // MARK: Reading

    /// Runs `body` on a reader, on a snapshot of the last commit.
    func read<T: Sendable>(_ body: @Sendable @escaping (Reader) throws -> T) async throws -> T {
        do {
            return try await pool.read { db in try body(Reader(db: db)) }
        } catch {
            throw FaultMapping.outward(error)
        }
    }

    /// As `read`, blocking the calling thread.
    func readBlocking<T>(_ body: (Reader) throws -> T) throws -> T {
        do {
            return try pool.read { db in try body(Reader(db: db)) }
        } catch {
            throw FaultMapping.outward(error)
        }
    }
}
