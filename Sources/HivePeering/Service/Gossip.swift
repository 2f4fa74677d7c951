import HiveCrypto
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import Synchronization

/// The peer book of a running instance, and what it heard and has not looked at yet.
///
/// Heartbeats only put what they bring into a bounded queue: names are resolved and entries stored by `PeeringService`
/// later, so that nobody's list holds up an answer.
final class Gossip: Sendable {
    /// A list, and who told it.
    struct Rumour: Sendable {
        var teller: InstanceID
        var entries: [GossipEntry]
    }

    /// Lists that wait; with more, the oldest are forgotten and told again in time.
    private static let rumoursMax = 64

    let settings: GossipSettings
    let rumours: AsyncStream<Rumour>
    private let rumourSink: AsyncStream<Rumour>.Continuation
    private let identity: any InstanceIdentity
    private let directory: PeerDirectory
    private let book: Mutex<PeerBook>
    private let crypto = SwiftCrypto()

    init(identity: any InstanceIdentity, directory: PeerDirectory, settings: GossipSettings) {
        self.identity = identity
        self.directory = directory
        self.settings = settings
        book = Mutex(PeerBook(instance: identity.instance, settings: settings))
        (rumours, rumourSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.rumoursMax))
    }

    /// What `recipient` was not told yet; renews the own record on the way.
    func news(for recipient: InstanceID, nowMs: Int64) -> [GossipEntry] {
        guard settings.isEnabled else { return [] }
        let peers = directory.all()
        let shared = Set(peers.filter { $0.instance == recipient }.flatMap(\.groups))
        let subjects = peers.compactMap { peer in
            peer.instance.flatMap { instance in
                shared.isDisjoint(with: peer.groups)
                    ? nil : PeerBook.Subject(instance: instance, name: peer.name, ttl: ttl(of: peer))
            }
        }
        let links = peers.filter { $0.status == "active" }.compactMap(\.instance)
        return book.withLock { book in
            book.renew(
                endpoints: identity.syncEndpoint.map { [$0] } ?? [],
                links: links,
                nowMs: nowMs,
                sign: identity.sign
            )
            return book.news(for: recipient, name: identity.name, among: subjects, nowMs: nowMs)
        }
    }

    private func ttl(of peer: PeerRecord) -> Int64 {
        switch peer.source {
        case "gossip": peer.gossipTTL
        case "hub": settings.hubTTL
        default: settings.defaultTTL
        }
    }

    func told(_ recipient: InstanceID, _ entries: [GossipEntry], nowMs: Int64) {
        book.withLock { $0.told(recipient, entries, nowMs: nowMs) }
    }

    func forgetTold(_ recipient: InstanceID) { book.withLock { $0.forgetTold(recipient) } }

    /// Keeps a list until it is looked at.
    func hear(_ entries: [GossipEntry], from teller: InstanceID) {
        guard settings.isEnabled, !entries.isEmpty else { return }
        rumourSink.yield(Rumour(teller: teller, entries: entries))
    }

    func learn(
        _ entry: GossipEntry,
        from teller: InstanceID,
        identityKey: PublicKey,
        nowMs: Int64
    ) -> PeerBook.Lesson {
        book.withLock { $0.learn(entry, from: teller, identityKey: identityKey, nowMs: nowMs, crypto) }
    }

    /// Takes up the records that were kept with peer entries.
    func restore(_ peers: [PeerRecord]) {
        let records = peers.compactMap { $0.announcement.flatMap { try? SignedPeerRecord(parsing: $0) } }
        book.withLock { book in for record in records { book.restore(record) } }
    }

    func drop(_ instance: InstanceID) { book.withLock { $0.drop(instance) } }
}
