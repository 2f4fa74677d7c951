import HiveModel

extension OracleEvents {
    typealias Party = OracleWorld<Crypto>.Party

    /// What an event of the history says.
    func payload(of event: OracleEvent, by party: Party) throws -> EventPayload {
        switch event.kind {
        case "open": try opening(event, by: party)
        case "in": try addition(event)
        case "out":
            .instanceRemoved(
                InstanceRemoved(
                    instance: try world.party(try letter(event, 0)).id,
                    fence: try event.optionalName(1).map { fence($0) },
                    removesInvited: try event.number(2) == 1
                )
            )
        case "owner", "quorum": .ownerChanged(try transfer(event))
        case "mod": .moderatorChanged(try moderatorChange(event))
        case "ban", "unban": .membershipChanged(try ban(event))
        case "join", "leave":
            .membershipChanged(
                MembershipChanged(
                    agent: try agent(event, 0),
                    action: event.kind == "join" ? .join : .leave,
                    by: try agent(event, 0)
                )
            )
        case "set":
            .hiveSettingChanged(
                HiveSettingChanged(
                    key: try OracleSettings.key(try event.text(1)),
                    value: .string(try event.text(2)),
                    by: try agent(event, 0)
                )
            )
        default: try content(event)
        }
    }

    private func content(_ event: OracleEvent) throws -> EventPayload {
        let by = try agent(event, 0)
        let id = try world.entity(try event.text(1))
        return switch event.kind {
        case "post":
            .postCreated(PostCreated(post: id, title: try event.text(2), content: nil, url: nil, author: by))
        case "edit": .postUpdated(PostUpdated(post: id, title: .set(try event.text(2)), by: by))
        case "del": .postDeleted(ContentDeleted(target: id, by: by))
        case "pin": .postPinned(PostPinned(post: id, isPinned: try event.number(2) == 1, by: by))
        case "com":
            .commentCreated(
                CommentCreated(
                    comment: id,
                    post: try world.entity(try event.text(2)),
                    parent: event.arguments[3].isNull ? nil : try world.entity(try event.text(3)),
                    content: "comment",
                    author: by
                )
            )
        case "cdel": .commentDeleted(ContentDeleted(target: id, by: by))
        case "vote":
            .voteCast(
                VoteCast(target: ContentTarget(kind: .post, id: id), voter: by.key, value: try event.number(2))
            )
        default: throw OracleFormatError("\(event.name) is of an unknown kind, \(event.kind)")
        }
    }

    // MARK: Logs and roster

    private func opening(_ event: OracleEvent, by party: Party) throws -> EventPayload {
        guard case .array(let names)? = event.arguments.first else {
            throw OracleFormatError("\(event.name) should say what it closes")
        }
        let closed = try names.map { try OracleName(reading: $0) }.map { ClosedEpoch(last: $0.place, hash: hash($0)) }
        let log = world.certifiedLogKey(of: party, group: group, epoch: event.name.place.epoch, closed: closed)
        // Two openings of one epoch differ at least in this.
        return .epochOpened(EpochOpened(closed: closed, log: log, reason: event.name.description))
    }

    private func addition(_ event: OracleEvent) throws -> EventPayload {
        let subject = try world.party(try letter(event, 0))
        guard let role = MemberRole(rawValue: try event.text(1)) else {
            throw OracleFormatError("\(event.name) names no role")
        }
        return .instanceAdded(
            InstanceAdded(
                instance: subject.id,
                identityKey: subject.identity.publicKey,
                role: role,
                name: String(subject.letter),
                fromEpoch: try event.number(2)
            )
        )
    }

    /// A transfer signed by the one who is owner, or by the successors.
    ///
    /// Written again, in another log, it is the same to the byte.
    private func transfer(_ event: OracleEvent) throws -> OwnerChanged {
        let owner = try world.party(try letter(event, 2))
        let pin = try event.optionalName(3).map { fence($0) }
        guard let rank = event.rank("s") else { return try transfer(event, to: owner, pin: pin, salt: nil) }
        // Of several by the successors the smallest signed text counts: a member nobody knows decides which that is.
        for salt in Int64(0)... {
            let transfer = try transfer(event, to: owner, pin: pin, salt: salt)
            if rank.holds(world.crypto.sha256(transfer.signedText(group: group))) { return transfer }
        }
        throw OracleFormatError("\(event.name) finds no place")
    }

    private func transfer(_ event: OracleEvent, to owner: Party, pin: Fence?, salt: Int64?) throws -> OwnerChanged {
        // Who had seen nothing of the old owner's log pins an event that is not there.
        let nothing = Fence(place: Place(epoch: 1, seq: 1), hash: world.crypto.sha256(Array("nothing".utf8)))
        var transfer = OwnerChanged(
            n: try event.number(0),
            to: try world.agent("\(owner.letter)0"),
            pin: pin ?? nothing,
            authority: .quorum([]),
            extra: salt.map { [JSONMember("salt", .int($0))] } ?? []
        )
        let text = transfer.signedText(group: group)
        if event.kind == "owner" {
            transfer.authority = .owner(signature: try world.party(try letter(event, 1)).identity.sign(text))
        } else {
            transfer.authority = .quorum(
                world.successors.map { Cosignature(identityKey: $0.publicKey, signature: $0.sign(text)) }
            )
        }
        return transfer
    }

    // MARK: Moderation

    private func moderatorChange(_ event: OracleEvent) throws -> ModeratorChanged {
        let change: ModeratorChanged.Change =
            switch try event.text(2) {
            case "admin": .add(.admin)
            case "add": .add(.moderator)
            default: .remove
            }
        return ModeratorChanged(
            agent: try agent(event, 1),
            change: change,
            by: try agent(event, 0),
            fence: try event.optionalName(3).map { fence($0) }
        )
    }

    private func ban(_ event: OracleEvent) throws -> MembershipChanged {
        let isOfAll = event.arguments[2].string == "all"
        return MembershipChanged(
            agent: try agent(event, 1),
            action: event.kind == "ban" ? .ban : .unban,
            by: try agent(event, 0),
            scope: isOfAll && event.kind == "ban" ? .all : .later,
            fence: isOfAll ? nil : try event.optionalName(2).map { fence($0) }
        )
    }

    private func agent(_ event: OracleEvent, _ index: Int) throws -> AgentSnapshot {
        try world.agent(try event.text(index))
    }

    private func letter(_ event: OracleEvent, _ index: Int) throws -> Character {
        try event.text(index).first ?? "?"
    }
}

/// The settings of the histories under the names that hives have.
enum OracleSettings {
    static func key(_ name: String) throws -> String {
        switch name {
        case "desc": "description"
        case "rules": "rules"
        default: throw OracleFormatError("no setting \(name)")
        }
    }

    static func name(_ key: String) -> String { key.utf8.elementsEqual("description".utf8) ? "desc" : key }
}
