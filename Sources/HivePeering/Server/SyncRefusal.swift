import HTTPTypes
import HiveHTTP
import HiveModel
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

    /// The same for a group that does not exist and one that an admin would have to open.
    static let notLetIn = HiveError(
        .forbidden,
        "There is no such group here, or your instance is no member of it. If there is one, its admins see that you "
            + "ask (openhive sync requests): once they approve, the next try is let in. An invite does it at once."
    )

    static let slowBody = TransportError(
        .requestTimeout,
        "The body did not arrive in time.",
        headers: [.connection: "close"]
    )

    /// To an instance that was removed or has left: the event that says so, and nothing else of the group.
    static func removed(_ removal: Event) -> TransportError {
        showing(
            removal,
            removal.isOfItself
                ? "Your instance has left this group: it comes back by an invite."
                : "Your instance was removed from this group: ask for an invite to come back."
        )
    }

    /// From an instance that takes no more part in a group itself.
    static func ended(_ removal: Event) -> TransportError {
        showing(
            removal,
            removal.isOfItself
                ? "This instance has left the group: ask another of its members."
                : "This instance was removed from the group: ask another of its members."
        )
    }

    private static func showing(_ removal: Event, _ message: String) -> TransportError {
        TransportError(
            .forbidden,
            message,
            detail: .init(name: RemovalRefusal.member, json: removal.wireBytes())
        )
    }

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

extension Event {
    /// Whether it is the leave of the instance that wrote it.
    var isOfItself: Bool { removedInstance == header.origin }

    /// Whose membership it ends; nil where it is no removal.
    var removedInstance: InstanceID? {
        guard case .instanceRemoved(let removal) = EventPayload(of: self) else { return nil }
        return removal.instance
    }
}
