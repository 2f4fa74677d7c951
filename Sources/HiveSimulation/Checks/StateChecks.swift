import HiveModel
import HiveSync

/// All healed nodes hold the same logs.
enum EqualHeadsAtRest: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        guard let first = rest.core.first else { return }
        for node in rest.core where node.heads.heads != first.heads.heads {
            rest.fail(.equalHeadsAtRest, node, "differs from n\(first.number)")
        }
    }
}

/// Equal heads mean equal roots and byte-equal dumps.
enum EqualHeadsMeanEqualState: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        for (index, node) in rest.core.enumerated().dropFirst() where node.heads.digest == rest.core[0].heads.digest {
            let first = rest.core[0]
            if rest.dumps[index] != rest.dumps[0] {
                let (left, right) = difference(rest.dumps[0], rest.dumps[index])
                rest.fail(
                    .equalHeadsMeanEqualState,
                    node,
                    "n\(first.number) has \(left), n\(node.number) has \(right)"
                )
            } else if node.heads.stateRoot != first.heads.stateRoot {
                rest.fail(.equalHeadsMeanEqualState, node, "equal rows and another root than n\(first.number)")
            }
        }
    }

    /// The first rows that differ.
    static func difference(_ left: [UInt8], _ right: [UInt8]) -> (String, String) {
        let (ours, theirs) = (left.split(separator: 0x0A), right.split(separator: 0x0A))
        for index in 0..<max(ours.count, theirs.count) {
            let (one, two) = (index < ours.count ? ours[index] : [], index < theirs.count ? theirs[index] : [])
            if !one.elementsEqual(two) {
                return (String(decoding: one, as: UTF8.self), String(decoding: two, as: UTF8.self))
            }
        }
        return ("all", "all")
    }
}

/// What a node came to event by event is what its log gives when folded from nothing.
enum IncrementalEqualsFresh: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let index = rest.core.firstIndex { $0 === rest.chosen } ?? 0
        try check(rest.chosen, events: rest.events, dump: rest.dumps[index], rest.cluster)
    }

    static func check<Store, Crypto>(_ node: SimulatedNode<Store, Crypto>, _ cluster: Cluster<Store, Crypto>) throws {
        let (events, dump) = try node.store.read { state in
            (try state.events(of: nil, after: 0, limit: 1_000_000), try state.canonicalDump())
        }
        try check(node, events: events, dump: dump, cluster)
    }

    private static func check<Store, Crypto>(
        _ node: SimulatedNode<Store, Crypto>,
        events: [StoredEvent],
        dump: [UInt8],
        _ cluster: Cluster<Store, Crypto>
    ) throws {
        var fresh = node.makeStore()
        try fresh.begin(cluster.group)
        let (rows, root) = try fresh.transaction(isDoomed: false) { state in
            for stored in events { _ = try state.append(stored.event, isVerified: true) }
            var fold = Fold<Store.State, Crypto>(group: cluster.group, crypto: cluster.crypto)
            try fold.refold(&state)
            try fold.finish(&state)
            return (try state.canonicalDump(), try state.stateRoot())
        }
        let held = try node.store.read { try $0.stateRoot() }
        if rows != dump {
            let (left, right) = EqualHeadsMeanEqualState.difference(dump, rows)
            cluster.fail(.incrementalEqualsFresh, node.number, "holds \(left), a new fold gives \(right)")
        } else if root != held {
            cluster.fail(.incrementalEqualsFresh, node.number, "the root is another than that of a new fold")
        }
    }
}

/// The same events, the logs mixed at random and pieces of them offered again, give the same state; in one run of four.
enum OrderAndRepetition: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        try check(rest, always: false)
    }

    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>, always: Bool) throws {
        let cluster = rest.cluster
        guard always || cluster.seed % 4 == 0, let latest = rest.events.map(\.event.header.time.ms).max() else {
            return
        }
        var fresh = rest.chosen.makeStore()
        try fresh.begin(cluster.group)
        for batch in batches(rest.events.map(\.event), SimulationRandom(seed: cluster.seed, 6)) {
            try fresh.transaction(isDoomed: false) { state in
                var admission = Admission<Store.State, Crypto>(group: cluster.group, crypto: cluster.crypto)
                _ = try admission.admit(batch, wallMs: latest, into: &state)
                try admission.finish(&state)
            }
        }
        let index = rest.core.firstIndex { $0 === rest.chosen } ?? 0
        let dump = try fresh.transaction(isDoomed: false) { state in
            try foldAgain(rest.events.map(\.event), cluster, in: &state)
            return try state.canonicalDump()
        }
        guard dump != rest.dumps[index] else { return }
        let (left, right) = EqualHeadsMeanEqualState.difference(rest.dumps[index], dump)
        rest.fail(.orderAndRepetition, rest.chosen, "holds \(left), another order gives \(right)")
    }

    /// Folds everything a second time, which changes nothing, and notes what has no effect.
    private static func foldAgain<Store, Crypto>(
        _ events: [Event],
        _ cluster: Cluster<Store, Crypto>,
        in state: inout Store.State
    ) throws {
        var fold = Fold<Store.State, Crypto>(group: cluster.group, crypto: cluster.crypto)
        var removed: Set<InstanceID> = []
        for event in try state.acts(.roster) {
            if case .instanceRemoved(let removal) = EventPayload(of: event) { removed.insert(removal.instance) }
        }
        for event in events {
            guard case .void = try fold.apply(event, to: &state) else { continue }
            cluster.coverage.note(.voidEvent)
            if removed.contains(event.header.origin) { cluster.coverage.note(.fenceVoiding) }
        }
        try fold.finish(&state)
        try state.forEachEntity { entity in
            switch entity {
            case .post(let post, _, _) where post.isHidden: cluster.coverage.note(.fenceVoiding)
            case .comment(let comment, _, _, _) where comment.isHidden: cluster.coverage.note(.fenceVoiding)
            case .vote(let vote, _, _) where vote.isHidden: cluster.coverage.note(.fenceVoiding)
            default: break
            }
        }
    }

    /// Logs in their own order, mixed; what comes before its instance is known is offered again in the end.
    private static func batches(_ events: [Event], _ random: SimulationRandom) -> [[Event]] {
        var random = random
        var logs: [[Event]] = []
        for event in events {
            if let index = logs.firstIndex(where: { $0[0].header.origin == event.header.origin }) {
                logs[index].append(event)
            } else {
                logs.append([event])
            }
        }
        for index in logs.indices { logs[index].sort { $0.header.place < $1.header.place } }
        // Everything follows from the genesis, which alone names the group.
        var batches: [[Event]] = [Array(logs.flatMap { $0 }.filter(\.header.isGenesis))]
        var rest = logs.map { $0[...] }
        while let index = random.pick(rest.indices.filter { !rest[$0].isEmpty }) {
            var batch = Array(rest[index].prefix(1 + random.below(20)))
            rest[index] = rest[index].dropFirst(batch.count)
            if random.chance(1, of: 4), let again = random.pick(logs) { batch += again.prefix(10) }
            batches.append(batch)
        }
        return batches + logs + logs
    }
}

/// Scores, comment counts and karma equal a recount, on every node.
enum CountersEqualRecount: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        for node in rest.core { try check(node, rest.cluster) }
    }

    static func check<Store, Crypto>(_ node: SimulatedNode<Store, Crypto>, _ cluster: Cluster<Store, Crypto>) throws {
        let faults = try node.store.read { try Recount.faults(in: &$0) }
        if let first = faults.first { cluster.fail(.countersEqualRecount, node.number, first) }
    }
}

/// What is deleted by its author stays deleted everywhere.
enum TombstonesFinal: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let cluster = rest.cluster
        // Bans and removals take deletions back as they take everything back.
        guard !cluster.options.has(.moderation), !cluster.options.has(.removals) else { return }
        try rest.chosen.store.read { state in
            for content in cluster.ledger.posts {
                guard let deletion = content.deletion, try stands(deletion, in: state, cluster) else { continue }
                guard let post = try state.post(content.id)?.post, post.isLive,
                    try isBy(content, post.creation, in: state, cluster)
                else { continue }
                rest.fail(.tombstonesFinal, rest.chosen, "post \(content.id.rawValue) is back")
            }
            for content in cluster.ledger.comments {
                guard let deletion = content.deletion, try stands(deletion, in: state, cluster) else { continue }
                guard let comment = try state.comment(content.id)?.comment, comment.isLive,
                    try isBy(content, comment.creation, in: state, cluster)
                else { continue }
                rest.fail(.tombstonesFinal, rest.chosen, "comment \(content.id.rawValue) is back")
            }
        }
    }

    /// Whether it is what its author deleted: an id whose creation was lost with a crash is free for a liar.
    private static func isBy<Store, Crypto>(
        _ content: Ledger.Content,
        _ creation: Creation?,
        in state: Store.State,
        _ cluster: Cluster<Store, Crypto>
    ) throws -> Bool {
        guard content.node == cluster.plan.evil, let creation else { return true }
        return try state.agentKey(creation.author) == cluster.nodes[content.node].agent(content.agent).key
    }

    private static func stands<Store, Crypto>(
        _ hash: Hash256,
        in state: Store.State,
        _ cluster: Cluster<Store, Crypto>
    ) throws -> Bool {
        guard let made = cluster.ledger.event(hash) else { return false }
        return try state.eventHash(origin: cluster.nodes[made.node].instance, place: made.place) == hash
    }
}
