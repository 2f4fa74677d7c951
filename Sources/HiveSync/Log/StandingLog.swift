import HiveModel

/// What of an instance's logs stands, decided from everything held of it (protocol, sections 7 and 9).
///
/// The highest epoch whose opening is not forked decides. Each lower epoch is exactly the chain that ends where its
/// opening says; the newest ends before its first fork. At or below an owner-signed pin there is no fork: the chain
/// that ends in the pin is the log up to there, and an opening that closes below or beside it is dead. An opening that
/// closes a chain not held is as if it had not come, so two replicas that hold the same otherwise agree.
struct StandingLog: Hashable {
    /// Two events that follow the same one, or two openings of one epoch.
    struct Fork: Hashable {
        var place: Place
        /// In order.
        var hashes: [Hash256]
    }

    /// An event as far as it matters here.
    struct Link: Hashable {
        var place: Place
        var hash: Hash256
        var prev: Hash256?
        /// Of an opening: where it ends each lower epoch, by epoch ascending.
        var closed: [ClosedEpoch] = []
    }

    /// In order of place.
    private(set) var chain: [Link] = []
    /// Forks that matter and that no proof given shows.
    private(set) var forks: [Fork] = []
    /// Ends of chains that openings or the pin name and that aren't held, and the pin itself until it decides.
    private(set) var awaited: [Fence] = []
    /// Epochs killed by the pin alone.
    private(set) var besidePin: [Int64] = []
    /// Whether the chain that ends in the pin is held, so that the pin decides.
    private(set) var isPinned = false

    var head: Link? { chain.last }

    /// - Parameters:
    ///   - links: everything held, in any order.
    ///   - proofs: the places of the fork proofs known, in any order.
    ///   - pin: the largest owner-signed pin.
    static func decide(_ links: [Link], proofs: [Place], pin: Fence?) -> StandingLog {
        let pool = Pool(links)
        var log = StandingLog()
        let pinned = pin.flatMap { log.pinnedChains($0, in: pool) }
        log.isPinned = pinned != nil
        let pin = pinned == nil ? nil : pin
        for epoch in pool.openings.keys.sorted(by: >) {
            if let pinned, epoch == pin?.place.epoch {
                let limit = limit(of: epoch, proofs: proofs, pin: pin)
                log.chain = pinned.lower + log.follow(pinned.chain, limit: limit, in: pool)
                break
            }
            let limit = limit(of: epoch, proofs: proofs, pin: pin)
            guard limit != 1, let opening = log.onlyOpening(of: epoch, in: pool),
                let lower = log.lowerChains(of: opening, in: pool, pin: pin)
            else { continue }
            log.chain = lower + log.follow([opening], limit: limit, in: pool)
            break
        }
        log.settleAwaited()
        return log
    }

    /// The place at which the smallest proof about an epoch ends it.
    private static func limit(of epoch: Int64, proofs: [Place], pin: Fence?) -> Int64? {
        proofs.filter { $0.epoch == epoch && !isOverruled($0, by: pin) }.map(\.seq).min()
    }

    /// Whether a fork at `place` doesn't count because of a pin whose chain is held.
    static func isOverruled(_ place: Place, by pin: Fence?) -> Bool { pin.map { place <= $0.place } ?? false }

    /// The chain that ends in the pin and what its opening leaves of lower epochs; nil where any of it isn't held.
    private mutating func pinnedChains(_ pin: Fence, in pool: Pool) -> (lower: [Link], chain: [Link])? {
        guard let chain = pool.chain(endingAt: pin), let opening = chain.first else {
            awaited.append(pin)
            return nil
        }
        guard let lower = lowerChains(of: opening, in: pool, pin: nil) else {
            // The pinned chain is needed again once what it closes has come.
            awaited.append(pin)
            return nil
        }
        return (lower, chain)
    }

    /// The opening of an epoch; nil where there are two, which kill it.
    private mutating func onlyOpening(of epoch: Int64, in pool: Pool) -> Link? {
        let openings = pool.openings[epoch] ?? []
        guard openings.count > 1 else { return openings.first }
        forks.append(Fork(place: Place(epoch: epoch, seq: 1), hashes: openings.prefix(2).map(\.hash)))
        return nil
    }

    /// By place, each once.
    private mutating func settleAwaited() {
        var settled: [Fence] = []
        for fence in awaited.sorted(by: { ($0.place, $0.hash) < ($1.place, $1.hash) }) where settled.last != fence {
            settled.append(fence)
        }
        awaited = settled
    }

    /// What an opening leaves of the epochs before it; nil where it is dead by the pin, or waits.
    private mutating func lowerChains(of opening: Link, in pool: Pool, pin: Fence?) -> [Link]? {
        if let pin, !opening.closed.contains(where: { $0.leaves(pin) }) {
            besidePin.append(opening.place.epoch)
            return nil
        }
        var chains: [Link] = []
        var missing: [Fence] = []
        for end in opening.closed {
            guard let chain = pool.chain(endingAt: Fence(place: end.last, hash: end.hash)) else {
                missing.append(Fence(place: end.last, hash: end.hash))
                continue
            }
            if let pin, end.last.epoch == pin.place.epoch, chain[Int(pin.place.seq) - 1].hash != pin.hash {
                besidePin.append(opening.place.epoch)
                return nil
            }
            chains += chain
        }
        guard missing.isEmpty else {
            awaited += missing
            return nil
        }
        return chains
    }

    /// The chain on from `start`, up to its first fork and before place `limit`.
    private mutating func follow(_ start: [Link], limit: Int64?, in pool: Pool) -> [Link] {
        var chain = start
        while let last = chain.last, limit.map({ last.place.seq + 1 < $0 }) ?? true {
            let next = pool.next(after: last)
            guard next.count == 1 else {
                if let first = next.first {
                    forks.append(Fork(place: first.place, hashes: next.prefix(2).map(\.hash)))
                }
                break
            }
            chain += next
        }
        return chain
    }
}

extension ClosedEpoch {
    /// Whether the epoch of `pin` is closed at or above it, as far as the end alone tells.
    fileprivate func leaves(_ pin: Fence) -> Bool {
        last.epoch == pin.place.epoch && (last.seq > pin.place.seq || last.seq == pin.place.seq && hash == pin.hash)
    }
}

/// Everything held of an instance, to walk along.
///
/// Dictionaries only look up.
private struct Pool {
    private var links: [Hash256: StandingLog.Link] = [:]
    private var followers: [Hash256: [StandingLog.Link]] = [:]
    /// By hash.
    private(set) var openings: [Int64: [StandingLog.Link]] = [:]

    init(_ all: [StandingLog.Link]) {
        links.reserveCapacity(all.count)
        for link in all where links.updateValue(link, forKey: link.hash) == nil {
            if let prev = link.prev {
                Self.insert(link, into: &followers[prev, default: []])
            } else if link.place.seq == 1 {
                Self.insert(link, into: &openings[link.place.epoch, default: []])
            }
        }
    }

    private static func insert(_ link: StandingLog.Link, into links: inout [StandingLog.Link]) {
        links.insert(link, at: links.firstIndex { $0.hash > link.hash } ?? links.endIndex)
    }

    /// What follows an event, by hash.
    func next(after link: StandingLog.Link) -> [StandingLog.Link] {
        (followers[link.hash] ?? []).filter {
            $0.place == Place(epoch: link.place.epoch, seq: link.place.seq + 1)
        }
    }

    /// The whole chain from its opening on; nil where it isn't held.
    func chain(endingAt end: Fence) -> [StandingLog.Link]? {
        var chain: [StandingLog.Link] = []
        var place = end.place
        var hash: Hash256? = end.hash
        while place.seq >= 1, let next = hash {
            guard let link = links[next], link.place == place else { return nil }
            chain.append(link)
            place.seq -= 1
            hash = link.prev
        }
        guard place.seq == 0, hash == nil else { return nil }
        return chain.reversed()
    }
}
