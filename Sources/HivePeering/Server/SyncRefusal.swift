import HTTPTypes
import HiveHTTP
import HivePorts
import HiveWire

/// The refusals of `/sync/v1` that several endpoints share, one sentence each.
enum SyncRefusal {
    /// The same for a group that does not exist, one that is not shared, and one the caller is no member of.
    static let notMember = HiveError(
        .forbidden,
        "This instance knows no such group, or yours is no member of it: ask for an invite."
    )

    static let noToken = HiveError(
        .unauthorized,
        "A sync token is needed: Authorization: Bearer with the token of a handshake."
    )

    static let unknownToken = HiveError(
        .unauthorized,
        "The sync token is not known here (any more): shake hands again."
    )

    static let handshakeGone = HiveError(
        .forbidden,
        "The handshake is unknown, was used before, or is older than 30 seconds: begin again."
    )

    static let proofRefused = HiveError(
        .forbidden,
        "The proof does not let you in: the invite or secret is wrong, expired or used up, or there is no such group."
    )

    static let slowBody = TransportError(
        .requestTimeout,
        "The body did not arrive in time.",
        headers: [.connection: "close"]
    )

    /// 429 with the time to wait.
    static func exhausted(_ cause: Credits.Exhausted) -> TransportError {
        let seconds = max(1, (cause.retryAfterMs + 999) / 1_000)
        return TransportError(
            .tooManyRequests,
            "Too fast: \(cause.message). Try again in \(seconds) s.",
            headers: [.retryAfter: String(seconds)]
        )
    }

    /// What is wrong with a message, as a status and a sentence.
    static func of(_ error: WireError) -> HiveError {
        switch error.code {
        case .tooLarge: HiveError(.tooLarge, error.message)
        case .notJSON, .field, .version, .event: HiveError(.badRequest, error.message)
        }
    }
}
