import HiveModel
import HiveSync

/// Nothing has an effect that a removed instance wrote beyond the fence of its removal, though it may be a member again
/// from a later epoch.
///
/// Only for removals by the founder, in runs where it stays owner and none of them is a repetition: those are valid,
/// whatever else was said.
enum FencesRespected: InvariantCheck {
    static func check<Store, Crypto>(_ rest: Rest<Store, Crypto>) throws {
        let cluster = rest.cluster
        guard cluster.options.has(.removals), !cluster.options.has(.transfers) else { return }
        try rest.chosen.store.read { state in
            let acts = try state.acts(.roster)
            guard !acts.contains(where: { $0.header.refs.re != nil }) else { return }
            let limits = try limits(acts, founder: cluster.nodes[0].instance, in: state)
            func check(_ author: InstanceID, _ stamp: Stamp?, _ name: String) {
                guard let stamp else { return }
                for limit in limits[author] ?? [] where limit.voids(stamp.place) {
                    rest.fail(.fencesRespected, rest.chosen, "\(name) was written beyond the fence, at \(stamp.place)")
                }
            }
            try state.forEachEntity { entity in
                switch entity {
                case .post(let post, let author, _): check(author.instance, post.creation?.stamp, post.id.rawValue)
                case .comment(let comment, _, let author, _):
                    check(author.instance, comment.creation?.stamp, comment.id.rawValue)
                case .vote(let vote, let target, let voter):
                    check(voter.instance, vote.stamp, "a vote on \(target.id.rawValue)")
                case .profile(let profile, let agent): check(agent.instance, profile.stamp, "a profile")
                default: break
                }
            }
        }
    }

    /// What a removal leaves of an instance's logs.
    private struct Limit {
        /// The last place that counts; nil = nothing does.
        var last: Place?
        /// From this epoch on the instance is back; nil = never.
        var backFrom: Int64?

        func voids(_ place: Place) -> Bool {
            (last.map { place > $0 } ?? true) && (backFrom.map { place.epoch < $0 } ?? true)
        }
    }

    /// By the instance removed; only looked up.
    private static func limits<State: FoldState>(
        _ acts: [Event],
        founder: InstanceID,
        in state: State
    ) throws -> [InstanceID: [Limit]] {
        let byID = Dictionary(acts.map { ($0.id, $0) }) { first, _ in first }
        var limits: [InstanceID: [Limit]] = [:]
        for act in acts where act.header.origin == founder {
            guard case .instanceRemoved(let removal) = EventPayload(of: act), removal.instance != founder else {
                continue
            }
            var last = removal.fence?.place
            if let fence = removal.fence, let hash = try state.eventHash(origin: removal.instance, place: fence.place),
                hash != fence.hash
            {
                last = nil
            }
            let returns = acts.compactMap { event -> Int64? in
                guard case .instanceAdded(let addition) = EventPayload(of: event),
                    addition.instance == removal.instance, replaces(event, act.id, byID)
                else { return nil }
                return addition.fromEpoch
            }
            limits[removal.instance, default: []].append(Limit(last: last, backFrom: returns.min()))
        }
        return limits
    }

    /// Whether an act names another, or one that does.
    private static func replaces(_ act: Event, _ id: EventID, _ byID: [EventID: Event]) -> Bool {
        var (open, seen) = (act.header.refs.par, Set<EventID>())
        while let next = open.popLast() {
            if next == id { return true }
            if seen.insert(next).inserted { open += byID[next]?.header.refs.par ?? [] }
        }
        return false
    }
}
