import Foundation
import HivePorts
import Synchronization

/// Keeps every other process from writing to a data directory.
///
/// Released by `release()`, at the latest with the process.
public final class DirectoryLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Throws `HiveError(.conflict)` naming the holder where another process has it.
    public init(_ directory: DataDirectory) throws {
        let opened = open(directory.lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw HiveError(.unavailable, "The file \(directory.lockFile) can't be opened: \(FileFault.current).")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(opened).map { " (process \($0))" } ?? ""
            close(opened)
            throw HiveError(
                .conflict,
                "Another process\(holder) works on \(directory.root): stop it first, or name another --data-dir."
            )
        }
        let pid = Array("\(getpid())\n".utf8)
        if ftruncate(opened, 0) == 0 { _ = pwrite(opened, pid, pid.count, 0) }
        descriptor = Mutex(opened)
    }

    deinit { release() }

    public func release() {
        let held = descriptor.withLock { held in
            defer { held = nil }
            return held
        }
        if let held { close(held) }
    }

    /// The pid of the process that holds the lock now; nil where nobody does.
    static func holder(of directory: DataDirectory) -> Int32? {
        let opened = open(directory.lockFile, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        defer { close(opened) }
        if flock(opened, LOCK_EX | LOCK_NB) == 0 { return nil }
        return holder(opened)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        let digits = buffer.prefix(count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
