import HiveCrypto
import HiveModel
import HivePorts
import HiveStore
import HiveSync

/// What came of one successor's signature.
enum SuccessionStep {
    case transferred
    case needsMore(pin: Fence, cosignatures: [Cosignature], quorum: Int64)
}

/// Naming another owner without the present one (protocol, section 7).
extension WriteTurn {
    /// Adds this instance's signature as one of the successors; with the last one needed the transfer is written.
    func succeed(
        _ order: TransferOrder,
        by heir: AgentSnapshot,
        in group: GroupID,
        _ hive: HiveView
    ) throws -> SuccessionStep {
        try checkHeir(heir, in: group, hive)
        let successors = try successors(in: group)
        guard !successors.keys.isEmpty else {
            throw HiveError(
                .conflict,
                "The group has no successors: only the instance that owns it can hand it over."
            )
        }
        let (n, owner) = try term(of: group)
        guard let pin = try order.pin ?? fence(of: owner.instance, in: group) else {
            throw HiveError(.conflict, "Nothing of the owner's log is held here.")
        }
        var transfer = OwnerChanged(
            n: n,
            to: AgentSnapshot(key: heir.key, name: heir.name, avatarURL: nil),
            pin: pin,
            authority: .quorum([])
        )
        let text = transfer.signedText(group: group)
        var signatures = order.cosignatures
        for cosignature in signatures {
            guard successors.keys.contains(cosignature.identityKey),
                local.crypto.isValid(
                    signature: cosignature.signature,
                    message: text,
                    key: cosignature.identityKey
                )
            else { throw HiveError(.badRequest, "One of cosigs is no successor's signature over this transfer.") }
        }
        let own = local.identityKey
        if successors.keys.contains(own), !signatures.contains(where: { $0.identityKey == own }) {
            signatures.append(Cosignature(identityKey: own, signature: local.sign(text)))
        }
        let signers = Set(signatures.map(\.identityKey)).count
        guard successors.keys.contains(own) || signers >= successors.quorum else {
            throw HiveError(.forbidden, "This instance is not among the group's successors.")
        }
        guard signers >= successors.quorum else {
            return .needsMore(pin: pin, cosignatures: signatures, quorum: successors.quorum)
        }
        transfer.authority = .quorum(signatures)
        memory.hives.removeAll()
        try emit(.ownerChanged(transfer), in: group)
        guard try state(of: group).owners().last?.agent == heir.key else { throw Self.noEffect }
        return .transferred
    }

    /// The number of the next transfer, and the owner whose log it pins; where two were named at once, the one before.
    private func term(of group: GroupID) throws -> (n: Int64, owner: AgentKey) {
        let owners = try state(of: group).owners()
        if let last = owners.last {
            if let agent = last.agent { return (last.n, agent) }
            if let before = owners.dropLast().last?.agent { return (last.n - 1, before) }
        }
        throw HiveError(.conflict, "Nobody is known to have owned the group.")
    }

    /// Whose signatures count now: as the genesis says, or the last transfer that named others.
    private func successors(in group: GroupID) throws -> (keys: [PublicKey], quorum: Int64) {
        let state = try state(of: group)
        guard let founder = try state.group()?.owner.key,
            let first = try state.event(origin: founder.instance, place: Place(epoch: 1, seq: 1)),
            case .groupCreated(let genesis) = EventPayload(of: first)
        else { throw HiveError(.conflict, "The group's first event is not here yet.") }
        var (keys, quorum) = (genesis.successors, genesis.quorum)
        let transfers = try state.acts(ActKind.ownership).compactMap { event -> OwnerChanged? in
            guard case .ownerChanged(let transfer) = EventPayload(of: event) else { return nil }
            return transfer
        }
        var before: AgentKey? = founder
        for owner in try state.owners().dropFirst() {
            let chosen = try transfers.first { transfer in
                guard transfer.n == owner.n - 1, transfer.to.key == owner.agent else { return false }
                return try isSigned(transfer, by: before, (keys, quorum), in: group)
            }
            if let named = chosen?.successors { keys = named }
            if let named = chosen?.quorum { quorum = named }
            before = owner.agent
        }
        return (keys, quorum)
    }

    private func isSigned(
        _ transfer: OwnerChanged,
        by owner: AgentKey?,
        _ successors: (keys: [PublicKey], quorum: Int64),
        in group: GroupID
    ) throws -> Bool {
        let text = transfer.signedText(group: group)
        switch transfer.authority {
        case .owner(let signature):
            guard let owner, let key = try state(of: group).identityKey(of: owner.instance) else { return false }
            return local.crypto.isValid(signature: signature, message: text, key: key)
        case .quorum(let cosignatures):
            let signers = cosignatures.filter { cosignature in
                successors.keys.contains(cosignature.identityKey)
                    && local.crypto.isValid(
                        signature: cosignature.signature,
                        message: text,
                        key: cosignature.identityKey
                    )
            }
            return successors.quorum > 0 && Set(signers.map(\.identityKey)).count >= successors.quorum
        }
    }
}
