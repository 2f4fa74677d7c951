import Foundation
import HivePorts

/// Where an instance keeps what is its own.
///
/// ```
/// .openhive-root    marks the directory
/// openhive.yaml     settings
/// data/openhive.db  the database (with -wal and -shm while open)
/// keys/             identity key and log keys, mode 0700; nothing else makes this instance itself
/// lock              held by the one process that writes
/// run.json          address, pid and local admin token of the running server, mode 0600
/// ```
public struct DataDirectory: Hashable, Sendable {
    /// Absolute.
    public let root: String

    public init(root: String) {
        self.root = Self.absolute(root, below: FileManager.default.currentDirectoryPath)
    }

    public var markerFile: String { root + "/.openhive-root" }
    public var configFile: String { root + "/openhive.yaml" }
    public var databaseFile: String { root + "/data/openhive.db" }
    public var keysDirectory: String { root + "/keys" }
    public var lockFile: String { root + "/lock" }
    public var runFile: String { root + "/run.json" }

    /// Whether `init` has finished here.
    public var isInitialized: Bool { FileManager.default.fileExists(atPath: markerFile) }

    /// The first of: `--data-dir`, `OPENHIVE_HOME`, `./.openhive` where it is marked, `~/.openhive`.
    public static func locate(flag: String?, environment: [String: String]) -> DataDirectory {
        if let flag, !flag.isEmpty { return DataDirectory(root: flag) }
        if let home = environment["OPENHIVE_HOME"], !home.isEmpty { return DataDirectory(root: home) }
        let here = DataDirectory(root: ".openhive")
        if here.isInitialized { return here }
        let home = environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path
        return DataDirectory(root: home + "/.openhive")
    }

    /// `~` is the home directory; what is not absolute lies below `base`.
    static func absolute(_ path: String, below base: String) -> String {
        let expanded = (path as NSString).expandingTildeInPath
        let full = expanded.hasPrefix("/") ? expanded : base + "/" + expanded
        return URL(fileURLWithPath: full).standardizedFileURL.path
    }

    /// Makes the folders where they are missing.
    ///
    /// Only the owner may look into them: the database holds the tokens for peers.
    func createFolders() throws {
        for (path, mode) in [(root, 0o700), (root + "/data", 0o700), (keysDirectory, 0o700)] {
            do {
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: mode]
                )
            } catch {
                throw HiveError(
                    .unavailable,
                    "The folder \(path) can't be made: \(FileFault.text(error)). Name another with --data-dir."
                )
            }
        }
    }

    /// Replaces a file in one step, readable by its owner only where `isPrivate`.
    static func write(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
        let temporary = path + ".new"
        let mode = isPrivate ? 0o600 : 0o644
        guard FileManager.default.createFile(atPath: temporary, contents: nil, attributes: [.posixPermissions: mode])
        else {
            throw HiveError(
                .unavailable,
                "The file \(path) can't be written: is the disk full, or the folder read-only?"
            )
        }
        do {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: temporary)
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
            defer { try? handle.close() }
            try handle.write(contentsOf: bytes)
            try handle.synchronize()
        } catch {
            throw HiveError(.unavailable, "The file \(path) can't be written: \(FileFault.text(error)).")
        }
        guard rename(temporary, path) == 0 else {
            throw HiveError(.unavailable, "The file \(path) can't be written: \(FileFault.current).")
        }
    }
}

/// What the system says about a file that could not be used.
enum FileFault {
    static var current: String { String(cString: strerror(errno)) }

    static func text(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let underlying, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(underlying.code)))
        }
        return (error as NSError).localizedDescription
    }
}
