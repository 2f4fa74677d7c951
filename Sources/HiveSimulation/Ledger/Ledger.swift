import HiveModel

/// What really happened, as the simulator knows it without asking any engine: who made which event, who was told that
/// it is safe, and who has held it since.
struct Ledger {
    struct Made {
        var hash: Hash256
        var id: EventID
        /// The node whose log it is in.
        var node: Int
        var place: Place
        var time: HybridTime
        var re: EventID?
        /// A client was told that it is done.
        var isAcknowledged = false
        /// Made against the rules.
        var isLie = false
        /// Nodes that hold it, one bit each.
        var holders: UInt32 = 0
    }

    /// A post or comment somebody made.
    struct Content {
        var id: EntityID
        var node: Int
        var agent: Int
        /// Of a comment: its post.
        var post: EntityID?
        /// Its author deleted it, and was told so, with this event.
        var deletion: Hash256?
    }

    private(set) var made: [Made] = []
    /// Only looks up.
    private var indexByHash: [Hash256: Int] = [:]
    private(set) var posts: [Content] = []
    private(set) var comments: [Content] = []

    /// Notes a genuine event: signed by its instance's own keys.
    mutating func note(_ event: Event, by node: Int, isLie: Bool) {
        guard indexByHash[event.hash] == nil else { return }
        indexByHash[event.hash] = made.count
        made.append(
            Made(
                hash: event.hash,
                id: event.id,
                node: node,
                place: event.header.place,
                time: event.header.time,
                re: event.header.refs.re,
                isLie: isLie
            )
        )
    }

    mutating func acknowledge(_ hash: Hash256) {
        if let index = indexByHash[hash] { made[index].isAcknowledged = true }
    }

    /// Notes that a node holds an event; false where nobody made it.
    mutating func hold(_ hash: Hash256, at node: Int) -> Bool {
        guard let index = indexByHash[hash] else { return false }
        made[index].holders |= 1 << UInt32(node)
        return true
    }

    /// The node's database was thrown away.
    mutating func forget(node: Int) {
        for index in made.indices { made[index].holders &= ~(1 << UInt32(node)) }
    }

    func event(_ hash: Hash256) -> Made? { indexByHash[hash].map { made[$0] } }

    // MARK: Content

    mutating func notePost(_ content: Content) { posts.append(content) }

    mutating func noteComment(_ content: Content) { comments.append(content) }

    /// Notes that content's own author deleted it, with an event that was acknowledged.
    mutating func noteDeletion(of id: EntityID, by hash: Hash256) {
        if let index = posts.lastIndex(where: { $0.id == id }), posts[index].deletion == nil {
            posts[index].deletion = hash
        } else if let index = comments.lastIndex(where: { $0.id == id }), comments[index].deletion == nil {
            comments[index].deletion = hash
        }
    }
}
