import GRDB

/// The history of the schema, oldest first.
///
/// Append only: a released migration is never changed.
enum Migrations {
    struct Migration {
        let name: String
        let statements: [String]
    }

    static let all = [
        Migration(name: "001 log", statements: SQLiteDialect.logTables),
        Migration(name: "002 fold", statements: SQLiteDialect.foldTables + SQLiteDialect.decidedTables),
        Migration(name: "003 community", statements: SQLiteDialect.communityTables + [SQLiteDialect.memberView]),
        Migration(name: "004 peers", statements: SQLiteDialect.peerTables),
        Migration(name: "005 search", statements: SQLiteDialect.searchTables),
        Migration(name: "006 join requests", statements: SQLiteDialect.requestTables),
        Migration(name: "007 invite codes", statements: SQLiteDialect.inviteCodeTables),
        Migration(name: "008 anonymous readers", statements: [SQLiteDialect.closedHivesIndex]),
    ]

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in all {
            migrator.registerMigration(migration.name) { db in
                for statement in migration.statements {
                    try db.execute(sql: statement)
                }
            }
        }
        return migrator
    }
}
