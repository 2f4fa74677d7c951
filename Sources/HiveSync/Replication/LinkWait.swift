/// Why a call is not made just now.
enum LinkWait: Hashable, Sendable {
    /// The last call got no answer; a contact shortens the wait.
    case unreachable(until: Instant)
    /// The last call was refused, or did not get us on; only time helps.
    case answered(until: Instant)
    /// The peer will get or send these by another way, unless they still lack then.
    case expected(until: Instant)

    var until: Instant {
        switch self {
        case .unreachable(let until), .answered(let until), .expected(let until): until
        }
    }
}
