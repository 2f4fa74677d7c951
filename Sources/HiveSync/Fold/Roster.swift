import HiveModel

/// Which instances are members, and as what: a pure decision over all roster acts (protocol, sections 5 and 7).
///
/// Three steps, each from the ones before: acts of owners; of admin instances, which cite the owner's addition that
/// made them so; additions by plain members, as a least fixpoint. A member's right to add others follows from any
/// addition that counts and names it `member`, or from the role owners and admins decided: so the fixpoint has one
/// solution, though a plain member's `readonly` may later outrank a plain member's `member`.
struct Roster {
    private let ownership: Ownership
    private let group: GroupRow
    private let acts: [RosterAct]
    private let indexByEvent: [EventID: Int]
    /// Subjects in order of their first act, and their acts.
    private var subjects: [InstanceID] = []
    private var actsBySubject: [InstanceID: [Int]] = [:]
    private var isByOwner: [Bool]
    private var isByAdmin: [Bool]
    private var isByMember: [Bool]
    /// What owners and admins decided, once they have.
    private var strong: [InstanceID: RosterAct] = [:]

    private init(group: GroupRow, ownership: Ownership, acts: [RosterAct]) {
        self.group = group
        self.ownership = ownership
        self.acts = acts
        indexByEvent = Dictionary(acts.enumerated().map { ($1.event, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, act) in acts.enumerated() {
            if actsBySubject[act.subject] == nil { subjects.append(act.subject) }
            actsBySubject[act.subject, default: []].append(index)
        }
        isByOwner = Array(repeating: false, count: acts.count)
        isByAdmin = isByOwner
        isByMember = isByOwner
    }

    /// The present members by instance id.
    static func decide(group: GroupRow, ownership: Ownership, acts: [RosterAct]) -> [MemberRow] {
        var roster = Roster(group: group, ownership: ownership, acts: acts)
        roster.decideOwners()
        roster.decideAdmins()
        roster.decideStrong()
        roster.decideMembers()
        return roster.members()
    }

    // MARK: Steps

    private mutating func decideOwners() {
        for (index, act) in acts.enumerated() where isAllowedSubject(act) {
            isByOwner[index] = ownership.rank(of: act.origin, at: act.stamp.place) > 0
        }
    }

    private mutating func decideAdmins() {
        for (index, act) in acts.enumerated() where !isByOwner[index] && isAllowedSubject(act) {
            isByAdmin[index] = act.role != .admin && !isAdmin(act.subject) && hasAdminGrant(act)
        }
    }

    /// The standing additions by owners and admins, which come before plain members'.
    private mutating func decideStrong() {
        for subject in subjects {
            strong[subject] = winner(heads(of: subject) { isByOwner[$0] || isByAdmin[$0] })
        }
    }

    /// Additions count that were written by whoever may add, which they may give to others: from the owners and what
    /// owners and admins decided, until nothing new counts.
    private mutating func decideMembers() {
        guard group.policy.admission == .members else { return }
        var additionsBy: [InstanceID: [Int]] = [:]
        for (index, act) in acts.enumerated() where !isByOwner[index] && !isByAdmin[index] {
            if act.role != .admin, isAllowedSubject(act) { additionsBy[act.origin, default: []].append(index) }
        }
        var pending = ownership.owners.map(\.instance)
        pending += subjects.filter { strong[$0].map { $0.role != .readonly } ?? false }
        var admitters = Set(pending)
        while let admitter = pending.popLast() {
            for index in additionsBy[admitter] ?? [] {
                isByMember[index] = true
                let act = acts[index]
                guard act.role == .member, strong[act.subject] == nil else { continue }
                if admitters.insert(act.subject).inserted { pending.append(act.subject) }
            }
        }
    }

    private func members() -> [MemberRow] {
        var members: [MemberRow] = []
        if let owner = ownership.current {
            members.append(
                MemberRow(
                    instance: owner.instance,
                    name: group.owner.name,
                    role: .owner,
                    identityKey: group.identityKey,
                    addedBy: nil
                )
            )
        }
        for subject in subjects where subject != ownership.current?.instance {
            guard let act = strong[subject] ?? memberAddition(of: subject) else { continue }
            members.append(
                MemberRow(
                    instance: subject,
                    name: act.name,
                    role: act.role,
                    identityKey: act.identityKey,
                    addedBy: act.event
                )
            )
        }
        return members.sorted { $0.instance < $1.instance }
    }

    // MARK: Questions

    /// Nobody adds itself, and no act about the present owner counts.
    private func isAllowedSubject(_ act: RosterAct) -> Bool {
        act.subject != act.origin && act.subject != ownership.current?.instance
    }

    /// Whether the owners' acts alone leave the instance an admin and nothing else.
    private func isAdmin(_ instance: InstanceID) -> Bool {
        let heads = heads(of: instance) { isByOwner[$0] }
        return !heads.isEmpty && heads.allSatisfy { acts[$0].role == .admin }
    }

    /// Whether the act cites an addition by the owner that made its instance an admin, and its logs are not read-only.
    private func hasAdminGrant(_ act: RosterAct) -> Bool {
        guard let cited = act.grant, let index = indexByEvent[cited], isByOwner[index] else { return false }
        guard acts[index].subject == act.origin, acts[index].role == .admin else { return false }
        return winner(heads(of: act.origin) { isByOwner[$0] })?.role != .readonly
    }

    /// The addition by a plain member that decides where no stronger one stands; these replace nothing.
    private func memberAddition(of subject: InstanceID) -> RosterAct? {
        winner((actsBySubject[subject] ?? []).filter { isByMember[$0] })
    }

    /// Higher owner rank, then a role other than admin, then the newer stamp.
    private func winner(_ candidates: [Int]) -> RosterAct? {
        let best = candidates.max { left, right in
            let (first, second) = (acts[left], acts[right])
            let firstRank = ownership.rank(of: first.origin, at: first.stamp.place)
            let secondRank = ownership.rank(of: second.origin, at: second.stamp.place)
            if firstRank != secondRank { return firstRank < secondRank }
            if (first.role == .admin) != (second.role == .admin) { return first.role == .admin }
            return first.stamp < second.stamp
        }
        return best.map { acts[$0] }
    }

    /// The subject's acts among `valid` that none of them replaces.
    private func heads(of subject: InstanceID, among valid: (Int) -> Bool) -> [Int] {
        let candidates = (actsBySubject[subject] ?? []).filter(valid)
        var replaced = Set<Int>()
        for candidate in candidates { reach(from: candidate, into: &replaced) }
        return candidates.filter { !replaced.contains($0) }
    }

    /// Replacing is transitive and passes through acts that are void themselves.
    private func reach(from act: Int, into replaced: inout Set<Int>) {
        var pending = acts[act].replaces
        while let event = pending.popLast() {
            guard let index = indexByEvent[event], replaced.insert(index).inserted else { continue }
            pending += acts[index].replaces
        }
    }
}
