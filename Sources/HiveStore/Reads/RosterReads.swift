public import HiveModel
import HivePorts
public import HiveSync

/// By which event an instance's membership ended.
public enum StandingRemoval {
    /// The newest removal that can count: by the instance itself, or by a present owner or admin; any other where there
    /// is none such.
    /// - Parameters:
    ///   - acts: all acts of the roster about the instance, in any order.
    ///   - members: those of now.
    public static func of(_ instance: InstanceID, acts: [Event], members: [MemberRow]) -> Event? {
        let removals = acts.filter { act in
            guard case .instanceRemoved(let said) = EventPayload(of: act) else { return false }
            return said.instance == instance
        }
        let strong = removals.filter { act in
            let origin = act.header.origin
            return origin == instance
                || members.contains { $0.instance == origin && ($0.role == .owner || $0.role == .admin) }
        }
        return (strong.isEmpty ? removals : strong).max { left, right in
            (left.header.stamp, left.id) < (right.header.stamp, right.id)
        }
    }
}

extension HiveStore {
    /// The event that ended the membership of an instance that is no member now; nil where it is one, or never was.
    public func removal(of instance: InstanceID, in group: GroupID) async throws -> Event? {
        try await read { reader in
            guard let number = try GroupReads.number(of: group, reader) else { return nil }
            let members = try GroupReads.members(number, reader)
            guard !members.contains(where: { $0.instance == instance }) else { return nil }
            let acts = try GroupEvents(group: number, id: group, reader).acts(ActKey(roster: instance))
            return StandingRemoval.of(instance, acts: acts, members: members)
        }
    }
}
