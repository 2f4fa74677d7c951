import GRDBSQLite
import HiveModel

/// Values of the row a statement stands on, by position from 0.
extension HotStatement {
    func int(_ index: Int32) -> Int64 { sqlite3_column_int64(raw, index) }

    func double(_ index: Int32) -> Double { sqlite3_column_double(raw, index) }

    func bool(_ index: Int32) -> Bool { sqlite3_column_int64(raw, index) != 0 }

    func isNull(_ index: Int32) -> Bool { sqlite3_column_type(raw, index) == SQLITE_NULL }

    func optionalInt(_ index: Int32) -> Int64? { isNull(index) ? nil : int(index) }

    func text(_ index: Int32) -> String {
        withBytes(index) { String(decoding: $0, as: UTF8.self) }
    }

    func optionalText(_ index: Int32) -> String? { isNull(index) ? nil : text(index) }

    func blob(_ index: Int32) -> [UInt8] {
        withBytes(index) { [UInt8]($0) }
    }

    func hash(_ index: Int32) throws -> Hash256 {
        let value: Hash256? = withBytes(index) { bytes in
            guard bytes.count == Hash256.byteCount, let base = bytes.baseAddress else { return nil }
            return Hash256(
                word0: UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                word1: UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                word2: UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                word3: UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            )
        }
        guard let value else { throw DamagedRow("a hash is not 32 bytes long") }
        return value
    }

    func optionalHash(_ index: Int32) throws -> Hash256? { isNull(index) ? nil : try hash(index) }

    func publicKey(_ index: Int32) throws -> PublicKey {
        guard let key = PublicKey(bytes: blob(index)) else { throw DamagedRow("a key is not 32 bytes long") }
        return key
    }

    func instanceID(_ index: Int32) throws -> InstanceID {
        guard let id = InstanceID(text(index)) else { throw DamagedRow("an instance id is malformed") }
        return id
    }

    func groupID(_ index: Int32) throws -> GroupID {
        guard let id = GroupID(text(index)) else { throw DamagedRow("a group id is malformed") }
        return id
    }

    func eventID(_ index: Int32) throws -> EventID {
        guard let id = EventID(text(index)) else { throw DamagedRow("an event id is malformed") }
        return id
    }

    func entityID(_ index: Int32) throws -> EntityID {
        guard let id = EntityID(text(index)) else { throw DamagedRow("an entity id is malformed") }
        return id
    }

    func role(_ index: Int32) throws -> MemberRole {
        guard let role = MemberRole(rawValue: text(index)) else { throw DamagedRow("a role is unknown") }
        return role
    }

    func stamp(_ index: Int32, prefix: (StampCode.PackedPrefix) -> InstancePrefix?) throws -> Stamp {
        let value: Stamp? = withBytes(index) { bytes in
            guard bytes.count == StampCode.byteCount, let base = bytes.baseAddress else { return nil }
            return StampCode.read(base, prefix: prefix)
        }
        guard let value else { throw DamagedRow("a stamp is not 28 bytes long") }
        return value
    }

    /// The bytes of a text or blob; valid only inside `body`.
    func withBytes<T>(_ index: Int32, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        let base = sqlite3_column_blob(raw, index)
        let count = Int(sqlite3_column_bytes(raw, index))
        return try body(UnsafeRawBufferPointer(start: count == 0 ? nil : base, count: count))
    }
}
