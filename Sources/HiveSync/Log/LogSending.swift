public import HiveModel

/// How much of an instance's logs a peer is sent, by what it says it holds of them (protocol, section 6).
public enum LogSending: Hashable, Sendable {
    case nothing
    /// It holds the same up to there.
    case above(Place)
    /// It holds nothing of it, or another chain: where the two part only it can tell.
    case whole

    /// - Parameters:
    ///   - ours: the head here.
    ///   - theirs: what the peer says; nil where it names nothing of the instance.
    ///   - hash: of the event that stands here at the place of `theirs`; nil where none does.
    ///   - isAside: whether the event that `theirs` names is held here and does not stand: the peer does not know what
    ///     took it away, a pin or an opening, and how far its chain goes says nothing.
    ///   - knowsCut: whether the fork proof that `theirs` shows is held here.
    public init(ours: LogHead, theirs: LogHead?, hash: Hash256?, isAside: Bool = false, knowsCut: Bool) {
        guard let theirs else {
            self = .whole
            return
        }
        if theirs.cut != nil, !knowsCut, theirs.place.epoch == ours.place.epoch {
            // What lies beyond it would not be taken: the peer's proof has to come here first.
            self = .nothing
        } else if hash == theirs.hash {
            self = theirs.place < ours.place ? .above(theirs.place) : .nothing
        } else if hash != nil || isAside {
            self = .whole
        } else {
            // The peer is ahead, or beyond where a later opening ended the epoch.
            self = theirs.place.epoch < ours.place.epoch ? .whole : .nothing
        }
    }
}
