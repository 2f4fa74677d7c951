public import HiveModel

/// How the standing log of an instance may grow without deciding again what stands (protocol, section 9).
public struct LogTerms: Hashable, Sendable {
    /// The hash of the smallest fork proof about a place beyond the standing log.
    public var cut: Hash256?
    /// The first place of the newest standing epoch that can't stand because of that proof.
    public var end: Place?
    /// Ends of chains that aren't held and would change what stands: named by an opening kept aside, or by a pin.
    ///
    /// A pin stays here, its chain aside, as long as what that closes isn't held either. By place, then hash.
    public var awaited: [Fence]

    public init(cut: Hash256? = nil, end: Place? = nil, awaited: [Fence] = []) {
        self.cut = cut
        self.end = end
        self.awaited = awaited
    }

    /// Whether an event at `place` may lie on a chain that is waited for.
    func awaits(_ place: Place) -> Bool {
        awaited.contains { $0.place.epoch == place.epoch && $0.place.seq >= place.seq }
    }
}

/// An event that is held but doesn't stand: cut away, or part of a chain that may stand later.
///
/// Admission checked it as any other: it is chained to the opening of its log, and a valid signature vouches for it.
public struct KeptEvent: Hashable, Sendable {
    public var event: Event
    /// Its own signature was checked or made here.
    public var isVerified: Bool

    public init(event: Event, isVerified: Bool) {
        self.event = event
        self.isVerified = isVerified
    }
}

/// A change of owner by who could decide it, kept because of what it pins and handed over like a fork proof
/// (protocol, section 7).
public struct OwnerTransfer: Hashable, Sendable {
    public var n: Int64
    /// Whose identity key signed it, and so whose log it pins; nil where successors did.
    public var signer: InstanceID?
    public var to: InstanceID
    public var pin: Fence
    /// The `owner_changed` payload in RFC 8785 form.
    public var payload: [UInt8]

    public init(n: Int64, signer: InstanceID?, to: InstanceID, pin: Fence, payload: [UInt8]) {
        self.n = n
        self.signer = signer
        self.to = to
        self.pin = pin
        self.payload = payload
    }
}

/// What keeps events of a log from standing: what the reply to their sender carries.
public enum LogCut: Hashable, Sendable {
    /// They lie at or beyond a fork.
    case fork(ForkProof)
    /// They lie beyond where this opening closes their epoch.
    case opening(Event)
    /// They lie beside what the owner pinned.
    case pin(OwnerTransfer)
}
