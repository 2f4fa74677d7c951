import NIOCore
import NIOPosix

/// Whether a TCP port answers, without a word of HTTP.
public enum OutgoingProbe {
    /// Connects and hangs up.
    public static func connect(to address: OutgoingAddress, port: Int, timeoutMs: Int64) async throws(OutgoingError) {
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.milliseconds(timeoutMs))
                .connect(to: SocketAddress(ipAddress: address.text, port: port))
                .get()
            try await channel.close()
        } catch {
            throw OutgoingError.from(error, url: "\(address.text) port \(port)")
        }
    }
}
