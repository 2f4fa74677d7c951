#ifndef OPENHIVE_CSQLITE_SHIM_H
#define OPENHIVE_CSQLITE_SHIM_H

/// Switches SQLite's process-wide memory statistics off, so that parallel readers do not meet at one mutex.
/// MUST be called before the first connection is opened. Returns an SQLite result code (0 = done).
/// A C function because `sqlite3_config` is variadic and Swift refuses such calls.
int openhive_sqlite_disable_memory_statistics(void);

#endif
