import Dispatch
import HivePorts
import Logging
import Synchronization
import Testing

@testable import HiveNode

/// Keeps what was committed in memory; can be told to hold transactions up or to fail.
private final class FakeBackend: WriteBackend {
    struct State {
        var committed: [Int] = []
        var transactions: [[Int]] = []
        var failure: HiveError?
        var announcements: [[Int]] = []
        var tidied = 0
        var savepoints = 0
    }

    final class Turn {
        var values: [Int] = []
    }

    let state = Mutex(State())
    /// Each transaction waits here before it begins.
    let gate: DispatchSemaphore?

    init(isGated: Bool = false) {
        gate = isGated ? DispatchSemaphore(value: 0) : nil
    }

    func transaction(_ body: (Turn) throws -> Void) throws -> [Int] {
        gate?.wait()
        let turn = Turn()
        try body(turn)
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { state in
            state.committed += turn.values
            state.transactions.append(turn.values)
        }
        return turn.values
    }

    func savepoint(_ turn: Turn, _ body: () throws -> Void) throws {
        let before = turn.values
        state.withLock { $0.savepoints += 1 }
        do {
            try body()
        } catch {
            turn.values = before
            throw error
        }
    }

    func announce(_ receipt: [Int]) { state.withLock { $0.announcements.append(receipt) } }

    var isReceivingMuch: Bool { false }

    func tidy() throws -> Bool {
        state.withLock { $0.tidied += 1 }
        return false
    }
}

@Suite struct WriterTests {
    private func writer(
        _ backend: FakeBackend,
        limits: WriteMailbox<FakeBackend.Turn>.Limits = .init()
    )
        -> Writer<FakeBackend>
    {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return Writer(backend: backend, limits: limits, logger: logger)
    }

    private func append(_ value: Int) -> @Sendable (FakeBackend.Turn) throws -> Int {
        { turn in
            turn.values.append(value)
            return turn.values.count
        }
    }

    @Test("Jobs that wait together are committed together, in their order")
    func batching() async throws {
        let backend = FakeBackend()
        let writer = writer(backend)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for value in 0..<20 { group.addTask { try await writer.perform(append(value)) } }
            while writer.mailbox.waiting < 20 { await Task.yield() }
            writer.start()
            for try await _ in group {}
        }
        await writer.stop()
        let transactions = backend.state.withLock { $0.transactions }
        #expect(transactions.count == 1)
        #expect(transactions.first?.sorted() == Array(0..<20))
        #expect(backend.state.withLock { $0.announcements } == transactions)
        #expect(backend.state.withLock { $0.savepoints } == 0)
    }

    @Test("No transaction takes more local jobs than allowed")
    func boundedBatch() async throws {
        let backend = FakeBackend()
        var limits = WriteMailbox<FakeBackend.Turn>.Limits()
        limits.localJobsPerTransaction = 8
        let writer = writer(backend, limits: limits)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for value in 0..<20 { group.addTask { try await writer.perform(append(value)) } }
            while writer.mailbox.waiting < 20 { await Task.yield() }
            writer.start()
            for try await _ in group {}
        }
        await writer.stop()
        #expect(backend.state.withLock { $0.transactions }.map(\.count) == [8, 8, 4])
    }

    @Test("A job that fails takes no other with it, and what it did is undone")
    func isolation() async throws {
        let backend = FakeBackend()
        let writer = writer(backend)
        let good = Task { try await writer.perform(append(1)) }
        let bad = Task {
            try await writer.perform { turn -> Int in
                turn.values.append(99)
                throw HiveError(.conflict, "The name is taken.")
            }
        }
        let other = Task { try await writer.perform(append(2)) }
        while writer.mailbox.waiting < 3 { await Task.yield() }
        writer.start()
        _ = try await (good.value, other.value)
        let error = await #expect(throws: HiveError.self) { try await bad.value }
        #expect(error?.code == .conflict)
        await writer.stop()
        #expect(backend.state.withLock { $0.committed }.sorted() == [1, 2])
        #expect(backend.state.withLock { $0.savepoints } == 3)
    }

    @Test("While nothing can be written callers are told so, and the next write succeeds once it can")
    func unavailability() async throws {
        let backend = FakeBackend()
        let writer = writer(backend)
        writer.start()
        backend.state.withLock { $0.failure = HiveError(.unavailable, "The disk is full.") }
        let error = await #expect(throws: HiveError.self) { try await writer.perform(append(1)) }
        #expect(error?.code == .unavailable)
        #expect(writer.fault == "The disk is full.")
        backend.state.withLock { $0.failure = nil }
        _ = try await writer.perform(append(2))
        #expect(writer.fault == nil)
        await writer.stop()
        #expect(backend.state.withLock { $0.committed } == [2])
        #expect(backend.state.withLock { $0.announcements } == [[2]])
    }

    @Test("A fault of the disk inside one job fails the whole transaction")
    func faultInsideJob() async throws {
        let backend = FakeBackend()
        let writer = writer(backend)
        let good = Task { try await writer.perform(append(1)) }
        while writer.mailbox.waiting < 1 { await Task.yield() }
        let broken = Task {
            try await writer.perform { _ -> Int in throw HiveError(.unavailable, "The disk is full.") }
        }
        while writer.mailbox.waiting < 2 { await Task.yield() }
        writer.start()
        await #expect(throws: HiveError.self) { try await good.value }
        await #expect(throws: HiveError.self) { try await broken.value }
        await writer.stop()
        #expect(backend.state.withLock { $0.committed }.isEmpty)
    }

    @Test("A long remote batch is cut, and local writes that come meanwhile go first")
    func cutting() async throws {
        let backend = FakeBackend(isGated: true)
        let writer = writer(backend)
        let total = 6_000
        let remote = Task {
            try await writer.performCuttable { turn, result, from, budget in
                let end = min(total, from + budget)
                turn.values += Array(from..<end)
                guard end == total else { return .unfinished(events: end - from) }
                result.set(end)
                return .finished(events: end - from)
            }
        }
        while writer.mailbox.waiting < 1 { await Task.yield() }
        writer.start()
        backend.gate?.signal()
        while backend.state.withLock({ $0.transactions.count }) < 1 { await Task.yield() }
        let local = Task { try await writer.perform(append(-1)) }
        while writer.mailbox.waitingLocal < 1 { await Task.yield() }
        for _ in 0..<1_000 { backend.gate?.signal() }
        _ = try await local.value
        #expect(try await remote.value == total)
        await writer.stop()
        let transactions = backend.state.withLock { $0.transactions }
        #expect(transactions.allSatisfy { $0.count <= WriterPace.budgetMax + 1 })
        let second = try #require(transactions.dropFirst().first { $0.contains(-1) })
        #expect(second.first == -1)
        #expect(backend.state.withLock { $0.committed }.filter { $0 >= 0 } == Array(0..<total))
    }

    @Test("A job that fails beside a remote batch leaves every event of the batch in place, once")
    func failureBesideRemote() async throws {
        let backend = FakeBackend()
        let writer = writer(backend)
        let total = 2_500
        let remote = Task {
            try await writer.performCuttable { turn, result, from, budget in
                let end = min(total, from + budget)
                turn.values += Array(from..<end)
                guard end == total else { return .unfinished(events: end - from) }
                result.set(end)
                return .finished(events: end - from)
            }
        }
        while writer.mailbox.waiting < 1 { await Task.yield() }
        let bad = Task {
            try await writer.performCuttable { turn, _, _, _ -> WriteJob<FakeBackend.Turn>.Progress in
                turn.values.append(-9)
                throw HiveError(.conflict, "The name is taken.")
            } as Int
        }
        while writer.mailbox.waiting < 2 { await Task.yield() }
        let good = Task { try await writer.perform(append(-1)) }
        while writer.mailbox.waiting < 3 { await Task.yield() }
        writer.start()
        #expect(try await remote.value == total)
        _ = try await good.value
        let error = await #expect(throws: HiveError.self) { try await bad.value }
        #expect(error?.code == .conflict)
        await writer.stop()
        let committed = backend.state.withLock { $0.committed }
        #expect(committed.filter { $0 >= 0 } == Array(0..<total))
        #expect(committed.filter { $0 < 0 } == [-1])
    }

    @Test("A caller that is cancelled does not undo its write")
    func cancellation() async throws {
        let backend = FakeBackend()
        let writer = writer(backend)
        let caller = Task { try await writer.perform(append(7)) }
        while writer.mailbox.waiting < 1 { await Task.yield() }
        caller.cancel()
        writer.start()
        _ = try await caller.value
        await writer.stop()
        #expect(backend.state.withLock { $0.committed } == [7])
    }

    @Test("Too many waiting writes are refused, and so is everything after the end")
    func limits() async throws {
        let backend = FakeBackend()
        var limits = WriteMailbox<FakeBackend.Turn>.Limits()
        limits.localJobsMax = 1
        let writer = writer(backend, limits: limits)
        let first = Task { try await writer.perform(append(1)) }
        while writer.mailbox.waiting < 1 { await Task.yield() }
        let refused = await #expect(throws: HiveError.self) { try await writer.perform(append(2)) }
        #expect(refused?.code == .unavailable)
        writer.start()
        _ = try await first.value
        await writer.stop()
        await #expect(throws: HiveError.self) { try await writer.perform(append(3)) }
        #expect(backend.state.withLock { $0.committed } == [1])
    }

    @Test("What waits is written before the writer ends, and the index is brought up to date")
    func stopping() async throws {
        let backend = FakeBackend()
        let writer = writer(backend)
        let caller = Task { try await writer.perform(append(1)) }
        while writer.mailbox.waiting < 1 { await Task.yield() }
        writer.mailbox.close()
        writer.start()
        _ = try await caller.value
        await writer.stop()
        #expect(backend.state.withLock { $0.tidied } >= 1)
    }
}
