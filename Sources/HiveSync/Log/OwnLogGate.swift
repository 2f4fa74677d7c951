public import HiveModel

/// What may be sent of this instance's own log after a start, when its database may be an old copy (protocol, section
/// 9).
///
/// Nothing of one's own goes to a peer before that peer has said how far it holds one's log. A peer that holds more, or
/// another chain, gives back first what is missing. Local writes that came in between fork the log; `Admission.recover`
/// then opens a new epoch and repeats them.
public struct OwnLogGate: Hashable, Sendable {
    /// What to do about a peer's head of one's own log.
    public enum Answer: Hashable, Sendable {
        /// It holds nothing else: own events may go to it.
        case open
        /// It holds events that this instance lacks: take them from it first, beyond `held` where the peer's chain
        /// continues that, all of them otherwise.
        case fetch(beyond: LogHead?)
    }

    private enum Peer: Hashable, Sendable {
        /// Can become `open`, when it holds no more than this instance.
        ///
        /// `isBeside`: its chain does not simply continue this instance's.
        case ahead(LogHead, isBeside: Bool)
        /// Stays so.
        case open
    }

    /// Peers by id; only looked up.
    private var peers: [InstanceID: Peer] = [:]

    public init() {}

    /// Whether own events may go to `peer`.
    public func isOpen(to peer: InstanceID) -> Bool { peers[peer] == .open }

    /// Whether the own log is left out of the heads told to `peer`, so that it gives back all it has of it: streams it,
    /// or pushes it where it can't be called.
    public func fetchesWhole(from peer: InstanceID) -> Bool {
        if case .ahead(_, isBeside: true) = peers[peer] { true } else { false }
    }

    /// A peer said how far it holds this instance's log.
    /// - Parameters:
    ///   - head: nil where it holds nothing of it.
    ///   - held: this instance's own head.
    ///   - hash: of this instance's own event at the place of `head`; nil where none stands.
    public mutating func peerReported(
        _ peer: InstanceID,
        _ head: LogHead?,
        held: LogHead?,
        hash: Hash256?
    ) -> Answer {
        guard let head, hash != head.hash else {
            peers[peer] = .open
            return .open
        }
        let continues = held.map { $0.place.epoch == head.place.epoch && $0.place < head.place } ?? false
        // Once open, a peer that is ahead or beside shows what a fork proof settles.
        if peers[peer] != .open { peers[peer] = .ahead(head, isBeside: !continues) }
        return .fetch(beyond: continues ? held : nil)
    }

    /// What a peer holds beyond was taken, or can't be served: peers of which nothing is missing any more are open.
    /// - Parameter isHeld: whether this instance holds the event, standing or aside.
    public mutating func ownLogChanged(isHeld: (LogHead) throws -> Bool) rethrows {
        for peer in peers.keys.sorted() {
            if case .ahead(let head, _) = peers[peer], try isHeld(head) { peers[peer] = .open }
        }
    }

    /// A peer reported what it couldn't serve (protocol, section 6): its word is ignored.
    public mutating func peerCouldNotServe(_ peer: InstanceID) { peers[peer] = .open }

    /// A peer's connection ended, or it was removed: it has to report again.
    public mutating func peerLost(_ peer: InstanceID) { peers[peer] = nil }
}
