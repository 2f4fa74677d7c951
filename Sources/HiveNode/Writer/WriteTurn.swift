import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// One transaction of the writer as its jobs see it: the store's transaction, and one `Admission` for each group
/// touched.
///
/// Lives only while the transaction is open, on the writer's thread.
final class WriteTurn {
    typealias GroupAdmission = Admission<SQLiteState, SwiftCrypto>

    /// What must go back with a savepoint.
    struct Memory {
        var admissions: [GroupID: GroupAdmission] = [:]
        /// In the order they were first touched.
        var groups: [GroupID] = []
        /// Agents of this instance whose profile the group knows as it is now.
        var actors: [ActorName: AgentSnapshot] = [:]
        /// Whether agents vote in a group under other names.
        var pseudonymous: [GroupID: Bool] = [:]
        /// Hives looked up, by name; what they say of members and times may be older than the transaction.
        var hives: [HiveLook: HiveView] = [:]
        /// Why this instance takes no more part in a group; nil where it does.
        var endings: [GroupID: String?] = [:]
        /// Groups of which everything is held that the responder reported, once this is committed.
        var endedBackfills: [GroupID] = []
        /// Groups in which something of the own log may have to be mended, once this is committed.
        var ownLogs: [(group: GroupID, mark: OwnLogMark)] = []
    }

    struct HiveLook: Hashable {
        var name: String
        var viewer: Viewer
    }

    struct ActorName: Hashable {
        var group: GroupID
        var row: Int64
    }

    let transaction: WriteTransaction
    let local: LocalInstance
    /// This machine's wall clock when the transaction began, milliseconds since 1970.
    let nowMs: Int64
    var memory = Memory()
    /// The job at work failed before, and has a savepoint now.
    var isIsolated = false

    init(transaction: WriteTransaction, local: LocalInstance, nowMs: Int64) {
        self.transaction = transaction
        self.local = local
        self.nowMs = nowMs
    }

    func state(of group: GroupID) throws -> SQLiteState { try transaction.state(for: group) }

    // MARK: Events

    /// Puts an own event at the end of this instance's log of a group and folds it.
    ///
    /// An event that would be void is refused with the reason, and nothing of the job stays.
    @discardableResult
    func emit(_ payload: EventPayload, in group: GroupID) throws -> Event {
        guard let write = LocalWrite(payload) else {
            throw HiveError(.internalFault, "An event without a payload can't be written.")
        }
        return try emit(write, in: group)
    }

    @discardableResult
    func emit(_ write: LocalWrite, in group: GroupID) throws -> Event {
        var state = try state(of: group)
        if let alarm = local.alarm(in: group) { throw HiveError(.conflict, alarm) }
        guard let head = try state.head(of: local.instance) else { throw Self.noLog }
        let author = try local.author(group: group, epoch: head.place.epoch)
        do {
            let written = try admission(of: group) { admission in
                let written = try admission.write(write, by: author, wallMs: nowMs, into: &state)
                try admission.settle(&state)
                return written
            }
            if case .void(let reason) = written.verdict {
                throw HiveError(.forbidden, "The change would have no effect: \(reason).")
            }
            return written.event
        } catch let error as LocalWriteError {
            switch error.code {
            case .noLog: throw Self.noLog
            case .tooLarge: throw HiveError(.tooLarge, error.description)
            case .cut: throw HiveError(.unavailable, "The log of this instance is just being mended: try again.")
            case .wrongKey, .noSuchPlace: throw HiveError(.internalFault, error.description)
            }
        }
    }

    /// Opens this instance's next epoch in a group.
    func openEpoch(in group: GroupID, lowest: Int64, reason: String) throws {
        var state = try state(of: group)
        let held = try state.head(of: local.instance)?.place.epoch ?? 0
        let author = try local.newAuthor(group: group, epoch: max(held + 1, lowest))
        _ = try admission(of: group) { admission in
            try admission.open(
                by: author,
                identity: local.identity,
                lowest: lowest,
                reason: reason,
                wallMs: nowMs,
                into: &state
            )
        }
    }

    /// Admits events of others, or a genesis of one's own.
    ///
    /// What the fold fails at is admitted without effect, once it is known that a job fails.
    /// - Parameter evidence: what came beside them; taken first.
    func admit(
        _ events: [Event],
        beside evidence: LogEvidence = LogEvidence(),
        in group: GroupID
    ) throws -> AdmissionOutcome {
        guard isIsolated else { return try admitAll(events, beside: evidence, in: group) }
        return try withoutPoison(of: group) { try admitAll(events, beside: evidence, in: group) }
    }

    private func admitAll(
        _ events: [Event],
        beside evidence: LogEvidence,
        in group: GroupID
    ) throws -> AdmissionOutcome {
        var state = try state(of: group)
        memory.hives.removeAll()
        return try admission(of: group) { admission in
            var outcome = AdmissionOutcome()
            if !evidence.isEmpty { outcome = try admission.admit(evidence, wallMs: nowMs, into: &state) }
            outcome.merge(try admission.admit(events, wallMs: nowMs, into: &state))
            // What follows in this transaction asks who is a member.
            try admission.settle(&state)
            return outcome
        }
    }

    /// What a new act of a register replaces: `refs.par`.
    func seenHeads(of key: ActKey, in group: GroupID) throws -> [EventID] {
        var state = try state(of: group)
        return try admission(of: group) { try $0.seenHeads(of: key, in: &state) }
    }

    /// Runs what changes this instance's own log, and says in words what is wrong with it.
    func renew<T>(_ group: GroupID, _ body: (inout GroupAdmission) throws -> T) throws -> T {
        do {
            return try admission(of: group, body)
        } catch let error as LocalWriteError {
            throw HiveError(.conflict, error.description)
        }
    }

    private static let noLog = HiveError(
        .conflict,
        "This instance is not yet admitted to the hive's group: it is still receiving what the group holds."
    )

    func admission<T>(of group: GroupID, _ body: (inout GroupAdmission) throws -> T) throws -> T {
        var admission: GroupAdmission
        if let held = memory.admissions.removeValue(forKey: group) {
            admission = held
        } else {
            admission = GroupAdmission(group: group, own: local.instance, crypto: local.crypto)
            memory.groups.append(group)
        }
        // Where `body` throws, the savepoint puts back the memory of before.
        let result = try body(&admission)
        memory.admissions[group] = admission
        return result
    }

    /// Writes back what the admission of a group has cached; the next one begins with what is stored.
    func endAdmission(of group: GroupID) throws {
        guard var held = memory.admissions.removeValue(forKey: group) else { return }
        var state = try state(of: group)
        try held.finish(&state)
    }

    // MARK: End

    /// Writes back what was cached; the new heads of every group touched.
    ///
    /// Called once, last.
    func finish() throws -> [(group: GroupID, heads: GroupHeads)] {
        var clock: HybridClock?
        var heads: [(group: GroupID, heads: GroupHeads)] = []
        var transaction = transaction
        for group in memory.groups {
            guard var admission = memory.admissions[group] else { continue }
            var state = try state(of: group)
            try admission.finish(&state)
            // Every group keeps a clock of its own within the transaction; the instance has one, which never goes back.
            let own = try transaction.clock()
            clock = clock.map { $0.last < own.last ? own : $0 } ?? own
            if let clock { transaction.setClock(clock) }
            let root = try admission.stateRoot(of: state)
            heads.append((group, GroupHeads(heads: try state.heads(), stateRoot: root, local.crypto)))
            if let mark = try ownLogMark(in: group) { memory.ownLogs.append((group, mark)) }
        }
        return heads
    }
}
