import CSQLiteShim
import GRDB
import HivePorts

/// Opens connections the way the store needs them.
enum StoreOpening {
    /// SQLite's process-wide memory statistics make parallel readers meet at one mutex: off before the first
    /// connection.
    ///
    /// A refusal (some other part of the process was first) costs speed only.
    private static let memoryStatisticsAreOff = openhive_sqlite_disable_memory_statistics() == 0

    static func pool(path: String, options: StoreOptions) throws -> DatabasePool {
        _ = memoryStatisticsAreOff
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = max(1, options.readersMax)
        configuration.persistentReadOnlyConnections = true
        configuration.busyMode = .timeout(Double(options.busyTimeoutMs) / 1_000)
        configuration.label = "hive"
        configuration.prepareDatabase { db in
            for pragma in SQLiteDialect.connectionPragmas { try db.execute(sql: pragma) }
            guard db.configuration.readonly else { return }
            for pragma in SQLiteDialect.readerPragmas { try db.execute(sql: pragma) }
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // After opening, because going to WAL sets `synchronous` itself.
        try pool.writeWithoutTransaction { db in
            for pragma in SQLiteDialect.writerPragmas { try db.execute(sql: pragma) }
        }
        return pool
    }

    /// Brings the schema up to date.
    ///
    /// Returns the incarnation, drawn when the database was made.
    static func prepare(_ pool: DatabasePool) throws -> String {
        let migrator = Migrations.migrator
        if try pool.read(migrator.hasBeenSuperseded) {
            throw HiveError(.unavailable, "The database was written by a newer version of openhive. Use that version.")
        }
        try migrator.migrate(pool)
        return try pool.write { db in
            let key = MetaKey.incarnation.rawValue
            if let held = try String.fetchOne(db, sql: EventSQL.meta, arguments: [key]) { return held }
            let drawn = (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 36) }.joined()
            try db.execute(sql: EventSQL.putMeta, arguments: [key, drawn])
            return drawn
        }
    }
}
