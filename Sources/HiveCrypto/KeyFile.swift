internal import Foundation
internal import HiveModel

/// One private key in a file of its own, mode 0600: a line of base64.
///
/// A file is written beside its place, synced and then linked there, so it is whole or not there at all, and a key that
/// exists is never replaced.
public struct KeyFile: Hashable, Sendable {
    public let path: String
    private static let bytesMax = 4096

    public init(path: String) {
        self.path = path
    }

    /// Writes `secret` where no file is yet.
    public func create(_ secret: [UInt8]) throws(KeyError) {
        let draft = "\(path).\(RandomText.characters(8)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemError("write") }
        defer { unlink(draft) }
        let isWritten = Self.writeAll(Array("\(Base64.encode(secret))\n".utf8), to: descriptor)
        let isSynced = isWritten && fsync(descriptor) == 0
        let cause = errno
        close(descriptor)
        guard isSynced else { throw systemError("write", cause) }
        guard link(draft, path) == 0 else {
            if errno == EEXIST { throw KeyError(.exists, "\(path) exists already; a key is never replaced.") }
            throw systemError("write")
        }
        Self.syncDirectory(of: path)
    }

    /// Reads the secret; refuses a file that others may read or that another user owns.
    public func read() throws(KeyError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw KeyError(.missing, "There is no key at \(path).") }
            throw systemError("read")
        }
        defer { close(descriptor) }
        try checkOwner(descriptor)
        var buffer = [UInt8](repeating: 0, count: Self.bytesMax + 1)
        var length = 0
        while length < buffer.count {
            let count = buffer.withUnsafeMutableBytes { bytes in
                Foundation.read(descriptor, bytes.baseAddress?.advanced(by: length), bytes.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemError("read") }
            guard count > 0 else { break }
            length += count
        }
        let text = String(decoding: buffer[..<length].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard length <= Self.bytesMax, let secret = Base64.decode(text), !secret.isEmpty else {
            throw KeyError(.damaged, "\(path) is no key file: it should hold one line of base64.")
        }
        return secret
    }

    public var exists: Bool { access(path, F_OK) == 0 }

    private func checkOwner(_ descriptor: Int32) throws(KeyError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError("read") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw KeyError(.damaged, "\(path) is no ordinary file.") }
        guard status.st_mode & 0o077 == 0 else {
            throw KeyError(.exposed, "Others may read \(path): chmod 600 it, and think of the key as seen.")
        }
        guard status.st_uid == geteuid() else {
            throw KeyError(.exposed, "\(path) belongs to another user than the one this program runs as.")
        }
    }

    private func systemError(_ verb: String, _ cause: Int32 = errno) -> KeyError {
        KeyError(.system, "Can't \(verb) the key file \(path): \(String(cString: strerror(cause))).")
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Makes the new name itself durable.
    private static func syncDirectory(of path: String) {
        let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
