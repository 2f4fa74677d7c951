public import HiveModel

extension Event {
    /// What a writer says that saw this event of the log and none after it.
    public var fence: Fence { Fence(place: header.place, hash: hash) }
}

extension TestInstance {
    /// Where each epoch ends that it wrote in.
    public var closedEpochs: [ClosedEpoch] {
        var ends: [Int64: ClosedEpoch] = [:]
        for event in events { ends[event.header.place.epoch] = ClosedEpoch(last: event.header.place, hash: event.hash) }
        return ends.values.sorted { $0.last < $1.last }
    }

    /// Opens the next epoch, closing those before at their ends.
    @discardableResult
    public mutating func openNext(reason: String = "rotation") -> Event {
        guard let group else { preconditionFailure("An epoch belongs to a group.") }
        return open(in: group, epoch: (lastPlace?.epoch ?? 0) + 1, closed: closedEpochs, reason: reason)
    }

    /// Takes an instance off the roster.
    /// - Parameter invited: whether what it let in goes too.
    @discardableResult
    public mutating func remove(
        _ instance: InstanceID,
        fence: Fence?,
        invited: Bool = false,
        refs: EventRefs = EventRefs()
    ) -> Event {
        append(
            .instanceRemoved(
                InstanceRemoved(instance: instance, fence: fence, reason: nil, removesInvited: invited)
            ),
            refs: refs
        )
    }

    /// Takes itself off the roster.
    @discardableResult
    public mutating func leaveGroup(refs: EventRefs = EventRefs()) -> Event { remove(id, fence: nil, refs: refs) }

    // MARK: Ownership

    /// A transfer signed with this instance's identity key, whether it owns the group or not.
    public func transfer(
        _ n: Int64,
        to agent: AgentSnapshot,
        pin: Fence,
        successors: [PublicKey]? = nil,
        quorum: Int64? = nil
    ) -> OwnerChanged {
        guard let group else { preconditionFailure("A transfer is of a group.") }
        var transfer = OwnerChanged(
            n: n,
            to: agent,
            pin: pin,
            successors: successors,
            quorum: quorum,
            authority: .owner(signature: [])
        )
        transfer.authority = .owner(signature: identity.sign(transfer.signedText(group: group)))
        return transfer
    }

    /// Hands the group over, pinned at the event before this one.
    @discardableResult
    public mutating func handOver(
        _ n: Int64 = 1,
        to agent: AgentSnapshot,
        pin: Fence? = nil,
        successors: [PublicKey]? = nil,
        quorum: Int64? = nil
    ) -> Event {
        guard let end = pin ?? lastEvent?.fence else { preconditionFailure("An owner has written something.") }
        return append(.ownerChanged(transfer(n, to: agent, pin: end, successors: successors, quorum: quorum)))
    }

    /// Repeats a transfer word for word, as the new owner's first act.
    @discardableResult
    public mutating func accept(_ transfer: Event) -> Event { append(.ownerChanged, payload: transfer.payload) }
}

extension OwnerChanged {
    /// The same statement, signed by these identity keys as successors.
    public func cosigned(by keys: [some Signer], group: GroupID) -> OwnerChanged {
        var transfer = self
        let text = signedText(group: group)
        transfer.authority = .quorum(
            keys.map { Cosignature(identityKey: $0.publicKey, signature: $0.sign(text)) }
        )
        return transfer
    }
}
