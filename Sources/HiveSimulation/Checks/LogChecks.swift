import HiveModel
import HiveSync

/// Every log is without holes, in each of its epochs.
enum ContiguousLogs: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        for node in rest.core {
            try node.store.read { state in
                for head in try state.heads() {
                    for seq in stride(from: head.place.seq, to: 0, by: -1) {
                        let place = Place(epoch: head.place.epoch, seq: seq)
                        if try state.eventHash(origin: head.origin, place: place) == nil {
                            rest.fail(.contiguousLogs, node, "\(head.origin.rawValue) lacks \(place)")
                        }
                    }
                }
            }
        }
        for event in rest.events.map(\.event) where event.header.place.seq > 1 {
            let header = event.header
            let before = Place(epoch: header.place.epoch, seq: header.place.seq - 1)
            let isThere = try rest.chosen.store.read { try $0.eventHash(origin: header.origin, place: before) != nil }
            if !isThere { rest.fail(.contiguousLogs, rest.chosen, "\(header.place) without the one before it") }
        }
    }
}

/// Hashes are those of the content, each event names the one before it, times rise, and signatures are good.
enum IntactChains: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let crypto = rest.cluster.crypto
        try rest.chosen.store.read { state in
            for event in rest.events.map(\.event) {
                let header = event.header
                let name = "\(header.origin.rawValue) \(header.place)"
                if header.hash(crypto) != event.hash || crypto.sha256(event.payload) != header.payloadHash {
                    rest.fail(.intactChains, rest.chosen, "\(name) was altered")
                }
                if header.place.seq > 1 {
                    let place = Place(epoch: header.place.epoch, seq: header.place.seq - 1)
                    guard let before = try state.event(origin: header.origin, place: place) else { continue }
                    if header.prev != before.hash { rest.fail(.intactChains, rest.chosen, "\(name) names another") }
                    if header.time <= before.header.time {
                        rest.fail(.clockBounds, rest.chosen, "\(name) does not lie after the one before it")
                    }
                }
                guard let key = try state.logKey(origin: header.origin, epoch: header.place.epoch),
                    event.isSigned(by: key, crypto)
                else {
                    rest.fail(.intactChains, rest.chosen, "\(name) is not signed by its log's key")
                    continue
                }
            }
        }
    }
}

/// Every event held was made by the instance it names.
///
/// Seen at each commit; here once more, since logs may have been replaced.
enum NoForgedEvent: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        for event in rest.events.map(\.event) {
            guard let made = rest.cluster.ledger.event(event.hash),
                rest.cluster.nodes[made.node].instance == event.header.origin
            else {
                rest.fail(
                    .noForgedEvent,
                    rest.chosen,
                    "\(event.header.origin.rawValue) never wrote \(event.id.rawValue)"
                )
                continue
            }
        }
    }

    /// Looks at what a commit added to a node.
    static func check<Store, Crypto>(_ event: Event, at node: Int, _ cluster: Cluster<Store, Crypto>) {
        guard !cluster.ledger.hold(event.hash, at: node) else { return }
        let (header, id) = (event.header, event.id.rawValue)
        cluster.fail(.noForgedEvent, node, "nobody made \(id) of \(header.origin.rawValue) at \(header.place)")
    }
}

/// What a client was told is done stands everywhere, or its repetition does, unless no replica was left that held it.
///
/// Of a node that does not return it may lie aside: nobody else can repeat it.
enum NothingAcknowledgedIsLost: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let cluster = rest.cluster
        // Of what was repeated the original may stand again, where a pin brought it back.
        var repeated = Set<EventID>()
        for event in rest.events.map(\.event) {
            repeated.insert(event.id)
            if let re = event.header.refs.re { repeated.insert(re) }
        }
        var gone: [Ledger.Made] = []
        try rest.chosen.store.read { state in
            for made in cluster.ledger.made where made.isAcknowledged && !made.isLie {
                let origin = cluster.nodes[made.node].instance
                if try state.eventHash(origin: origin, place: made.place) == made.hash { continue }
                if repeated.contains(made.id) || made.re.map(repeated.contains) == true { continue }
                let isHeld = cluster.core.contains { made.holders & 1 << UInt32($0) != 0 }
                // A node that does not come back may be the only one that has it.
                if isHeld { gone.append(made) }
            }
        }
        for made in gone {
            if made.node == cluster.plan.dead, try isAside(made, rest) { continue }
            let name = "\(made.id.rawValue) of n\(made.node) \(made.place.epoch).\(made.place.seq) \(made.hash.brief)"
            rest.fail(.nothingAcknowledgedIsLost, rest.chosen, "\(name) is gone")
        }
    }

    private static func isAside<Store, Crypto>(_ made: Ledger.Made, _ rest: Rest<Store, Crypto>) throws -> Bool {
        let origin = rest.cluster.nodes[made.node].instance
        return try rest.core.contains { node in
            try node.store.read { try $0.keptEvent(of: origin, hash: made.hash) != nil }
        }
    }
}

/// A liar's fork takes nothing from other logs: what honest nodes wrote stands though it was never acknowledged.
enum ForkIsContained: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let cluster = rest.cluster
        guard cluster.plan.evil != nil, !cluster.options.faults.contains(where: \.forksHonestLogs) else { return }
        try rest.chosen.store.read { state in
            for made in cluster.ledger.made where !made.isLie && made.holders != 0 {
                let origin = cluster.nodes[made.node].instance
                let isHeld = cluster.core.contains { made.holders & 1 << UInt32($0) != 0 }
                guard isHeld, try state.eventHash(origin: origin, place: made.place) != made.hash else { continue }
                rest.fail(.forkIsContained, rest.chosen, "\(made.id.rawValue) of n\(made.node) does not stand")
            }
        }
    }
}

/// Nothing is stored twice: no echo.
enum LogGrowth: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let distinct = Set(rest.events.map(\.event.hash)).count
        if distinct != rest.events.count {
            rest.fail(.logGrowth, rest.chosen, "\(rest.events.count) rows hold \(distinct) events")
        }
    }
}

/// What is admitted lies at most the group's drift ahead of the admitting clock.
enum ClockBounds {
    static func check<Store, Crypto>(_ event: Event, at node: Int, _ cluster: Cluster<Store, Crypto>) {
        let machine = cluster.nodes[node]
        guard event.header.origin != machine.instance else { return }
        let ahead = event.header.time.ms - machine.clock.wallMs(atMs: cluster.now.ms)
        guard ahead > GroupPolicy().maxClockDriftMs else { return }
        cluster.fail(.clockBounds, node, "\(event.id.rawValue) was admitted \(ahead) ms ahead of the clock")
    }
}
