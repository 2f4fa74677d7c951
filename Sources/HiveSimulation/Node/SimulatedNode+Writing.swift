import HiveModel
import HiveSync

/// The production engine in the node's transactions.
extension SimulatedNode {
    typealias EngineAdmission = Admission<Store.State, Crypto>

    /// Does all `works` in one transaction and keeps them in the journal.
    func commit(_ works: [WriterWork], group: GroupID, wallMs: Int64) throws -> [WriterResult] {
        let isDoomed = failingCommits > 0
        if isDoomed { failingCommits -= 1 }
        let entry = JournalEntry(works: works, wallMs: wallMs)
        let results = try store.transaction(isDoomed: isDoomed) { state in
            try perform(entry, group: group, in: &state)
        }
        journal.append(entry)
        try noteHeads()
        return results
    }

    /// Throws the database away and does again what the first `commits` transactions did.
    func restore(commits: Int, group: GroupID) throws {
        journal.removeSubrange(min(commits, journal.count)...)
        store = makeStore()
        try store.begin(group)
        for entry in journal {
            _ = try store.transaction(isDoomed: false) { state in try perform(entry, group: group, in: &state) }
        }
        seenArrival = 0
        isTampered = false
        try noteHeads()
    }

    private func perform(
        _ entry: JournalEntry,
        group: GroupID,
        in state: inout Store.State
    ) throws -> [WriterResult] {
        var admission = EngineAdmission(group: group, own: instance, crypto: crypto)
        var results: [WriterResult] = []
        results.reserveCapacity(entry.works.count)
        for work in entry.works {
            results.append(try perform(work, &admission, wallMs: entry.wallMs, in: &state))
        }
        try admission.finish(&state)
        return results
    }

    private func perform(
        _ work: WriterWork,
        _ admission: inout EngineAdmission,
        wallMs: Int64,
        in state: inout Store.State
    ) throws -> WriterResult {
        switch work {
        case .admit(let events):
            return .admitted(try admission.admit(events, wallMs: wallMs, into: &state))
        case .introduce(let introductions):
            return .introduced(try admission.introduce(introductions, into: &state))
        case .write(let write):
            let epoch = try state.head(of: instance)?.place.epoch ?? 0
            guard let author = try author(epoch: epoch, in: state) else {
                return .refused("This instance has no log yet.")
            }
            do {
                return .written(try admission.write(write, by: author, wallMs: wallMs, into: &state).event)
            } catch let error as LocalWriteError {
                return .refused(error.description)
            }
        case .open(let lowest, let reason, let keyNumber):
            let author = EventAuthor(instance: instance, signer: newKey(keyNumber), crypto: crypto)
            let opening = try admission.open(
                by: author,
                identity: identity,
                lowest: lowest,
                reason: reason,
                wallMs: wallMs,
                into: &state
            )
            return .written(opening.event)
        case .take(let evidence):
            return .admitted(try admission.admit(evidence, wallMs: wallMs, into: &state))
        case .recover, .rotate, .resetClock:
            return .recovered(try mend(work, &admission, wallMs: wallMs, in: &state))
        case .refold:
            try admission.refold(&state)
            return .refolded
        }
    }

    /// The own log's new epochs.
    private func mend(
        _ work: WriterWork,
        _ admission: inout EngineAdmission,
        wallMs: Int64,
        in state: inout Store.State
    ) throws -> [Event] {
        func newAuthor(_ number: UInt64) -> EventAuthor<Crypto.Key, Crypto> {
            EventAuthor(instance: instance, signer: newKey(number), crypto: crypto)
        }
        switch work {
        case .recover(let number):
            let own = try admission.ownLog(of: instance, in: state)
            guard !own.isWhole else { return [] }
            let head = try state.head(of: instance)
            let held = try author(epoch: head?.place.epoch ?? 0, in: state)
            let author = own.needsEpoch ? newAuthor(number) : held ?? newAuthor(number)
            return try admission.recover(by: author, identity: identity, wallMs: wallMs, into: &state).map(\.event)
        case .rotate(let number):
            guard let head = try state.head(of: instance), head.cut == nil else { return [] }
            let author = newAuthor(number)
            return [try admission.rotate(by: author, identity: identity, wallMs: wallMs, into: &state).event]
        case .resetClock(let number):
            let author = newAuthor(number)
            return try admission.resetClock(by: author, identity: identity, wallMs: wallMs, into: &state).map(\.event)
        default: return []
        }
    }

    private func author(epoch: Int64, in state: Store.State) throws -> EventAuthor<Crypto.Key, Crypto>? {
        let held = try state.logKey(origin: instance, epoch: epoch)
        return keys.last { $0.publicKey == held }.map { EventAuthor(instance: instance, signer: $0, crypto: crypto) }
    }

    func noteHeads() throws {
        let crypto = crypto
        let (heads, root) = try store.read { state in
            (try state.heads(), Self.quickRoot(try state.stateRoot()))
        }
        self.heads = GroupHeads(heads: heads, stateRoot: root, crypto)
    }

    /// Stands in for the root's hash: all buckets in one number, without a hash of 8 KiB at each commit.
    static func quickRoot(_ root: StateRoot) -> Hash256 {
        var sum = Hash256(word0: 0, word1: 0, word2: 0, word3: 0)
        for bucket in root.buckets {
            sum.word0 = sum.word0 &* 0x9E37_79B9_7F4A_7C15 &+ bucket.word0
            sum.word1 = sum.word1 &* 0xC2B2_AE3D_27D4_EB4F &+ bucket.word1
            sum.word2 = sum.word2 &* 0x1656_67B1_9E37_79F9 &+ bucket.word2
            sum.word3 = sum.word3 &* 0xD6E8_FEB8_6659_FD93 &+ bucket.word3
        }
        return sum
    }
}
