import HiveCrypto
import HivePorts

/// The admin key of an instance in mode `token` whose configuration names none: made at its first start, shown then,
/// and kept in a file that only its owner can read.
struct AdminKey: Sendable {
    var text: String
    var isNew: Bool

    static func loadOrMake(_ directory: DataDirectory) throws -> AdminKey {
        let file = KeyFile(path: directory.keysDirectory + "/admin.key")
        do {
            if file.exists { return AdminKey(text: String(decoding: try file.read(), as: UTF8.self), isNew: false) }
            let text = RandomText.token()
            try file.create(Array(text.utf8))
            return AdminKey(text: text, isNew: true)
        } catch {
            throw HiveError(.unavailable, "The admin key can't be kept: \(error.message) Or set admin.key.")
        }
    }
}
