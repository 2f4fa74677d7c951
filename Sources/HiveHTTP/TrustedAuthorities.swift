import AsyncHTTPClient
import HivePorts
import NIOSSL

/// Certificates that are trusted besides those of the system, from a PEM file.
public struct TrustedAuthorities: Sendable {
    private let certificates: [NIOSSLCertificate]

    /// Throws `HiveError(.unavailable)` where the file holds no certificate.
    public init(file: String) throws {
        let found = try? NIOSSLCertificate.fromPEMFile(file)
        guard let found, !found.isEmpty else {
            throw HiveError(.unavailable, "sync.ca_file: \(file) holds no certificate in PEM form that can be read.")
        }
        certificates = found
    }

    func apply(to settings: inout HTTPClient.Configuration) {
        var tls = settings.tlsConfiguration ?? .makeClientConfiguration()
        tls.additionalTrustRoots = [.certificates(certificates)]
        settings.tlsConfiguration = tls
    }
}
