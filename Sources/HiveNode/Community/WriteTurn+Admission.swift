import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// An instance that shall become a member of a group.
struct Newcomer: Sendable {
    var instance: InstanceID
    var identityKey: PublicKey
    var name: String
}

extension Newcomer {
    init(_ request: JoinRequest) {
        self.init(instance: request.instance, identityKey: request.identityKey, name: request.name)
    }
}

/// Letting instances into a group (protocol, section 7).
extension WriteTurn {
    /// The newcomer as the roster names it, added where it wasn't there.
    ///
    /// One that was removed or has left comes back in a new epoch, by an addition that replaces the removal: only an
    /// owner's or admin's does.
    func letIn(_ newcomer: Newcomer, as role: MemberRole, to group: GroupID) throws -> MemberRow {
        let state = try state(of: group)
        let members = try state.members()
        if let member = members.first(where: { $0.instance == newcomer.instance }) { return member }
        let own = members.first { $0.instance == local.instance }
        let acts = try state.acts(ActKey(roster: newcomer.instance))
        let isReturn = StandingRemoval.of(newcomer.instance, acts: acts, members: members) != nil
        guard !isReturn || own?.role == .owner || own?.role == .admin else {
            throw HiveError(
                .forbidden,
                "Your instance was a member before: only the group's owner, or an instance that is its admin, lets it "
                    + "in again. Ask there for an invite."
            )
        }
        let addition = InstanceAdded(
            instance: newcomer.instance,
            identityKey: newcomer.identityKey,
            role: role,
            name: newcomer.name,
            fromEpoch: isReturn ? (try state.head(of: newcomer.instance)?.place.epoch ?? 0) + 1 : 1
        )
        let refs = EventRefs(
            par: isReturn ? try seenHeads(of: ActKey(roster: newcomer.instance), in: group) : [],
            auth: own?.role == .admin ? own?.addedBy : nil
        )
        guard let write = LocalWrite(.instanceAdded(addition), refs: refs) else {
            throw HiveError(.internalFault, "An event without a payload can't be written.")
        }
        try emit(write, in: group)
        guard let member = try self.state(of: group).members().first(where: { $0.instance == newcomer.instance }) else {
            throw HiveError(
                .forbidden,
                "This instance may not let others into the group: ask the instance that owns the hive."
            )
        }
        return member
    }
}
