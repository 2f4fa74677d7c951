import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire

/// Why a call to a peer brought nothing.
struct PeerCallError: Error, Hashable {
    var failure: PeerFailure
    /// Of the peer's answer; nil where none came.
    var status: Int?
    /// The event by which a membership ended, as JSON text, where the peer showed one.
    var removal: [UInt8]?

    init(_ kind: PeerFailure.Kind, _ message: String, status: Int? = nil) {
        failure = PeerFailure(kind: kind, message: message)
        self.status = status
    }

    /// No answer.
    init(_ error: OutgoingError) {
        switch error.code {
        case .brokenReply, .tooLarge: self.init(.faulty, error.message)
        case .addressRefused, .badURL: self.init(.refused, error.message)
        default: self.init(.unreachable, error.message)
        }
    }

    /// An answer that is no success.
    init(_ head: OutgoingHead, _ body: [UInt8], from peer: String) {
        let said = (try? ErrorBody(parsing: body)).map { "“\(Self.shown($0.message))”" } ?? "without saying why"
        let retryMs = head.header("retry-after").flatMap { Int64($0) }.map { min(max($0, 0), 86_400) * 1_000 }
        switch head.status {
        case 401:
            self.init(.unauthorized, "\(peer) does not know our token (any more): \(said)", status: 401)
        case 403:
            self.init(.forbidden, "\(peer) does not let us in: \(said)", status: 403)
            removal = (try? RemovalRefusal(parsing: body))?.removal
        case 429, 503:
            self.init(.busy(retryAfterMs: retryMs ?? 0), "\(peer) asks us to wait: \(said)", status: head.status)
        case 300..<400:
            self.init(
                .refused,
                "\(peer) answers with a redirect (\(head.status)); give the address it leads to as the endpoint",
                status: head.status
            )
        case 404, 405:
            self.init(
                .refused,
                "\(peer) answers, but not to /sync/v1 (\(head.status)): is it an OpenHive instance with sync switched on?",
                status: head.status
            )
        case 400..<500:
            self.init(.refused, "\(peer) refused (\(head.status)): \(said)", status: head.status)
        default:
            self.init(.faulty, "\(peer) failed (\(head.status)): \(said)", status: head.status)
        }
    }

    /// What an error of a call means, whoever threw it.
    static func from(_ error: any Error, peer: String) -> PeerCallError {
        switch error {
        case let error as PeerCallError: error
        case let error as OutgoingError: PeerCallError(error)
        case let error as WireError: PeerCallError(.faulty, "\(peer) sent what can't be read: \(error.message)")
        case let error as HiveError: PeerCallError(.local, error.message)
        case is CancellationError: PeerCallError(.local, "this instance is stopping")
        default: PeerCallError(.local, "this instance failed: \(error)")
        }
    }

    /// As the administration interface tells it.
    var hiveError: HiveError {
        switch failure.kind {
        case .forbidden, .unauthorized: HiveError(.forbidden, failure.message)
        case .local: HiveError(.unavailable, failure.message)
        case .refused where status == 409: HiveError(.conflict, failure.message)
        case .refused where status == 410: HiveError(.gone, failure.message)
        case .unreachable, .refused, .busy, .faulty: HiveError(.upstream, failure.message)
        }
    }

    /// A peer's sentence without what could break a log line or a terminal.
    private static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(300).filter { $0.value >= 0x20 && $0.value != 0x7F })
        )
    }
}
