import HiveModel

extension RosterDecision {
    /// The roster that follows.
    /// - Parameter genesis: names the first owner and its key.
    func roster(genesis: GroupCreated) -> Roster {
        Roster(members: members(genesis), rights: rights())
    }

    private func rights() -> [InstanceID: LogRights] {
        var rights: [InstanceID: LogRights] = [:]
        for instance in admitted {
            rights[instance] = LogRights(
                fences: fences[instance] ?? [],
                roles: roles(of: instance) { strong.contains($0) || byMember.contains($0) }
            )
        }
        return rights
    }

    private func members(_ genesis: GroupCreated) -> [MemberRow] {
        let owners = Set(ownership.terms.compactMap(\.agent?.instance))
        return owners.union(subjects).sorted().compactMap { instance in
            let isOwner = instance == ownership.current?.instance
            let standing = standing(of: instance)
            guard isOwner || standing != .removed else { return nil }
            let added = additions(of: instance)
            let deciding: Act<RosterChange>? = if case .added(let act) = standing { act } else { nil }
            guard isOwner || deciding != nil || owners.contains(instance) else { return nil }
            let isFounder = instance == genesis.owner.key.instance
            guard let key = isFounder ? genesis.identityKey : (deciding ?? added)?.content.addition?.identityKey else {
                return nil
            }
            let given = (deciding ?? added)?.content.addition?.name
            let name = isFounder && isOwner ? genesis.owner.name : given ?? genesis.owner.name
            return MemberRow(
                instance: instance,
                name: name,
                role: isOwner ? .owner : deciding?.content.addition?.role ?? .member,
                identityKey: key,
                addedBy: isOwner ? nil : deciding?.event
            )
        }
    }

    private enum Standing: Equatable {
        case removed
        case unnamed
        case added(Act<RosterChange>)

        static func == (left: Self, right: Self) -> Bool {
            switch (left, right) {
            case (.removed, .removed), (.unnamed, .unnamed): true
            case (.added(let first), .added(let second)): first.event == second.event
            default: false
            }
        }
    }

    /// A removal among the heads beats every addition; otherwise the strongest addition decides.
    private func standing(of instance: InstanceID) -> Standing {
        guard let register = registers[instance] else { return .unnamed }
        let heads = register.heads { strong.contains($0.event) || leaves.contains($0.event) }.map { register.acts[$0] }
        guard !heads.contains(where: { $0.content.isRemoval }) else { return .removed }
        let candidates = heads.isEmpty ? register.acts.filter { byMember.contains($0.event) } : heads
        return strongest(of: candidates).map { .added($0) } ?? .unnamed
    }

    /// Any addition of the instance, for its name and key.
    private func additions(of instance: InstanceID) -> Act<RosterChange>? {
        registers[instance]?.acts.last { $0.content.addition != nil }
    }
}
