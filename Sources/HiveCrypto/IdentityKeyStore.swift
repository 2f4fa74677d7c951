internal import Foundation
public import HiveModel

/// The private keys of one instance, as files in `keys/` of its data directory: the identity key and one key for each
/// log.
///
/// No private key lies anywhere else. Calls read and write small files and block for that long.
public struct IdentityKeyStore: Sendable {
    public let directory: String

    /// Opens the directory and makes it, mode 0700, where it is not there.
    public init(directory: String) throws(KeyError) {
        self.directory = directory
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw KeyError(.system, "Can't make the directory \(directory): \(String(cString: strerror(errno))).")
        }
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw KeyError(.system, "\(directory) is no directory that can be read.")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw KeyError(.exposed, "Others may write to \(directory): chmod 700 it.")
        }
    }

    // MARK: Identity

    public var hasIdentity: Bool { identityFile.exists }

    public func identity() throws(KeyError) -> Ed25519Signer { try Self.signer(identityFile) }

    /// Makes the identity key; an instance has one for life.
    public func createIdentity() throws(KeyError) -> Ed25519Signer {
        let signer = Ed25519Signer()
        try identityFile.create(signer.seed)
        return signer
    }

    // MARK: Logs

    /// The key of this instance's log of `epoch` in a group; throws `.missing` where there is none.
    public func logKey(group: GroupID, epoch: Int64) throws(KeyError) -> Ed25519Signer {
        try Self.signer(logFile(group, epoch))
    }

    /// Makes the key of a new log.
    public func createLogKey(group: GroupID, epoch: Int64) throws(KeyError) -> Ed25519Signer {
        let signer = Ed25519Signer()
        try keepLogKey(signer, group: group, epoch: epoch)
        return signer
    }

    /// Keeps a key made before its group had an id.
    ///
    /// MUST be called before anything it signed is stored or sent.
    public func keepLogKey(_ signer: Ed25519Signer, group: GroupID, epoch: Int64) throws(KeyError) {
        try logFile(group, epoch).create(signer.seed)
    }

    private var identityFile: KeyFile { KeyFile(path: "\(directory)/identity.key") }

    private func logFile(_ group: GroupID, _ epoch: Int64) -> KeyFile {
        KeyFile(path: "\(directory)/log_\(group.rawValue)_\(epoch).key")
    }

    private static func signer(_ file: KeyFile) throws(KeyError) -> Ed25519Signer {
        guard let signer = Ed25519Signer(seed: try file.read()) else {
            throw KeyError(.damaged, "\(file.path) does not hold an Ed25519 seed of 32 bytes.")
        }
        return signer
    }
}
