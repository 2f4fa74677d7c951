import HiveModel

/// What an act about the roster says of one instance.
struct RosterChange: Sendable {
    enum Kind: Sendable {
        case addition(InstanceAdded)
        /// Acts of the instance up to `limit` count; with `removesInvited` its admissions go too.
        case removal(limit: LogLimit, removesInvited: Bool)
    }

    let subject: InstanceID
    let kind: Kind

    var addition: InstanceAdded? {
        guard case .addition(let addition) = kind else { return nil }
        return addition
    }

    var isRemoval: Bool { addition == nil }
}

/// What of one instance's logs counts.
struct LogRights: Hashable, Sendable {
    /// A standing removal: acts up to `limit` count, and those of epochs in which it returned.
    struct Fence: Hashable, Sendable {
        var limit: LogLimit
        /// Of the first addition that replaces the removal; nil = none does.
        var reopens: Int64?

        func reaches(_ place: Place) -> Bool { reopens.map { place.epoch >= $0 } ?? false || limit.reaches(place) }
    }

    /// From an epoch on the instance may write, or not.
    struct Role: Hashable, Sendable {
        var fromEpoch: Int64
        var isReadonly: Bool
    }

    var fences: [Fence] = []
    /// By epoch ascending; where only writing roles were ever given, empty.
    var roles: [Role] = []

    var isUnlimited: Bool { fences.isEmpty && roles.isEmpty }

    /// Whether an act at `place` counts for more than opening the log and leaving.
    func counts(_ place: Place) -> Bool { isStanding(place) && mayWrite(place) }

    /// Whether no removal reaches it.
    func isStanding(_ place: Place) -> Bool { fences.allSatisfy { $0.reaches(place) } }

    private func mayWrite(_ place: Place) -> Bool {
        !(roles.last { $0.fromEpoch <= place.epoch }?.isReadonly ?? false)
    }
}
