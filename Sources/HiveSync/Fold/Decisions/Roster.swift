import HiveModel

/// Which instances are members and as what, and what counts of each one's logs: a pure decision over all acts about the
/// roster (protocol, sections 5 and 7).
struct Roster: Hashable, Sendable {
    /// By instance id.
    let members: [MemberRow]
    /// Of every instance that was ever let in.
    let rights: [InstanceID: LogRights]

    static let none = Roster(members: [], rights: [:])

    /// Whether an act there counts for more than opening the log and leaving.
    func counts(_ origin: InstanceID, _ place: Place) -> Bool { rights[origin]?.counts(place) ?? false }
}

/// Decides a roster in three steps, each from the ones before: acts of owners; of admin instances, which cite the
/// addition that made them so; additions by plain members, as a least fixpoint.
struct RosterDecision {
    typealias Register = ActRegister<RosterChange>

    let ownership: Ownership
    let admission: GroupPolicy.Admission
    /// By subject.
    let registers: [InstanceID: Register]
    /// All of them, by instance id.
    let subjects: [InstanceID]
    private(set) var byOwner: Set<EventID> = []
    /// Of owners and admin instances.
    private(set) var strong: Set<EventID> = []
    private(set) var leaves: Set<EventID> = []
    private(set) var byMember: Set<EventID> = []
    /// Instances that were let in.
    private(set) var admitted: Set<InstanceID> = []
    private(set) var fences: [InstanceID: [LogRights.Fence]] = [:]
    private var uninvited: [InstanceID: [LogRights.Fence]] = [:]

    init(_ acts: [Act<RosterChange>], ownership: Ownership, admission: GroupPolicy.Admission) {
        self.ownership = ownership
        self.admission = admission
        let bySubject = Dictionary(grouping: acts) { $0.content.subject }
        registers = bySubject.mapValues { Register($0) }
        subjects = registers.keys.sorted()
        decideOwners()
        decideAdmins()
        decideLeaves()
        decideFences()
        decideMembers()
    }

    private var owner: InstanceID? { ownership.current?.instance }

    // MARK: Steps

    private mutating func decideOwners() {
        forEachAct { decision, act in
            guard act.content.subject != act.origin, act.content.subject != decision.owner,
                decision.ownership.rank(of: act.origin, at: act.place) > 0
            else { return }
            decision.byOwner.insert(act.event)
        }
    }

    private mutating func decideAdmins() {
        strong = byOwner
        var byAdmin: Set<EventID> = []
        forEachAct { decision, act in
            guard !decision.byOwner.contains(act.event), act.content.subject != act.origin,
                act.content.subject != decision.owner, act.content.addition?.role != .admin,
                !decision.isAdmin(act.content.subject), decision.hasGrant(act)
            else { return }
            byAdmin.insert(act.event)
        }
        strong.formUnion(byAdmin)
    }

    private mutating func decideLeaves() {
        forEachAct { decision, act in
            guard act.content.isRemoval, act.content.subject == act.origin, act.origin != decision.owner else { return }
            decision.leaves.insert(act.event)
        }
    }

    private mutating func decideFences() {
        for subject in subjects {
            guard let register = registers[subject] else { continue }
            let returns = register.acts.indices.compactMap { index -> (epoch: Int64, replaced: Set<Int>)? in
                guard strong.contains(register.acts[index].event), let addition = register.acts[index].content.addition
                else { return nil }
                return (addition.fromEpoch, register.reached(from: index))
            }
            for (index, act) in register.acts.enumerated() {
                guard case .removal(let limit, let removesInvited) = act.content.kind else { continue }
                let isLeave = leaves.contains(act.event)
                guard isLeave || strong.contains(act.event) else { continue }
                let reopens = returns.filter { $0.replaced.contains(index) }.map(\.epoch).min()
                fences[subject, default: []].append(
                    LogRights.Fence(limit: isLeave ? LogLimit(last: act.place) : limit, reopens: reopens)
                )
                if removesInvited, !isLeave {
                    uninvited[subject, default: []].append(LogRights.Fence(limit: .nothing, reopens: reopens))
                }
            }
        }
    }

    /// Additions count that were written by whoever is in and may add: from the owners and what owners and admins
    /// added, until nothing new counts.
    private mutating func decideMembers() {
        var pending = ownership.terms.compactMap(\.agent?.instance)
        pending += subjects.filter { subject in
            registers[subject]?.acts.contains { $0.content.addition != nil && strong.contains($0.event) } ?? false
        }
        admitted = Set(pending)
        guard admission == .members else { return }
        var additionsBy: [InstanceID: [Act<RosterChange>]] = [:]
        forEachAct { decision, act in
            guard let addition = act.content.addition, addition.role != .admin, act.content.subject != act.origin,
                !decision.strong.contains(act.event)
            else { return }
            additionsBy[act.origin, default: []].append(act)
        }
        var admitters: Set<InstanceID> = []
        while let admitter = pending.popLast() {
            guard admitters.insert(admitter).inserted else { continue }
            for act in additionsBy[admitter] ?? [] where mayAdmit(act) {
                byMember.insert(act.event)
                admitted.insert(act.content.subject)
                if act.content.addition?.role == .member { pending.append(act.content.subject) }
            }
        }
    }

    // MARK: Questions

    /// Whether a plain member's addition counts: not fenced, not undone with its writer, and not by a read-only log.
    private func mayAdmit(_ act: Act<RosterChange>) -> Bool {
        let limits = (fences[act.origin] ?? []) + (uninvited[act.origin] ?? [])
        let rights = LogRights(fences: limits, roles: roles(of: act.origin) { strong.contains($0) })
        return rights.counts(act.place)
    }

    /// Whether the owners' acts alone leave the instance an admin and nothing else.
    private func isAdmin(_ instance: InstanceID) -> Bool {
        guard let register = registers[instance] else { return false }
        let heads = register.heads { byOwner.contains($0.event) }
        return !heads.isEmpty && heads.allSatisfy { register.acts[$0].content.addition?.role == .admin }
    }

    /// Whether the act cites an owner's addition of its instance as admin that no owner's removal reaches, in a log
    /// that the owners leave writable.
    private func hasGrant(_ act: Act<RosterChange>) -> Bool {
        guard let register = registers[act.origin], let grant = register.index(of: act.grant),
            byOwner.contains(register.acts[grant].event), register.acts[grant].content.addition?.role == .admin
        else { return false }
        let rights = LogRights(roles: roles(of: act.origin) { byOwner.contains($0) })
        guard rights.counts(act.place) else { return false }
        let replaced = register.reached(from: grant)
        return register.acts.enumerated().allSatisfy { index, other in
            guard byOwner.contains(other.event), case .removal(let limit, _) = other.content.kind else { return true }
            return replaced.contains(index) || limit.reaches(act.place)
        }
    }

    /// From which epochs an instance may write; empty where only writing roles were given, and for owners.
    ///
    /// A role holds from the epoch of the return that gave it, else from the first: it never changes in place.
    func roles(of instance: InstanceID, counting isValid: (EventID) -> Bool) -> [LogRights.Role] {
        guard let register = registers[instance], !ownership.terms.contains(where: { $0.agent?.instance == instance })
        else { return [] }
        let additions = register.acts.indices.filter {
            isValid(register.acts[$0].event) && !register.acts[$0].content.isRemoval
        }
        guard additions.contains(where: { register.acts[$0].content.addition?.role == .readonly }) else { return [] }
        let byEpoch = Dictionary(grouping: additions) { index in
            let isReturn = register.reached(from: index).contains { other in
                let event = register.acts[other].event
                return register.acts[other].content.isRemoval && (strong.contains(event) || leaves.contains(event))
            }
            return isReturn ? register.acts[index].content.addition?.fromEpoch ?? 1 : 1
        }
        return byEpoch.sorted { $0.key < $1.key }.map { epoch, indexes in
            let events = Set(indexes.map { register.acts[$0].event })
            let byStrong = register.heads { events.contains($0.event) && strong.contains($0.event) }
            let candidates = (byStrong.isEmpty ? indexes : byStrong).map { register.acts[$0] }
            return LogRights.Role(
                fromEpoch: epoch,
                isReadonly: strongest(of: candidates)?.content.addition?.role == .readonly
            )
        }
    }

    /// Owners' and admins' before plain members', then higher owner rank, then a role other than admin, then newer.
    func strongest(of additions: [Act<RosterChange>]) -> Act<RosterChange>? {
        additions.max { left, right in
            let (isFirst, isSecond) = (strong.contains(left.event), strong.contains(right.event))
            if isFirst != isSecond { return isSecond }
            let first = ownership.rank(of: left.origin, at: left.place)
            let second = ownership.rank(of: right.origin, at: right.place)
            if first != second { return first < second }
            let (isFirstAdmin, isSecondAdmin) = (
                left.content.addition?.role == .admin, right.content.addition?.role == .admin
            )
            if isFirstAdmin != isSecondAdmin { return isFirstAdmin }
            return (left.stamp, left.event) < (right.stamp, right.event)
        }
    }

    private mutating func forEachAct(_ body: (inout Self, Act<RosterChange>) -> Void) {
        for subject in subjects {
            for act in registers[subject]?.acts ?? [] { body(&self, act) }
        }
    }
}
