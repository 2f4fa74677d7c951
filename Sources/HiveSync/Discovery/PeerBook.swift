public import HiveModel

/// What instances have said of where they are reached, and who was told of it: the state of gossip (protocol, section
/// 8).
///
/// Whether an instance is dialled is decided by its peer entry; this holds the signed records only. Idle heartbeats
/// carry nothing: a peer is told what it was not told yet, and all of it again now and then, since a reply may be lost.
public struct PeerBook: Sendable {
    /// A peer that may be passed on.
    public struct Subject: Hashable, Sendable {
        public var instance: InstanceID
        public var name: String
        /// Hops it may travel from here.
        public var ttl: Int64

        public init(instance: InstanceID, name: String, ttl: Int64) {
            self.instance = instance
            self.name = name
            self.ttl = ttl
        }
    }

    /// What a peer was told.
    private struct Told {
        var sinceMs: Int64
        /// The newest record by the instance it is about; only looked up.
        var records: [InstanceID: Int64] = [:]
    }

    public let instance: InstanceID
    public let settings: GossipSettings
    /// This instance's own record; nil where it can only dial out.
    public private(set) var own: SignedPeerRecord?
    private var ownSinceMs: Int64 = 0
    /// By the instance they are about; only looked up.
    private var records: [InstanceID: SignedPeerRecord] = [:]
    /// The records of peers that went because they failed; only looked up.
    private var dropped: [InstanceID: Int64] = [:]
    /// By whom was told; only looked up.
    private var told: [InstanceID: Told] = [:]

    public init(instance: InstanceID, settings: GossipSettings) {
        self.instance = instance
        self.settings = settings
    }

    /// The newest record held of an instance.
    public func record(of instance: InstanceID) -> SignedPeerRecord? { records[instance] }

    /// A record kept from before a restart.
    public mutating func restore(_ record: SignedPeerRecord) {
        guard (records[record.instance]?.recordSeq ?? -1) < record.recordSeq else { return }
        records[record.instance] = record
    }

    // MARK: The own record

    /// Makes a new record of this instance where the old one is no longer true, or half its life is over.
    ///
    /// Links alone change it at most once an exchange interval. Without endpoints there is none.
    /// - Parameter sign: with the identity key.
    public mutating func renew(
        endpoints: [String],
        links: [InstanceID],
        nowMs: Int64,
        sign: (_ message: [UInt8]) -> [UInt8]
    ) {
        guard !endpoints.isEmpty else {
            own = nil
            return
        }
        let endpoints = Array(endpoints.prefix(SignedPeerRecord.endpointsMax))
        let links = Array(links.sorted().prefix(SignedPeerRecord.linksMax))
        if let own, own.endpoints == endpoints, own.expiresMs - nowMs > settings.lifeMs / 2,
            own.expiresMs - nowMs <= SignedPeerRecord.lifeMaxMs,
            own.links == links || nowMs - ownSinceMs < settings.exchangeMs
        {
            return
        }
        var record = SignedPeerRecord(
            instance: instance,
            endpoints: endpoints,
            links: links,
            // Greater than any before it, over restarts too, as long as the clock goes forward.
            recordSeq: max(nowMs, (own?.recordSeq ?? 0) + 1),
            expiresMs: nowMs + settings.lifeMs
        )
        record.signature = sign(record.signingMessage)
        own = record
        ownSinceMs = nowMs
    }

    // MARK: Telling

    /// What `recipient` was not told yet: this instance itself, and those of `subjects` whose record is held.
    ///
    /// - Parameter subjects: peers that share a group with the recipient; the recipient itself is left out.
    public func news(
        for recipient: InstanceID,
        name: String,
        among subjects: [Subject],
        nowMs: Int64
    ) -> [GossipEntry] {
        guard settings.isEnabled else { return [] }
        let seen = told[recipient].flatMap { isStale($0, nowMs) ? nil : $0.records } ?? [:]
        var entries: [GossipEntry] = []
        if let own, (seen[instance] ?? -1) < own.recordSeq {
            entries.append(GossipEntry(name: name, record: own, ttl: settings.defaultTTL))
        }
        for subject in subjects.sorted(by: { $0.instance < $1.instance }) {
            guard entries.count < GossipSettings.entriesMax else { break }
            guard subject.ttl > 0, subject.instance != recipient, subject.instance != instance,
                let record = records[subject.instance], record.expiresMs > nowMs,
                (seen[subject.instance] ?? -1) < record.recordSeq
            else { continue }
            let ttl = min(subject.ttl, GossipSettings.ttlMax)
            entries.append(GossipEntry(name: subject.name, record: record, ttl: ttl))
        }
        return entries
    }

    /// These were sent to `recipient`, and answered or written to its connection.
    public mutating func told(_ recipient: InstanceID, _ entries: [GossipEntry], nowMs: Int64) {
        guard !entries.isEmpty else { return }
        var known = told[recipient] ?? Told(sinceMs: nowMs)
        if isStale(known, nowMs) { known = Told(sinceMs: nowMs) }
        for entry in entries { known.records[entry.record.instance] = entry.record.recordSeq }
        told[recipient] = known
    }

    /// A peer shook hands anew: it may have lost what it knew.
    public mutating func forgetTold(_ recipient: InstanceID) { told[recipient] = nil }

    private func isStale(_ told: Told, _ nowMs: Int64) -> Bool {
        nowMs - told.sinceMs >= settings.exchangeMs * GossipSettings.refreshExchanges || nowMs < told.sinceMs
    }

    // MARK: Learning

    /// What became of an entry.
    public enum Lesson: Hashable, Sendable {
        /// It is news: its instance may be dialled, and passed on for `ttl` more hops.
        case taken(ttl: Int64)
        /// It is held already, or a newer one.
        case known
        /// It is not believed: a sentence.
        case refused(String)
    }

    /// Takes an entry that `teller` told.
    /// - Parameter identityKey: of the instance it is about, as the roster of a shared group names it.
    public mutating func learn(
        _ entry: GossipEntry,
        from teller: InstanceID,
        identityKey: PublicKey,
        nowMs: Int64,
        _ verifier: some Verifier
    ) -> Lesson {
        let record = entry.record
        let isItself = record.instance == teller
        guard record.instance != instance else { return .known }
        guard entry.ttl > 0 || isItself else { return .refused("its hops are used up") }
        guard record.expiresMs > nowMs else { return .refused("its record has expired") }
        guard record.expiresMs - nowMs <= SignedPeerRecord.lifeMaxMs + Self.clockSlackMs else {
            return .refused("its record stands longer than seven days")
        }
        if let held = records[record.instance], held.recordSeq >= record.recordSeq { return .known }
        if !isItself, let last = dropped[record.instance], record.recordSeq <= last {
            return .refused("it was given up, and nothing newer is said")
        }
        guard record.isSigned(by: identityKey, verifier) else {
            return .refused("its record is not signed by its identity key")
        }
        records[record.instance] = record
        dropped[record.instance] = nil
        // What a teller says of itself is no hop.
        return .taken(ttl: isItself ? 0 : min(entry.ttl, GossipSettings.ttlMax) - 1)
    }

    /// A learnt peer is given up: it returns with a newer record, or by calling itself.
    public mutating func drop(_ instance: InstanceID) {
        dropped[instance] = records.removeValue(forKey: instance)?.recordSeq ?? dropped[instance] ?? 0
        told[instance] = nil
    }

    /// How far the teller's clock may be ahead, milliseconds.
    private static let clockSlackMs: Int64 = 3_600_000
}
