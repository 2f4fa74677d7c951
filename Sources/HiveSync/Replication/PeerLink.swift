import HiveModel

/// What is known and under way between this instance and one peer about one group.
///
/// The two lanes (push, pull) run side by side once the peers have met. Nothing here is sized by the backlog: what is
/// missing is named by heads and read from disk by the carrier.
struct PeerLink: Sendable {
    /// How far the peers have come with each other.
    enum Phase: Hashable, Sendable {
        /// No token is held, or it is not accepted any more.
        ///
        /// Can transition to `.greeting` when the wait is over, and to `.backfilling` when another group's handshake
        /// with the peer, or one the peer made with us, brings a token.
        case unmet(LinkWait?)
        /// A handshake is under way.
        ///
        /// Can transition to `.backfilling` or `.active` when it succeeds, to `.unmet` when it fails.
        case greeting
        /// What the peer reported at first contact is not held yet; nil while it has not reported.
        ///
        /// Can transition to `.active` when it is held (or the peer does not serve it), to `.unmet` when the token is
        /// refused.
        case backfilling([LogHead]?)
        /// What was reported at first contact is held.
        ///
        /// Can transition to `.unmet` when the token is refused.
        case active
    }

    /// Sending what the peer lacks.
    enum PushLane: Hashable, Sendable {
        /// Nothing known to be lacking.
        ///
        /// Can transition to `.gathering` or `.inFlight` when something is.
        case idle
        /// Events gather until the timer fires or enough have come; then `.inFlight`.
        case gathering(ArmedTimer)
        /// One request is out.
        ///
        /// Can transition to `.idle` or `.waiting` when it is answered or fails.
        case inFlight(PushFlight)
        /// Can transition to `.idle` when the wait is over.
        case waiting(LinkWait)
    }

    /// Fetching what we lack.
    enum PullLane: Hashable, Sendable {
        /// Nothing known to be lacking.
        ///
        /// Can transition to `.inFlight`, or `.waiting` for a push that should bring it.
        case idle
        /// One request is out.
        ///
        /// Can transition to `.idle` or `.waiting` when it ends.
        case inFlight(PullFlight)
        /// Can transition to `.idle` when the wait is over.
        case waiting(LinkWait)
    }

    /// A push under way.
    struct PushFlight: Hashable, Sendable {
        /// The heads it starts from.
        var above: [LogHead]
        /// What the peer was believed to hold: less than `above` where logs are left out for now.
        var believed: [LogHead]
        /// The heads about which proofs go with it.
        var handed: [LogHead] = []
        var session: UInt64
        /// What the peer told by other ways meanwhile: its answer may be older than that.
        var learned: [LogHead] = []
    }

    /// A pull under way.
    struct PullFlight: Hashable, Sendable {
        var since: Instant
        /// Our heads then.
        var from: [LogHead]
        var waitMs: Int64
        var session: UInt64
        /// What the peer told by other ways meanwhile: its last line may be older than that.
        var learned: [LogHead] = []
    }

    /// A log the peer reports farther than it serves it.
    struct UnservedLog: Hashable, Sendable {
        var origin: InstanceID
        /// Where we stood when last counted; any change starts over.
        var held: LogHead?
        var pulls: Int
    }

    /// A log of which the peer took nothing when it was offered.
    struct UntakenLog: Hashable, Sendable {
        var origin: InstanceID
        /// How far the peer held it; any change starts over.
        var held: LogHead?
        var pushes: Int
        /// The peer does not know the instance: what introduces it goes with the next push of the log.
        var isUnknown = false
        /// Until when it is left out of pushes, so that others get their turn; nil = not any more.
        var until: Instant?
    }

    let peer: PeerID
    let group: GroupID
    var phase: Phase
    var push = PushLane.idle
    var pull = PullLane.idle
    /// What the peer holds, by instance id; nil until it has said.
    ///
    /// Nothing is pushed before.
    var picture: [LogHead]?
    /// A pull is due, whatever the picture says.
    var isPullDue = false
    /// A push is due without gathering: it continues one, or comes after a wait.
    var isPushDue = false
    /// Events the peer takes in the next second, as it said last.
    var credits: Int64?
    /// Until when pushes rest because the peer pulls.
    var servingUntil: Instant?
    /// What a push is expected to bring while the pull waits for it.
    var expected: [LogHead] = []
    /// The heads at which unequal roots were told of.
    var divergedAt: Hash256?
    /// A handshake about this group succeeded once: a new token is enough, whoever's handshake brings it.
    var hasMet: Bool
    /// By instance id.
    var unserved: [UnservedLog] = []
    /// Logs the peer did not take when it was offered them, by instance id.
    var untaken: [UntakenLog] = []
    /// Pushes in a row for which nothing was found to send though the peer lacks something.
    var emptyPushes = 0
    /// Pulls in a row that brought nothing where something was to come.
    var fruitlessPulls = 0
    /// Our own log, while nothing of it may go to the peer.
    var withheld: InstanceID?
    /// What to do about what the peer holds of our own log, as it told last.
    var ownLog = OwnLogGate.Answer.open
    /// Pulls in a row after which the peer still held more of our own log than we do, which stood at the head named.
    var ownLogPulls: (held: LogHead?, count: Int) = (nil, 0)
    /// The heads about which the peer was handed proofs (`owedCuts`).
    var handed: [LogHead] = []
    var trouble = LinkTrouble()
    var lastAttempt: Instant?
    var retryTimer: ArmedTimer?
    var lastReport: PeerReport?
    var lastReportAt: Instant?

    init(peer: PeerID, group: GroupID, hasSession: Bool) {
        self.peer = peer
        self.group = group
        hasMet = hasSession
        phase = hasSession ? .backfilling(nil) : .unmet(nil)
        isPullDue = hasSession
    }

    /// Whether a token is held, as far as this link knows.
    var isMet: Bool {
        switch phase {
        case .unmet, .greeting: false
        case .backfilling, .active: true
        }
    }

    /// What of the peer's logs we lack and may still hope for, given our heads.
    func wanted(ours: [LogHead], settings: ReplicatorSettings) -> [LogHead] {
        guard let picture else { return [] }
        return servable(picture.beyond(ours), ours: ours, settings: settings)
    }

    /// `heads` without those of logs that the peer reports and does not serve.
    func servable(_ heads: [LogHead], ours: [LogHead], settings: ReplicatorSettings) -> [LogHead] {
        guard !unserved.isEmpty else { return heads }
        return heads.filter { head in
            guard let entry = unserved.first(where: { $0.origin == head.origin }) else { return true }
            return entry.pulls < settings.unservedPulls || entry.held != ours.head(of: head.origin)
        }
    }

    /// The peer certainly holds these: the picture only grows.
    mutating func grow(_ heads: [LogHead]) {
        picture = (picture ?? []).merged(with: heads)
        if case .inFlight(var flight) = push {
            flight.learned = flight.learned.merged(with: heads)
            push = .inFlight(flight)
        }
        if case .inFlight(var flight) = pull {
            flight.learned = flight.learned.merged(with: heads)
            pull = .inFlight(flight)
        }
    }

    /// The peer said all it holds, in answer to a call during which it told `learned` by other ways.
    ///
    /// This replaces the picture, farther or not. Call it when that call is no longer in flight.
    mutating func replace(_ heads: [LogHead], learned: [LogHead]) {
        let heads = heads.merged(with: learned)
        grow(heads)
        picture = heads
    }
}

/// The failures of a link since its last success.
struct LinkTrouble: Hashable, Sendable {
    var failures = 0
    var last: PeerFailure?
    /// A sentence for people about something that is no failure (events held, nothing taken).
    var note: String?
}
