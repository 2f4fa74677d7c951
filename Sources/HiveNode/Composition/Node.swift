import HivePorts

/// A whole instance: storage, writer, peers and servers, from its configuration.
public enum Node {
    /// Runs until the process is told to stop (SIGTERM, SIGINT, where `handlesSignals`) or the task is cancelled.
    ///
    /// Makes the data directory where it isn't there. Throws a sentence where it can't start: port taken, directory in
    /// use.
    /// - Parameter onReady: called once it listens.
    public static func run(
        configuration: NodeConfiguration,
        handlesSignals: Bool = true,
        onReady: (@Sendable (ReadyNode) async -> Void)? = nil
    ) async throws {
        throw HiveError(.internalFault, "Not built yet.")
    }
}
