import HiveModel

/// What the decisions before content came to (protocol, section 5): who owns, who is in, who moderates, who is banned.
struct Decisions: Sendable {
    /// What a standing ban takes back.
    struct Ban: Hashable, Sendable {
        var scope: BanScope
        /// Of the log of the agent's instance.
        var limit: LogLimit

        /// Whether rows and votes made at `place` are hidden.
        func hides(_ place: Place) -> Bool { scope == .all || !limit.reaches(place) }

        /// Whether the agent's edits and deletions at `place` have no effect.
        ///
        /// `all` hides rows and rewrites nothing.
        func voids(_ place: Place) -> Bool { scope == .later && !limit.reaches(place) }
    }

    var ownership = Ownership.none
    /// The agents of the terms of ownership.
    var ownerAgents: [RowNumber?] = []
    var roster = Roster.none
    var moderators = Moderators.none
    var bans: [RowNumber: Ban] = [:]
    var awaited = AwaitedPlaces()

    /// The present owner's agent.
    var ownerAgent: RowNumber? { ownerAgents.last ?? nil }

    /// Whether a write is an act of an owner: of its instance, by its agent, in its time.
    func isOwnerAct(of agent: RowNumber, from origin: InstanceID, at place: Place) -> Bool {
        let rank = ownership.rank(of: origin, at: place)
        return rank > 0 && ownerAgents[rank - 1] == agent
    }

    /// Whether an act counts that needs an owner or a moderator.
    func isModeration(by agent: RowNumber, from origin: InstanceID, at place: Place, grant: EventID?) -> Bool {
        isOwnerAct(of: agent, from: origin, at: place) || moderators.allows(grant, to: agent, at: place)
    }

    /// Whether what an agent made at `place` is hidden.
    func hides(_ agent: RowNumber, _ place: Place) -> Bool { bans[agent]?.hides(place) ?? false }

    // MARK: Content

    /// Whether an update or deletion counts on content of `author`: by the author, a moderator, or an owner.
    func counts(_ write: ContentWrite, onContentOf author: RowNumber) -> Bool {
        if write.agent == author, !(bans[author]?.voids(write.stamp.place) ?? false) { return true }
        return isModeration(write)
    }

    /// Whether a write counts by a grant or by ownership alone, as pins must.
    func isModeration(_ write: ContentWrite) -> Bool {
        isModeration(by: write.agent, from: write.origin, at: write.stamp.place, grant: write.grant)
    }

    /// The deletion whose author, reason and time stay: the smallest stamp among those that count.
    func deletion(among writes: [ContentWrite], onContentOf author: RowNumber) -> ContentWrite? {
        writes.filter { $0.kind == .deletion && counts($0, onContentOf: author) }.min { $0.stamp < $1.stamp }
    }

    /// The updates that count, oldest first.
    func updates(among writes: [ContentWrite], onContentOf author: RowNumber) -> [ContentWrite] {
        writes.filter { $0.kind == .update && counts($0, onContentOf: author) }.sorted { $0.stamp < $1.stamp }
    }

    /// The newest pin or unpin that counts.
    func pin(among writes: [ContentWrite]) -> ContentWrite? {
        writes.filter { ($0.kind == .pin || $0.kind == .unpin) && isModeration($0) }.max { $0.stamp < $1.stamp }
    }
}
