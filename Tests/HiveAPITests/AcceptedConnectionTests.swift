import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import HiveHTTP

@Suite("Connections that a closing server drops")
struct AcceptedConnectionTests {
    @Test("A connection that nobody served is closed, and the process lives on", .timeLimit(.minutes(1)))
    func dropped() async throws {
        let channel = NIOAsyncTestingChannel()
        let connections = AcceptedConnections(HTTP1Channel { _, _, _ in })
        try await channel.testingEventLoop.executeInContext {
            _ = connections.setup(channel: channel, logger: Logger(label: "test"))
        }
        try await channel.closeFuture.get()
        #expect(!channel.isActive)
    }
}
