public import HummingbirdCore
public import Logging
public import NIOCore
import Synchronization

/// HTTP/1 connections that may also be dropped before anybody serves them.
///
/// A server that closes drops the connections it accepted last. NIO ends the process where the writer of a connection
/// goes without having been finished, so a peer that dials while an instance stops would bring it down in the middle of
/// its stop.
public struct AcceptedConnections: ServerChildChannel {
    private let served: HTTP1Channel
    private let certificate: ServerCertificate?

    init(_ served: HTTP1Channel, certificate: ServerCertificate? = nil) {
        self.served = served
        self.certificate = certificate
    }

    public func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        do {
            if let certificate { try channel.pipeline.syncOperations.addHandler(certificate.handler()) }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        return served.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }
    }

    public func handle(value: AcceptedConnection, logger: Logger) async {
        await served.handle(value: value.take(), logger: logger)
    }
}

/// One connection; closed where its last owner goes without having served it.
public final class AcceptedConnection: ServerChildChannelValue {
    private let connection: HTTP1Channel.Value
    private let isTaken = Atomic(false)

    public var channel: any Channel { connection.channel }

    init(_ connection: HTTP1Channel.Value) {
        self.connection = connection
    }

    /// The connection, for a caller that serves it to its end.
    func take() -> HTTP1Channel.Value {
        isTaken.store(true, ordering: .relaxed)
        return connection
    }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        Task { [connection] in try? await connection.executeThenClose { _, _ in } }
    }
}

extension HTTPServerBuilder {
    /// HTTP/1 as the node serves it; over TLS with a certificate.
    public static func connections(
        idleTimeout: TimeAmount,
        certificate: ServerCertificate?
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            AcceptedConnections(
                HTTP1Channel(responder: responder, configuration: .init(idleTimeout: idleTimeout)),
                certificate: certificate
            )
        }
    }
}
