import Foundation
import HiveCrypto
import HiveModel
import HiveTestKit
import Testing

@Suite("Keys, signatures and secrets")
struct CryptoTests {
    let crypto = SwiftCrypto()

    @Test("SHA-256 is FIPS 180's")
    func sha256() {
        #expect(crypto.sha256([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(crypto.sha256("abc".bytes).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let hash = crypto.sha256("abc".bytes)
        #expect(Hash256(bytes: hash.bytes) == hash)
    }

    /// RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature.
    static let ed25519 = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
                + "24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
                + "eeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
                + "8dc027beceea1ec40a",
        ],
    ]

    @Test("Signatures are RFC 8032's", arguments: ed25519)
    func signatures(_ vector: [String]) throws {
        let parts = vector.compactMap { Hex.decode($0) }
        let signer = try #require(Ed25519Signer(seed: parts[0]))
        #expect(signer.publicKey.bytes == parts[1])
        #expect(signer.sign(parts[2]) == parts[3])
        #expect(crypto.isValid(signature: parts[3], message: parts[2], key: signer.publicKey))
    }

    @Test("A signature that is not the key's is refused, of whatever length")
    func badSignatures() throws {
        let signer = Ed25519Signer()
        let message = "a message".bytes
        let signature = signer.sign(message)
        #expect(signature.count == 64)
        #expect(crypto.isValid(signature: signature, message: message, key: signer.publicKey))
        #expect(!crypto.isValid(signature: signature, message: message + [0], key: signer.publicKey))
        #expect(!crypto.isValid(signature: signature, message: message, key: Ed25519Signer().publicKey))
        for bad in [[], Array(signature.dropLast()), signature + [0], [UInt8](repeating: 0, count: 64)] {
            #expect(!crypto.isValid(signature: bad, message: message, key: signer.publicKey))
        }
        for byte: UInt8 in [0, 1, 0xFF] {
            let noPoint = try #require(PublicKey(bytes: [UInt8](repeating: byte, count: 32)))
            #expect(!crypto.isValid(signature: signature, message: message, key: noPoint))
        }
        #expect(Ed25519Signer(seed: [1, 2, 3]) == nil)
    }

    @Test("Keys are read from raw base64 and from DER")
    func keyForms() throws {
        let key = crypto.key(1).publicKey
        let der = try #require(Hex.decode("302a300506032b6570032100")) + key.bytes
        #expect(PublicKey(base64: key.base64) == key)
        #expect(PublicKey(base64: Base64.encode(der)) == key)
        #expect(PublicKey(base64: Base64.encode([UInt8](repeating: 1, count: 44))) == nil)
        #expect(PublicKey(base64: Base64.encode(key.bytes + [0])) == nil)
        #expect(PublicKey(base64: "") == nil)
    }

    @Test("An instance's id commits to its identity key")
    func instanceIDs() {
        let key = crypto.key(1).publicKey
        let id = InstanceID(identityKey: key, hashing: crypto)
        let hash = crypto.sha256("openhive-instance-v1".bytes + key.bytes)
        #expect(id.rawValue == "inst_" + Base32.encode(hash.bytes, length: 26))
        #expect(InstanceID(id.rawValue) == id)
        #expect(id.prefix.rawValue == Base32.encode(hash.bytes, length: 16))
    }

    @Test("HMAC is RFC 4231's, and is compared whole")
    func hmac() {
        let code = MessageCode.hmacSHA256("what do ya want for nothing?".bytes, key: "Jefe".bytes)
        #expect(Hex.encode(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(MessageCode.isValid(code, message: "what do ya want for nothing?".bytes, key: "Jefe".bytes))
        #expect(
            !MessageCode.isValid(
                Array(code.dropLast()),
                message: "what do ya want for nothing?".bytes,
                key: "Jefe".bytes
            )
        )
        #expect(MessageCode.areEqual([1, 2], [1, 2]) && !MessageCode.areEqual([1, 2], [1, 3]))
        #expect(!MessageCode.areEqual([1], [1, 2]) && MessageCode.areEqual([], []))
    }

    @Test("A sealed secret opens for the other side only, in its direction and context")
    func sealing() throws {
        let (left, right, third) = (EphemeralKey(), EphemeralKey(), EphemeralKey())
        let secret = "a token".bytes
        let context = "transcript".bytes
        let sealed = try #require(left.seal(secret, to: right.publicKey, label: "to responder", context: context))
        #expect(sealed.count == secret.count + 28)
        #expect(right.open(sealed, from: left.publicKey, label: "to responder", context: context) == secret)
        #expect(right.open(sealed, from: left.publicKey, label: "to initiator", context: context) == nil)
        #expect(right.open(sealed, from: left.publicKey, label: "to responder", context: []) == nil)
        #expect(right.open(sealed, from: third.publicKey, label: "to responder", context: context) == nil)
        #expect(third.open(sealed, from: left.publicKey, label: "to responder", context: context) == nil)
        var altered = sealed
        altered[15] ^= 1
        #expect(right.open(altered, from: left.publicKey, label: "to responder", context: context) == nil)
        for bad in [[], [1, 2, 3], [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 33)] as [[UInt8]] {
            #expect(left.seal(secret, to: bad, label: "", context: []) == nil)
            #expect(left.open(bad, from: right.publicKey, label: "", context: []) == nil)
        }
    }

    @Test("Content ids carry the prefix and sort by their milliseconds")
    func contentIDs() throws {
        let prefix = TestInstance("a", seed: 1, crypto: crypto).id.prefix
        let ids = ContentIDGenerator(prefix: prefix)
        let times: [Int64] = [0, 1, 63, 64, 1_700_000_000_000, 1_700_000_000_001, 1_750_000_000_000, HybridTime.msMax]
        let made = times.map { ids.next(ms: $0) }
        #expect(made == made.sorted())
        #expect(Set((0..<5000).map { _ in ids.next(ms: 7) }).count == 5000)
        for id in made {
            #expect(id.rawValue.utf8.count == 38 && id.carries(prefix))
        }
        _ = ids.next(ms: -1)
        _ = ids.next(ms: Int64.max)
    }

    @Test("Secrets are long, of their alphabet and never the same")
    func randomTexts() {
        #expect(RandomText.apiKey().hasPrefix("oh_") && RandomText.apiKey().utf8.count == 35)
        #expect(RandomText.nanoid().utf8.count == 21 && EntityID(RandomText.nanoid()) != nil)
        #expect(Base64URL.decode(RandomText.token())?.count == 32)
        #expect(Hex.decode(RandomText.nonce())?.count == 16)
        #expect(Set((0..<1000).map { _ in RandomText.nanoid() }).count == 1000)
        #expect(RandomBytes.bytes(1000).count == 1000 && RandomBytes.bytes(0).isEmpty)
    }
}

@Suite("Key files")
struct KeyFileTests {
    let directory: String

    init() throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "openhive-keys-\(RandomText.nanoid())")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        directory = base.path
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }

    private func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test("Keys are kept in files that their owner alone may read, and come back")
    func store() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try IdentityKeyStore(directory: "\(directory)/keys")
        #expect(!store.hasIdentity)
        #expect(#expect(throws: KeyError.self) { try store.identity() }?.code == .missing)
        let identity = try store.createIdentity()
        #expect(store.hasIdentity)
        #expect(try store.identity().publicKey == identity.publicKey)
        #expect(#expect(throws: KeyError.self) { try store.createIdentity() }?.code == .exists)
        let group = TestGroup(1, crypto: StandInCrypto()).id
        let log = try store.createLogKey(group: group, epoch: 1)
        #expect(try store.logKey(group: group, epoch: 1).seed == log.seed)
        #expect(#expect(throws: KeyError.self) { try store.logKey(group: group, epoch: 2) }?.code == .missing)
        #expect(#expect(throws: KeyError.self) { try store.keepLogKey(log, group: group, epoch: 1) }?.code == .exists)
        let files = try FileManager.default.contentsOfDirectory(atPath: store.directory).sorted()
        #expect(files == ["identity.key", "log_\(group.rawValue)_1.key"])
        for file in files { #expect(try mode("\(store.directory)/\(file)") == 0o600) }
        #expect(try mode(store.directory) == 0o700)
        #expect(try IdentityKeyStore(directory: store.directory).identity().seed == identity.seed)
    }

    @Test("A file that others may read, a link and a damaged file are refused")
    func refused() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try IdentityKeyStore(directory: directory)
        _ = try store.createIdentity()
        let path = "\(directory)/identity.key"
        for exposed in [0o640, 0o604, 0o620, 0o777] {
            try setMode(exposed, path)
            let error = #expect(throws: KeyError.self) { try store.identity() }
            #expect(error?.code == .exposed)
            #expect(error?.message.contains(path) == true)
        }
        try setMode(0o600, path)
        #expect(throws: Never.self) { try store.identity() }
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/link", withDestinationPath: path)
        #expect(#expect(throws: KeyError.self) { try KeyFile(path: "\(directory)/link").read() }?.code == .system)
        for content in ["", "no base64", "AAAA", String(repeating: "A", count: 8000)] {
            try Data(content.utf8).write(to: URL(filePath: path))
            try setMode(0o600, path)
            #expect(#expect(throws: KeyError.self) { try store.identity() }?.code == .damaged)
        }
        #expect(#expect(throws: KeyError.self) { try KeyFile(path: directory).read() }?.code == .damaged)
    }

    @Test("Where nothing can be written, creating says so and leaves nothing behind")
    func unwritable() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let error = #expect(throws: KeyError.self) { try KeyFile(path: "\(directory)/none/identity.key").create([1]) }
        #expect(error?.code == .system)
        #expect(throws: KeyError.self) { try IdentityKeyStore(directory: "\(directory)/a/b") }
        try Data().write(to: URL(filePath: "\(directory)/file"))
        #expect(throws: KeyError.self) { try IdentityKeyStore(directory: "\(directory)/file") }
        try setMode(0o777, directory)
        #expect(#expect(throws: KeyError.self) { try IdentityKeyStore(directory: directory) }?.code == .exposed)
    }
}
