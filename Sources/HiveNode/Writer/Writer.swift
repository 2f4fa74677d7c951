import Foundation
import HivePorts
import Logging
import Synchronization

/// The one writer: a thread of its own that drains the mailbox, one transaction for what it finds.
///
/// Order, for every transaction: run each job, commit, resume the callers, announce. A job that throws takes no other
/// with it: the transaction is given up and done again with each job in a savepoint. Where the transaction itself fails
/// (disk full, database read-only), all its jobs are told `HiveError(.unavailable)`, and the next transaction tries
/// again: no restart is needed once the disk can write.
final class Writer<Backend: WriteBackend>: Sendable {
    typealias Job = WriteJob<Backend.Turn>

    let mailbox: WriteMailbox<Backend.Turn>
    private let backend: Backend
    private let logger: Logger
    private let ending = WriterEnding()

    init(backend: Backend, limits: WriteMailbox<Backend.Turn>.Limits = .init(), logger: Logger) {
        self.backend = backend
        self.mailbox = WriteMailbox(limits: limits)
        self.logger = logger
    }

    /// Why the last transaction could not be written; nil where it could.
    var fault: String? { ending.fault.withLock { $0 } }

    // MARK: Callers

    /// Runs `body` in the next transaction and returns what it returned, once that is committed.
    ///
    /// A caller that is cancelled meanwhile does not undo its write.
    func perform<Value: Sendable>(_ body: @escaping @Sendable (Backend.Turn) throws -> Value) async throws -> Value {
        try await submit(isRemote: false) { turn, result, _, _ in
            result.set(try body(turn))
            return .finished(events: 1)
        }
    }

    /// Puts a batch that can be cut behind all local jobs.
    ///
    /// `step` is called until it says it is finished; it sets the result by then. Steps that were committed stay,
    /// whatever becomes of later ones. `position` counts the events of committed steps.
    func performCuttable<Value: Sendable>(
        _ step:
            @escaping @Sendable (Backend.Turn, JobResult<Value>, _ position: Int, _ budget: Int) throws
            -> Job.Progress
    ) async throws -> Value {
        try await submit(isRemote: true, step)
    }

    private func submit<Value: Sendable>(
        isRemote: Bool,
        _ step: @escaping @Sendable (Backend.Turn, JobResult<Value>, Int, Int) throws -> Job.Progress
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result = JobResult<Value>()
            let job = Job(
                step: { turn, position, budget in try step(turn, result, position, budget) },
                settle: { error in
                    if let error { return continuation.resume(throwing: error) }
                    guard let value = result.take() else {
                        let fault = HiveError(.internalFault, "A write ended without a result.")
                        return continuation.resume(throwing: fault)
                    }
                    continuation.resume(returning: value)
                }
            )
            mailbox.append(job, isRemote: isRemote)
        }
    }

    // MARK: Life

    /// Starts the thread.
    ///
    /// Call once.
    func start() {
        let thread = Thread { [self] in
            loop()
            ending.finish()
        }
        thread.name = "hive-writer"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Writes what waits, then ends the thread.
    func stop() async {
        mailbox.close()
        await ending.wait()
    }

    // MARK: The thread

    private func loop() {
        var pace = WriterPace()
        while true {
            switch mailbox.take(patienceMs: pace.patienceMs) {
            case .closed:
                let deadline = Self.nowMs + WriterPace.lastTidyMs
                repeat { tidy(&pace) } while pace.isTidyWanted && Self.nowMs < deadline
                return
            case .nothing:
                tidy(&pace)
            case .jobs(let local):
                turn(local, &pace)
                if pace.isTidyDue(nowMs: Self.nowMs, isReceivingMuch: backend.isReceivingMuch) { tidy(&pace) }
            }
        }
    }

    private func turn(_ local: [Job], _ pace: inout WriterPace) {
        var batch = TurnBatch<Backend.Turn>(isIsolated: pace.takesSavepoints())
        do {
            let receipt: Backend.Receipt
            do {
                receipt = try commit(local, &batch, &pace)
            } catch is JobFault {
                // Which job is at fault shows when each has a savepoint.
                pace.jobFailed()
                for job in batch.remote.reversed() { mailbox.putBack(job) }
                batch = TurnBatch(isIsolated: true)
                receipt = try commit(local, &batch, &pace)
            }
            note(nil)
            if let cut = batch.cut { mailbox.putBack(cut) }
            for job in batch.done { job.settle(nil) }
            for (job, error) in batch.failed { job.settle(error) }
            backend.announce(receipt)
        } catch {
            fail(local, batch, error)
        }
    }

    private func commit(
        _ local: [Job],
        _ batch: inout TurnBatch<Backend.Turn>,
        _ pace: inout WriterPace
    ) throws -> Backend.Receipt {
        var remoteStarted = Self.nowMs
        let receipt = try backend.transaction { turn in
            for job in local {
                if try run(job, in: turn, budget: 1, &batch) != nil { batch.done.append(job) }
                batch.localHandled += 1
            }
            remoteStarted = Self.nowMs
            let budget = pace.budget(besideLocalJobs: local.count)
            while batch.remoteEvents < budget, let job = mailbox.takeRemote() {
                batch.remote.append(job)
                try runRemote(job, in: turn, budget: budget - batch.remoteEvents, &batch)
            }
        }
        pace.committed(
            remoteEvents: batch.remoteEvents,
            localJobs: local.count,
            tookMs: Double(max(1, Self.nowMs - remoteStarted))
        )
        return receipt
    }

    private func runRemote(
        _ job: Job,
        in turn: Backend.Turn,
        budget: Int,
        _ batch: inout TurnBatch<Backend.Turn>
    ) throws {
        batch.running = job
        if let progress = try run(job, in: turn, budget: budget, &batch) {
            batch.remoteEvents += progress.events
            switch progress {
            case .finished: batch.done.append(job)
            case .unfinished(let events):
                var rest = job
                rest.position += events
                batch.cut = rest
            }
        }
        batch.running = nil
    }

    /// One step of a job; nil where the job failed and its changes alone were undone.
    ///
    /// A savepoint makes SQLite copy every page before its first change, so it is left out until a job fails: then
    /// `JobFault` gives up the transaction.
    private func run(
        _ job: Job,
        in turn: Backend.Turn,
        budget: Int,
        _ batch: inout TurnBatch<Backend.Turn>
    ) throws -> Job.Progress? {
        guard batch.isIsolated else {
            do {
                return try job.step(turn, job.position, budget)
            } catch let error where Self.isOfTheJob(error) {
                throw JobFault()
            }
        }
        do {
            var progress = Job.Progress.finished(events: 0)
            try backend.savepoint(turn) { progress = try job.step(turn, job.position, budget) }
            return progress
        } catch let error where Self.isOfTheJob(error) {
            batch.failed.append((job, error))
            return nil
        }
    }

    /// Whether the job alone is at fault; otherwise database or disk are, and the transaction may be gone already.
    private static func isOfTheJob(_ error: any Error) -> Bool {
        (error as? HiveError)?.code != .unavailable
    }

    private func fail(_ local: [Job], _ batch: TurnBatch<Backend.Turn>, _ error: any Error) {
        let told: HiveError =
            (error as? HiveError) ?? HiveError(.unavailable, "Nothing could be written: \(error).")
        note(told.message)
        for (job, own) in batch.failed { job.settle(own) }
        for job in batch.done + [batch.cut, batch.running].compactMap({ $0 }) { job.settle(told) }
        for job in local.dropFirst(batch.localHandled) { job.settle(told) }
    }

    private func tidy(_ pace: inout WriterPace) {
        do {
            pace.tidied(hasMore: try backend.tidy(), nowMs: Self.nowMs)
        } catch {
            // Tried again after the next write; the queue of what is to be indexed is kept in the database.
            pace.tidied(hasMore: false, nowMs: Self.nowMs)
            logger.warning("the search index could not be brought up to date", metadata: ["error": "\(error)"])
        }
    }

    private func note(_ fault: String?) {
        let before = ending.fault.withLock { held in
            defer { held = fault }
            return held
        }
        if let fault, before == nil {
            logger.error("writes are refused", metadata: ["reason": "\(fault)"])
        } else if fault == nil, before != nil {
            logger.notice("writes are taken again")
        }
    }

    private static var nowMs: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) }
}

/// A job failed in a transaction without savepoints.
private struct JobFault: Error {}

/// What became of each job of one transaction.
private struct TurnBatch<Turn> {
    /// Each job has a savepoint.
    let isIsolated: Bool
    /// Remote jobs taken from the mailbox, as they were.
    var remote: [WriteJob<Turn>] = []
    var done: [WriteJob<Turn>] = []
    var failed: [(WriteJob<Turn>, any Error)] = []
    /// A remote job whose rest goes into a later transaction.
    var cut: WriteJob<Turn>?
    /// The remote job at work.
    var running: WriteJob<Turn>?
    var remoteEvents = 0
    /// How many local jobs are in `done` or `failed`.
    var localHandled = 0

    init(isIsolated: Bool) {
        self.isIsolated = isIsolated
    }
}

/// The end of the thread, awaited, and the last fault.
private final class WriterEnding: Sendable {
    private struct State {
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let fault = Mutex<String?>(nil)
    private let state = Mutex(State())

    func finish() {
        let waiters = state.withLock { state in
            state.isOver = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiters.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }
}
