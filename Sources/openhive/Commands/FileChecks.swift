import Foundation
import HiveNode
import HivePorts

/// Permissions of the data directory and of the keys.
struct FileChecks {
    let directory: DataDirectory

    func run() -> [Finding] {
        guard directory.isInitialized else {
            return [
                Finding("data directory", .fail, "Nothing is set up in \(directory.root): begin with `openhive init`.")
            ]
        }
        return [folder(), keys()]
    }

    private func folder() -> Finding {
        let name = "data directory"
        guard access(directory.root, R_OK | W_OK | X_OK) == 0 else {
            return Finding(name, .fail, "\(directory.root) can't be written by this user: run as its owner.")
        }
        guard let mode = Self.mode(directory.root), mode & 0o022 == 0 else {
            return Finding(name, .warn, "Others can write to \(directory.root): chmod go-w it.")
        }
        return Finding(name, .ok, directory.root)
    }

    private func keys() -> Finding {
        let name = "keys"
        let folder = directory.keysDirectory
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder), !files.isEmpty else {
            return Finding(name, .fail, "There are no keys in \(folder): put them back from a backup.")
        }
        guard let mode = Self.mode(folder), mode & 0o077 == 0 else {
            return Finding(name, .fail, "Others can look into \(folder): chmod 700 it.")
        }
        for file in files.sorted() {
            let path = folder + "/" + file
            guard let mode = Self.mode(path), mode & 0o077 == 0 else {
                return Finding(
                    name,
                    .fail,
                    "Others can read \(path): chmod 600 it, and if strangers use this machine, rotate."
                )
            }
        }
        return Finding(name, .ok, "\(Readable.count(files.count, "file", "files")), readable by the owner only")
    }

    /// Permission bits of a file; nil where it can't be looked at.
    private static func mode(_ path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }
}

/// Whether the settings can be used.
enum ConfigurationCheck {
    static func run(_ global: GlobalOptions) -> Finding {
        do {
            let configuration = try global.configuration()
            if let warning = configuration.warnings.first { return Finding("settings", .warn, warning) }
            return Finding("settings", .ok, configuration.configFile ?? "defaults, no file")
        } catch {
            return Finding("settings", .fail, "\(error)")
        }
    }
}

/// Whether there is room to write.
enum DiskCheck {
    private static let warnBytes: Int64 = 1 << 30
    private static let failBytes: Int64 = 100 << 20

    static func run(_ path: String) -> Finding {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else {
            return Finding("disk space", .warn, "The disk of \(path) can't be asked how full it is.")
        }
        let free = Int64(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize))
        return finding(freeBytes: free)
    }

    static func finding(freeBytes: Int64) -> Finding {
        let text = "\(Readable.bytes(freeBytes)) free"
        if freeBytes < failBytes {
            return Finding("disk space", .fail, text + ": writes will soon be refused, make room.")
        }
        if freeBytes < warnBytes { return Finding("disk space", .warn, text + ": make room soon.") }
        return Finding("disk space", .ok, text)
    }
}

/// Whether the database file is whole, as SQLite sees it.
enum IntegrityCheck {
    /// Nothing where there is no database yet.
    static func run(_ global: GlobalOptions) async -> [Finding] {
        let name = "database file"
        guard let path = try? global.configuration().databasePath else { return [] }
        do {
            guard let check = try await DatabaseCheck.run(path: path) else { return [] }
            let took = "checked in \(Readable.duration(ms: check.tookMs))"
            guard let first = check.faults.first else { return [Finding(name, .ok, "whole, \(took)")] }
            let more = check.faults.count > 1 ? " and \(check.faults.count - 1) more" : ""
            return [
                Finding(
                    name,
                    .fail,
                    "Damaged, \(took): \(Readable.oneLine(first))\(more). Stop the server, keep a copy of the data "
                        + "directory, and put back a backup."
                )
            ]
        } catch {
            let message = (error as? HiveError)?.message ?? "\(error)"
            return [Finding(name, .fail, "\(path) can't be read: \(Readable.oneLine(message))")]
        }
    }
}
