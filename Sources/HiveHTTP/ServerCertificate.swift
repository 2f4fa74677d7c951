import HivePorts
import NIOCore
import NIOSSL
import Synchronization

/// The certificate chain and private key a server shows, as PEM files; read again without a restart.
///
/// Connections that stand keep what they were opened with.
public final class ServerCertificate: Sendable {
    public let chainFile: String
    public let keyFile: String
    private let context: Mutex<NIOSSLContext>

    /// Throws `HiveError(.unavailable)` naming the file that can't be used and why.
    public init(chainFile: String, keyFile: String) throws {
        self.chainFile = chainFile
        self.keyFile = keyFile
        context = Mutex(try Self.load(chainFile, keyFile))
    }

    /// Reads both files again; where they can't be used, what was there stays, and the error says why.
    public func reload() throws {
        let loaded = try Self.load(chainFile, keyFile)
        context.withLock { $0 = loaded }
    }

    /// The first handler of a new connection.
    func handler() -> any ChannelHandler & RemovableChannelHandler {
        NIOSSLServerHandler(context: context.withLock { $0 })
    }

    private static func load(_ chainFile: String, _ keyFile: String) throws -> NIOSSLContext {
        let chain = try read("tls.certificate", chainFile) { try NIOSSLCertificate.fromPEMFile(chainFile) }
        guard !chain.isEmpty else {
            throw HiveError(.unavailable, "tls.certificate: \(chainFile) holds no certificate in PEM form.")
        }
        let key = try read("tls.key", keyFile) { try NIOSSLPrivateKey(file: keyFile, format: .pem) }
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        settings.minimumTLSVersion = .tlsv12
        settings.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: settings)
        } catch {
            throw HiveError(
                .unavailable,
                "tls.key: the key in \(keyFile) is not that of the certificate in \(chainFile) (\(error))."
            )
        }
    }

    private static func read<Value>(_ setting: String, _ file: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw HiveError(
                .unavailable,
                "\(setting): \(file) can't be read as PEM (\(error)): is it there, and may this user read it?"
            )
        }
    }
}
