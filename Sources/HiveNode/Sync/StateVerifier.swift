import Foundation
import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync
import NIOPosix

/// Folds a group from nothing into a scratch database and compares it with what is stored: every hash, chain and
/// signature is checked again on the way, and counters are counted again.
struct StateVerifier: Sendable {
    let store: HiveStore
    let writer: Writer<StoreBackend>
    let group: GroupID
    /// Where the scratch database may lie.
    let folder: String

    private static let pageEvents = 1_000
    private static let differencesMax = 20

    func run() async throws -> VerifyResult {
        let path = "\(folder)/verify-\(RandomText.nanoid()).db"
        defer { Self.remove(path) }
        let scratch = try Scratch(path: path, group: group)
        defer { scratch.close() }
        for origin in try await origins() {
            guard let key = try await store.identityKey(of: origin, in: group) else { continue }
            try await scratch.know(origin, key)
        }
        while true {
            try await replay(into: scratch)
            let heads = try await scratch.heads()
            let (group, local) = (group, SwiftCrypto())
            // Events that came meanwhile are folded first; then both stand at the same heads.
            let stored = try await writer.perform { turn -> StoredState? in
                var state = try turn.state(of: group)
                guard try state.heads() == heads else { return nil }
                return StoredState(
                    root: try state.stateRoot().value(local),
                    rowsRoot: try state.recomputedRoot(local).value(local),
                    miscounts: try Recount.faults(in: &state)
                )
            }
            if let stored { return try await compare(stored, scratch) }
        }
    }

    /// What the database says of itself.
    private struct StoredState: Sendable {
        var root: Hash256
        /// From all rows, not from what changed.
        var rowsRoot: Hash256
        var miscounts: [String]
    }

    private func origins() async throws -> [InstanceID] {
        try await store.group(group)?.heads.map(\.origin) ?? []
    }

    private func replay(into scratch: Scratch) async throws {
        while true {
            let page = try await store.events(of: group, sinceArrival: scratch.arrival, limit: Self.pageEvents)
            guard page.count > 0 else { return }
            try await scratch.admit(page)
            guard page.hasMore else { return }
        }
    }

    private func compare(_ stored: StoredState, _ scratch: Scratch) async throws -> VerifyResult {
        let folded = try await scratch.result()
        var differences = folded.refusals + stored.miscounts
        if stored.rowsRoot != stored.root {
            differences.append("the stored root is \(stored.root.hex), that of the stored rows \(stored.rowsRoot.hex)")
        }
        if folded.root != stored.rowsRoot { differences += try await rowDifferences(scratch) }
        return VerifyResult(
            group: group,
            events: folded.events,
            entities: folded.entities,
            storedRoot: stored.root,
            foldedRoot: folded.root,
            isEqual: folded.root == stored.root && differences.isEmpty,
            differences: Array(differences.prefix(Self.differencesMax))
        )
    }

    private func rowDifferences(_ scratch: Scratch) async throws -> [String] {
        let group = group
        let stored = try await writer.perform { try $0.state(of: group).canonicalDump() }
        let (storedRows, foldedRows) = (Self.rows(stored), Self.rows(try await scratch.dump()))
        return storedRows.subtracting(foldedRows).sorted().map { "stored, not folded: \($0)" }
            + foldedRows.subtracting(storedRows).sorted().map { "folded, not stored: \($0)" }
    }

    private static func rows(_ dump: [UInt8]) -> Set<String> {
        Set(dump.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0.prefix(300), as: UTF8.self) })
    }

    private static func remove(_ path: String) {
        for file in [path, path + "-wal", path + "-shm"] { try? FileManager.default.removeItem(atPath: file) }
    }
}

/// The database folded into, written off the cooperative threads.
private final class Scratch: Sendable {
    struct Result: Sendable {
        var root: Hash256
        var events: Int64
        var entities: Int64
        var refusals: [String]
    }

    private let store: HiveStore
    private let group: GroupID
    private let progress = ScratchProgress()

    init(path: String, group: GroupID) throws {
        store = try HiveStore.open(path: path, options: StoreOptions(readersMax: 1, now: SystemClock.nowMs))
        self.group = group
        try store.write { try $0.createGroup(group, isShared: false, createdAtMs: 0) }
    }

    func close() { store.close() }

    var arrival: Int64 { progress.arrival }

    func know(_ instance: InstanceID, _ key: PublicKey) async throws {
        try await write { state in try state.putKnown(instance, identityKey: key) }
    }

    func admit(_ page: EventPage) async throws {
        let group = group
        let crypto = SwiftCrypto()
        var parser = EventParser(groupID: group)
        var events: [Event] = []
        for line in page.lines.split(separator: UInt8(ascii: "\n")) {
            do {
                events.append(try parser.parse(Array(line), hashing: crypto))
            } catch {
                progress.refuse("event \(progress.events + Int64(events.count) + 1) can't be read: \(error)")
            }
        }
        let offered = events
        let outcome = try await write { state in
            var admission = Admission<SQLiteState, SwiftCrypto>(group: group, crypto: crypto)
            // Everything was admitted once: no clock holds it back now.
            let outcome = try admission.admit(offered, wallMs: HybridTime.msMax, into: &state)
            try admission.finish(&state)
            return outcome
        }
        for refused in outcome.rejected {
            progress.refuse("\(refused.origin.rawValue) \(refused.place.epoch)/\(refused.place.seq): \(refused.reason)")
        }
        for gap in outcome.need { progress.refuse("the log of \(gap.origin.rawValue) has a gap") }
        progress.advance(to: page.nextSeq, events: Int64(offered.count))
    }

    func heads() async throws -> [LogHead] { try await write { try $0.heads() } }

    func dump() async throws -> [UInt8] { try await write { try $0.canonicalDump() } }

    func result() async throws -> Result {
        let (events, refusals) = (progress.events, progress.refusals)
        return try await write { state in
            var entities: Int64 = 0
            try state.forEachEntity { _ in entities += 1 }
            return Result(
                root: try state.stateRoot().value(SwiftCrypto()),
                events: events,
                entities: entities,
                refusals: refusals
            )
        }
    }

    private func write<T: Sendable>(_ body: @escaping @Sendable (inout SQLiteState) throws -> T) async throws -> T {
        try await NIOThreadPool.singleton.runIfActive { [store, group] in
            try store.write { transaction in
                var state = try transaction.state(for: group)
                return try body(&state)
            }
        }
    }
}
