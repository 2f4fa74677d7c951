public import Hummingbird
public import NIOCore

/// What Hummingbird hands from the server to a route: logger, matched path and the other end's address.
public struct HiveRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Nil in tests without a socket.
    public let remoteAddress: SocketAddress?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
