import HiveHTTP
import HivePorts
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the settings and the certificate again on SIGHUP.
///
/// An invalid file changes nothing and says why; what can't change in a running node is named and waits for the next
/// start.
struct ConfigurationReloader: Service {
    let parts: NodeParts
    let certificate: ServerCertificate?
    let logger: Logger

    /// Keys that take effect at once.
    private static let live: Set<String> = ["sync.peers"]

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            await reload()
        }
    }

    func reload() async {
        do {
            let new = try parts.configuration.reloaded()
            let changed = new.changes(from: parts.configuration)
            try certificate?.reload()
            if changed.contains("sync.peers") { try await parts.takeConfigured(new.sync.peers) }
            let waiting = changed.filter { !Self.live.contains($0) }
            logger.notice(
                "the settings were read again",
                metadata: waiting.isEmpty
                    ? [:] : ["needs.restart": "\(waiting.joined(separator: ", "))"]
            )
        } catch {
            let reason = (error as? HiveError)?.message ?? "\(error)"
            logger.error("the settings were not taken over", metadata: ["reason": "\(reason)"])
        }
    }
}
