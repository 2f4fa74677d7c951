public import HiveModel
public import HiveSync

/// What an alert is about: at most one is open for each.
public struct AlertSubject: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Equal heads, different states.
        case diverged
        /// A peer has failed for long, or refuses this instance.
        case peerError = "peer_error"
        /// Another process writes this instance's log.
        case secondProcess = "second_process"
        /// This instance can't mend its own log by itself.
        case ownLog = "own_log"
    }

    public var kind: Kind
    public var group: GroupID?
    public var peer: PeerID?

    public init(_ kind: Kind, group: GroupID? = nil, peer: PeerID? = nil) {
        self.kind = kind
        self.group = group
        self.peer = peer
    }
}

/// Something an operator has to know, open from when it was found until it is over.
public struct Alert: Hashable, Sendable {
    public var id: String
    public var subject: AlertSubject
    /// Milliseconds since 1970.
    public var sinceMs: Int64
    /// One or two sentences: what is wrong, and what to do.
    public var message: String
    /// When an admin said to have seen it, milliseconds since 1970.
    public var acknowledgedAtMs: Int64?

    public init(
        id: String,
        subject: AlertSubject,
        sinceMs: Int64,
        message: String,
        acknowledgedAtMs: Int64? = nil
    ) {
        self.id = id
        self.subject = subject
        self.sinceMs = sinceMs
        self.message = message
        self.acknowledgedAtMs = acknowledgedAtMs
    }
}

/// Where alerts are raised and cleared.
///
/// Both may be called again and again with the same subject: an alert is raised once and cleared once.
public protocol AlertSink: Sendable {
    /// Opens an alert; of one that is open already only the message is replaced.
    func raise(_ subject: AlertSubject, _ message: String)
    func clear(_ subject: AlertSubject)
    /// Clears all alerts about a peer.
    func clear(peer: PeerID)
}
