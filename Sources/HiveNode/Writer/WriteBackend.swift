/// What the writer writes to: the store in a node, a stand-in in tests.
///
/// All calls come from the writer's thread.
protocol WriteBackend: Sendable {
    /// One open transaction as jobs see it.
    associatedtype Turn
    /// What is to be told after the commit.
    associatedtype Receipt: Sendable

    /// Runs `body` in one transaction and commits; where anything throws, nothing was changed.
    func transaction(_ body: (Turn) throws -> Void) throws -> Receipt

    /// Runs one job so that its changes alone are undone when it throws.
    func savepoint(_ turn: Turn, _ body: () throws -> Void) throws

    /// Tells the rest of the node what was committed. MUST NOT block.
    func announce(_ receipt: Receipt)

    /// Whether so much is being received that work for quiet moments had better wait for its end.
    var isReceivingMuch: Bool { get }

    /// Does work that waited for a quiet moment, for some milliseconds; true = there is more.
    func tidy() throws -> Bool
}
