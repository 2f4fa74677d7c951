import HiveCrypto
import HiveModel
import HivePorts
import HiveSync
import Synchronization

/// Who this instance is: its identity key, the keys of its logs, the ids it makes, and where it is reached.
final class LocalInstance: InstanceIdentity {
    let instance: InstanceID
    let name: String
    let ids: ContentIDGenerator
    let crypto = SwiftCrypto()
    let identity: Ed25519Signer
    /// Seals replies kept in the database.
    let replies: StorageSeal
    /// When this process began, milliseconds since 1970.
    let startedMs = SystemClock.nowMs()
    /// What an operator has to know.
    let alerts: AlertBoard
    private let keys: IdentityKeyStore
    private let state: Mutex<State>

    private struct State {
        var syncEndpoint: String?
        var signers: [LogName: Ed25519Signer] = [:]
        /// Groups in which another process writes this instance's log.
        var alarms: Set<GroupID> = []
    }

    private struct LogName: Hashable {
        var group: GroupID
        var epoch: Int64
    }

    /// Reads the identity key.
    ///
    /// Throws a sentence where there is none or others may read it.
    init(directory: DataDirectory, name: String, alerts: AlertBoard) throws {
        self.alerts = alerts
        do {
            keys = try IdentityKeyStore(directory: directory.keysDirectory)
            identity = try keys.identity()
        } catch {
            throw HiveError(.unavailable, error.message)
        }
        self.name = name
        replies = StorageSeal(secret: identity.seed, label: "replies")
        instance = InstanceID(identityKey: identity.publicKey, hashing: crypto)
        ids = ContentIDGenerator(prefix: instance.prefix)
        state = Mutex(State())
    }

    var identityKey: PublicKey { identity.publicKey }

    func sign(_ message: [UInt8]) -> [UInt8] { identity.sign(message) }

    /// Known once the server listens, because the port may be any free one.
    var syncEndpoint: String? {
        get { state.withLock { $0.syncEndpoint } }
        set { state.withLock { $0.syncEndpoint = newValue } }
    }

    /// The name under which an agent votes in a group of pseudonymous votes (protocol, section 12.1).
    ///
    /// The same for ever, also after a restore: `v_` and base32 of an HMAC under a key that the identity key gives.
    func votePseudonym(of agent: String, in group: GroupID) -> EntityID {
        let key = MessageCode.hmacSHA256(Array("openhive-vote-privacy-v1".utf8), key: identity.seed)
        let code = MessageCode.hmacSHA256(Array((group.rawValue + agent).utf8), key: key)
        guard let id = EntityID("v_" + Base32.encode(code, length: 52)) else {
            preconditionFailure("a prefix and base32 characters are an id")
        }
        return id
    }

    // MARK: Another process

    /// Another process was seen writing this instance's log.
    func raiseAlarm(in group: GroupID) {
        state.withLock { _ = $0.alarms.insert(group) }
        if let alarm = alarm(in: group) { alerts.raise(AlertSubject(.secondProcess, group: group), alarm) }
    }

    /// A sentence where this instance must not write in a group any more.
    func alarm(in group: GroupID) -> String? {
        guard state.withLock({ $0.alarms.contains(group) }) else { return nil }
        return "Another process writes this instance's log with the same keys, a copy of its data directory: nothing "
            + "more is written here. Stop that process, then start this server again."
    }

    // MARK: Logs

    /// Whether the key of a log is here.
    func hasKey(group: GroupID, epoch: Int64) -> Bool { (try? author(group: group, epoch: epoch)) != nil }

    /// Who writes this instance's log of an epoch.
    ///
    /// The key is read once and kept in memory.
    func author(group: GroupID, epoch: Int64) throws -> EventAuthor<Ed25519Signer, SwiftCrypto> {
        let name = LogName(group: group, epoch: epoch)
        if let signer = state.withLock({ $0.signers[name] }) { return author(signer) }
        do {
            let signer = try keys.logKey(group: group, epoch: epoch)
            state.withLock { $0.signers[name] = signer }
            return author(signer)
        } catch {
            throw HiveError(.internalFault, "The log of this instance can't be written: \(error.message)")
        }
    }

    /// Who writes a log that is about to be opened: its key is made, or taken up where an earlier try left one.
    func newAuthor(group: GroupID, epoch: Int64) throws -> EventAuthor<Ed25519Signer, SwiftCrypto> {
        do {
            return author(try keys.createLogKey(group: group, epoch: epoch))
        } catch  where error.code == .exists {
            return try author(group: group, epoch: epoch)
        } catch {
            throw HiveError(.unavailable, "The key of a new log can't be kept: \(error.message)")
        }
    }

    /// Makes a group's first event under a new key, and keeps the key before anybody sees what it signed.
    func found(_ genesis: GenesisDraft, wallMs: Int64) throws -> Event {
        let signer = Ed25519Signer()
        let event = author(signer).genesis(genesis, identity: identity, wallMs: wallMs)
        do {
            try keys.keepLogKey(signer, group: event.groupID, epoch: 1)
        } catch {
            throw HiveError(.unavailable, "The key of a new hive can't be kept: \(error.message)")
        }
        return event
    }

    private func author(_ signer: Ed25519Signer) -> EventAuthor<Ed25519Signer, SwiftCrypto> {
        EventAuthor(instance: instance, signer: signer, crypto: crypto)
    }
}
