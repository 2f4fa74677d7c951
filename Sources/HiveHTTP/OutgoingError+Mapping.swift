import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix

extension OutgoingError {
    /// What an error of the HTTP client, the resolver or a socket means for whoever asked for `url`.
    static func from(_ error: any Error, url: String) -> OutgoingError {
        switch error {
        case let error as OutgoingError: error
        case is CancellationError: OutgoingError(.cancelled, "the call to \(url) was stopped here")
        case let error as HTTPClientError: from(client: error, url: url)
        case let error as NIOConnectionError: from(connection: error, url: url)
        case let error as IOError: from(errno: error.errnoCode, url: url)
        case is NIOTooManyBytesError:
            OutgoingError(.tooLarge, "\(url) answered more than this call takes: is it an OpenHive instance?")
        default: from(unknown: error, url: url)
        }
    }

    /// Whether the HTTP client or its sockets threw this, and not whoever reads the reply.
    static func isTransport(_ error: any Error) -> Bool {
        error is HTTPClientError || error is NIOConnectionError || error is IOError || error is ChannelError
            || String(reflecting: type(of: error)).hasPrefix("NIO")
    }

    private static func from(client error: HTTPClientError, url: String) -> OutgoingError {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout:
            OutgoingError(
                .timeout,
                "no connection to \(url) in time: is the machine up, and does a firewall let you in?"
            )
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            OutgoingError(.timeout, "\(url) did not answer in time: it is overloaded or does not listen any more")
        case .tlsHandshakeTimeout:
            OutgoingError(.tls, "\(url) did not finish the TLS handshake: does that port speak https?")
        case .cancelled:
            OutgoingError(.cancelled, "the call to \(url) was stopped here")
        case .remoteConnectionClosed:
            OutgoingError(.unreachable, "\(url) closed the connection before it answered")
        case .invalidURL, .emptyHost, .emptyScheme:
            OutgoingError(.badURL, "\(url) is no http or https URL with a host")
        default:
            OutgoingError(.brokenReply, "\(url) gave no usable HTTP answer: \(error.shortDescription)")
        }
    }

    private static func from(connection error: NIOConnectionError, url: String) -> OutgoingError {
        let failures = error.connectionErrors.compactMap { $0.error as? IOError }
        if let refused = failures.first(where: { $0.errnoCode == ECONNREFUSED }) ?? failures.first {
            return from(errno: refused.errnoCode, url: url)
        }
        if error.connectionErrors.contains(where: { $0.error is ChannelError }) {
            return OutgoingError(
                .timeout,
                "no connection to \(url) in time: is the machine up, and does a firewall let you in?"
            )
        }
        return OutgoingError(.name, "the host name of \(url) does not resolve: check its spelling and your DNS")
    }

    private static func from(errno code: CInt, url: String) -> OutgoingError {
        switch code {
        case ECONNREFUSED:
            OutgoingError(.refused, "nothing listens at \(url): is the instance running, and is the port right?")
        case EHOSTUNREACH, ENETUNREACH:
            OutgoingError(.unreachable, "there is no route to \(url): check network, VPN and firewall")
        case ETIMEDOUT:
            OutgoingError(
                .timeout,
                "no connection to \(url) in time: is the machine up, and does a firewall let you in?"
            )
        case ECONNRESET, EPIPE:
            OutgoingError(.unreachable, "the connection to \(url) broke")
        default:
            OutgoingError(.unreachable, "the connection to \(url) failed: \(String(cString: strerror(code)))")
        }
    }

    private static func from(unknown error: any Error, url: String) -> OutgoingError {
        // The TLS library is a dependency of the HTTP client, not of this target: its errors are known by their module.
        let type = String(reflecting: type(of: error))
        if type.hasPrefix("NIOSSL.") {
            return OutgoingError(
                .tls,
                "no trusted TLS connection to \(url) (\(error)): check that its certificate is valid for that name"
            )
        }
        if type.hasPrefix("NIOPosix.SocketAddressError") || type.hasPrefix("NIOCore.SocketAddressError") {
            return OutgoingError(.name, "the host name of \(url) does not resolve: check its spelling and your DNS")
        }
        return OutgoingError(.unreachable, "the call to \(url) failed: \(error)")
    }
}
