public import Testing

/// Lets a few of the tests that hold databases and sockets run at once.
///
/// Swift Testing starts the next test whenever one waits, so without a limit more than a hundred databases and nodes
/// are open together, and many machines allow a process 1,024 open files.
public struct OpenFiles: SuiteTrait, TestTrait, TestScoping {
    static let testsMax = 6

    public let isRecursive = true

    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        await Self.gate.enter()
        do {
            try await function()
        } catch {
            await Self.gate.leave()
            throw error
        }
        await Self.gate.leave()
    }

    private static let gate = Gate()

    /// Entered in the order of asking.
    private actor Gate {
        private var free = OpenFiles.testsMax
        private var waiting: [CheckedContinuation<Void, Never>] = []
        private var first = 0

        func enter() async {
            guard free == 0 else {
                free -= 1
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func leave() {
            guard first < waiting.count else {
                free += 1
                return
            }
            waiting[first].resume()
            first += 1
        }
    }
}

extension Trait where Self == OpenFiles {
    /// For suites whose tests open nodes, stores or servers.
    public static var opensFiles: Self { OpenFiles() }
}
