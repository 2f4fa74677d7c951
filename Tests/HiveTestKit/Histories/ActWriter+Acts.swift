import HiveModel
import HiveSync

// What members do about each other.
extension ActWriter {
    // MARK: Roster

    mutating func addInstance(_ subject: Int, by writer: Int) {
        let key = ActKey(roster: instances[subject].id)
        let isReturn = acts.contains { $0.key == key }
        let role: MemberRole = numbers.pick([.member, .member, .member, .admin, .readonly]) ?? .member
        let nextEpoch = (instances[subject].lastPlace?.epoch ?? 0) + 1
        let addition = InstanceAdded(
            instance: instances[subject].id,
            identityKey: instances[subject].identityKey,
            role: role,
            name: "\(instances[subject].name) \(acts.count)",
            fromEpoch: isReturn ? nextEpoch : 1
        )
        let auth = grant(writer) { $0 == .admin(of: writer) }
        act(writer, key, .instanceAdded(addition), auth: auth, grant: role == .admin ? .admin(of: subject) : nil)
    }

    mutating func addSomebody(_ writer: Int) {
        let subject = numbers.below(instances.count)
        addInstance(subject, by: writer)
        if subject != writer, numbers.chance(1, of: 2) { open(subject) }
    }

    mutating func removeSomebody(_ writer: Int) {
        let isLeave = numbers.chance(1, of: 6)
        let subject = isLeave ? writer : numbers.below(instances.count)
        let removal = InstanceRemoved(
            instance: instances[subject].id,
            fence: isLeave ? nil : fence(of: subject, seenBy: writer),
            removesInvited: numbers.chance(1, of: 3)
        )
        let auth = grant(writer) { $0 == .admin(of: writer) }
        act(writer, ActKey(roster: instances[subject].id), .instanceRemoved(removal), auth: auth)
    }

    // MARK: Ownership

    mutating func transferOwnership(_ writer: Int) {
        let target = numbers.below(instances.count)
        let to = instances[target].agent(numbers.chance(1, of: 2) ? "owner" : "second")
        guard let old = owner?.instance ?? instances.indices.first, var pin = instances[old].lastEvent?.fence else {
            return
        }
        if isWrong() {
            pin = Fence(place: Place(epoch: pin.place.epoch, seq: pin.place.seq + 2), hash: pin.hash)
            hasTruePins = false
        }
        let isQuorum = writer != old && !successors.isEmpty && numbers.chance(2, of: 3)
        guard isQuorum || writer == old || isWrong() else { return }
        var transfer = instances[writer].transfer(
            owner == nil ? max(1, owners - 1) : owners,
            to: to,
            pin: pin,
            successors: numbers.chance(1, of: 5) ? successors.reversed().map { instances[$0].identityKey } : nil
        )
        if isQuorum {
            let signers = successors.map { instances[$0].identity }
            transfer = transfer.cosigned(by: signers, group: group)
        }
        let event = write(writer, .ownerChanged(transfer))
        if writer == old, owner != nil, numbers.chance(1, of: 8) {
            // A second one of the same number: nobody is owner now.
            let second = instances[writer].transfer(owners, to: anyAgent(), pin: pin, quorum: 1)
            write(writer, .ownerChanged(second))
            owner = nil
            owners += 1
        } else if isQuorum || (writer == old && owner != nil) {
            if owner != nil { owners += 1 }
            owner = (target, to)
            transfers.append(event)
        }
    }

    /// A new owner that has seen the transfer repeats it.
    mutating func accept(by writer: Int) {
        guard
            let transfer = transfers.first(where: { event in
                guard case .ownerChanged(let said) = EventPayload(of: event) else { return false }
                let isSeen = seen[writer][index(of: event.header.origin)] > 0
                return said.to.key.instance == instances[writer].id && isSeen && numbers.chance(2, of: 3)
            })
        else { return }
        transfers.removeAll { $0 == transfer }
        if case .ownerChanged = EventPayload(of: transfer) {
            instances[writer].observe(transfer)
            instances[writer].accept(transfer)
            seen[writer][writer] = instances[writer].events.count
        }
    }

    // MARK: Moderators, bans, settings

    mutating func changeModerator(_ writer: Int) {
        let (agent, by) = (anyAgent(), agent(writer))
        let role: ModeratorRole = numbers.chance(1, of: 3) ? .admin : .moderator
        let isRemoval = numbers.chance(1, of: 3)
        let change = ModeratorChanged(
            agent: agent,
            change: isRemoval ? .remove : .add(role),
            by: by,
            fence: fence(of: index(of: agent.key.instance), seenBy: writer)
        )
        let auth = grant(writer) { $0 == .moderator(by.key, isAdmin: true) }
        act(
            writer,
            ActKey(.moderator, about: agent.key),
            .moderatorChanged(change),
            auth: auth,
            grant: isRemoval ? nil : .moderator(agent.key, isAdmin: role == .admin)
        )
    }

    mutating func changeBan(_ writer: Int) {
        let (agent, by) = (anyAgent(), agent(writer))
        let change = MembershipChanged(
            agent: agent,
            action: numbers.pick([.ban, .ban, .ban, .ban, .unban, .approve]) ?? .ban,
            by: by,
            scope: numbers.chance(1, of: 4) ? .all : .later,
            fence: fence(of: index(of: agent.key.instance), seenBy: writer)
        )
        act(
            writer,
            ActKey(.ban, about: agent.key),
            .membershipChanged(change),
            auth: moderation(by, writer)
        )
    }

    mutating func changeSetting(_ writer: Int) {
        let by = agent(writer)
        let (key, value): (String, JSONValue) =
            switch numbers.below(5) {
            case 0: ("is_public", numbers.chance(1, of: 4) ? .string("perhaps") : .bool(numbers.chance(1, of: 2)))
            case 1: ("retention_days", .int(Int64(numbers.below(40))))
            case 2: ("theme", .int(Int64(numbers.below(100))))
            default: ("description", .string("text \(numbers.below(100))"))
            }
        let change = HiveSettingChanged(key: key, value: value, by: by)
        act(writer, ActKey(setting: key), .hiveSettingChanged(change), auth: moderation(by, writer))
    }

    /// The newest grant of an agent as moderator or admin.
    mutating func moderation(_ by: AgentSnapshot, _ writer: Int) -> EventID? {
        grant(writer) { grant in
            guard case .moderator(by.key, _) = grant else { return false }
            return true
        }
    }
}
