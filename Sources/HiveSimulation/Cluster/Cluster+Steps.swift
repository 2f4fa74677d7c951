import HiveModel
import HiveSync

/// What is planned comes to pass.
extension Cluster {
    func begin(_ number: Int) throws {
        let step = plan.steps[number]
        let node = step.node
        guard !isHealed || step.action.isJoin else { return }
        trace.line(now.ms, node, "step", UInt64(number), "\(number) \(step.action.name) \(step.action)")
        switch step.action {
        case .join(let host, let role): try join(node, invitedBy: host, role, step: number)
        case .write(let count): write(count, at: node, step: number)
        case .crash(let downMs):
            coverage.note(.crash)
            stop(node)
            after(downMs, .stepEnds(number))
        case .loseCommits(let count, let downMs):
            coverage.note(.lostCommits)
            stop(node)
            try rollBack(node, by: count)
            after(downMs, .stepEnds(number))
        case .restoreBackup(let count, let downMs):
            coverage.note(.restoredBackup)
            stop(node)
            try rollBack(node, by: count)
            nodes[node].tokens = nodes[node].tokens.map { _ in nil }
            nodes[node].accepted = nodes[node].accepted.map { _ in nil }
            after(downMs, .stepEnds(number))
        case .pause(let forMs):
            nodes[node].isPaused = true
            after(forMs, .stepEnds(number))
        case .failCommits(let count): nodes[node].failingCommits += count
        case .slowDisk(let forMs): nodes[node].slowUntilMs = now.ms + forMs
        case .flipBit(let foundAfterMs):
            if try flipBit(node, step.seed) { after(foundAfterMs, .verify(node: node)) }
        case .jumpClock(let jump, let backAfterMs):
            // What it wrote in the future nobody but itself could take back, and it does not return.
            guard node != plan.dead else { return }
            coverage.note(.clockJump)
            self.jump(jump, node)
            after(backAfterMs, .stepEnds(number))
        case .partition(let partition, let forMs):
            network.begin(partition, of: node, number: number)
            after(forMs, .stepEnds(number))
        case .stall(let others, let forMs):
            network.begin(stallFrom: node, to: others, untilMs: now.ms + forMs, number: number)
            after(forMs, .stepEnds(number))
        case .busy(let forMs): nodes[node].busyUntilMs = now.ms + forMs
        case .administer(let act): try administer(act, at: node, step: number)
        case .rotate:
            coverage.note(.rotation)
            let work = WriterWork.rotate(keyNumber: keyNumber(node, now.ms))
            if nodes[node].isUp { enqueue(WriterJob(work: work, origin: .node), at: node) }
        case .lie(let lie):
            coverage.note(.lie)
            try tell(lie, by: node, step.seed)
        }
    }

    func end(_ number: Int) throws {
        guard !isHealed else { return }
        let step = plan.steps[number]
        trace.line(now.ms, step.node, "step-ends", UInt64(number), "\(number) \(step.action.name)")
        switch step.action {
        case .crash, .loseCommits, .restoreBackup: boot(step.node)
        case .pause: try resume(step.node)
        case .partition, .stall: network.end(number)
        case .jumpClock:
            nodes[step.node].clock.jumpMs = 0
            resetClock(step.node)
        case .join, .write, .failCommits, .slowDisk, .flipBit, .busy, .administer, .rotate, .lie: break
        }
    }

    // MARK: Machines

    /// A process begins: a new engine over what the disk holds.
    func boot(_ node: Int) {
        let machine = nodes[node]
        guard machine.isInvited, !machine.isUp else { return }
        machine.isUp = true
        machine.life += 1
        machine.armed = []
        machine.isWriting = false
        machine.replicator = Replicator(
            own: machine.instance,
            seed: seed ^ UInt64(machine.life) << 8 ^ UInt64(node)
        )
        tell(node, .groupOpened(group, machine.heads))
        for other in machine.peers { configure(other, at: node) }
    }

    func stop(_ node: Int) {
        let machine = nodes[node]
        guard machine.isUp else { return }
        machine.isUp = false
        machine.isPaused = false
        machine.life += 1
        machine.deferred = []
        machine.jobs = []
        machine.polls = []
        machine.armed = []
    }

    func resume(_ node: Int) throws {
        let machine = nodes[node]
        guard machine.isPaused else { return }
        machine.isPaused = false
        let waiting = machine.deferred
        machine.deferred = []
        for item in waiting { after(0, item) }
    }

    private func rollBack(_ node: Int, by commits: Int) throws {
        let machine = nodes[node]
        // Its beginning is not lost: that would be another instance's machine. Nor is an invitation: whoever was
        // invited by it would not be let in any more, and may be the only one who could give it back.
        let invited = machine.journal.lastIndex { entry in
            entry.works.contains { if case .write(let write) = $0 { write.type == .instanceAdded } else { false } }
        }
        let kept = max(machine.journal.count - commits, min(machine.journal.count, 1), (invited ?? -1) + 1)
        try machine.restore(commits: kept, group: group)
        ledger.forget(node: node)
        observe(node)
    }

    private func jump(_ jump: ClockJump, _ node: Int) {
        let wallMs = nodes[node].clock.wallMs(atMs: now.ms)
        let target =
            switch jump {
            case .hourForward: wallMs + 3_600_000
            case .hourBack: wallMs - 3_600_000
            case .to1970: SimulatedClock.year1970Ms
            case .to2100: SimulatedClock.year2100Ms
            }
        nodes[node].clock.jump(toMs: target, atMs: now.ms)
    }

    /// The clock is right again: what the node wrote from the future is written again.
    func resetClock(_ node: Int) {
        guard nodes[node].isUp, options.has(.jumps) else { return }
        let work = WriterWork.resetClock(keyNumber: keyNumber(node, now.ms))
        enqueue(WriterJob(work: work, origin: .node), at: node)
    }

    // MARK: Members

    /// An invitation is written; where that can't be done now, it is tried again.
    private func join(_ node: Int, invitedBy host: Int, _ role: ClusterRole, step: Int) throws {
        guard !nodes[node].isInvited else { return }
        // An invitation may be lost with a crash or a full disk: whoever waits for one asks again.
        after(3_000, .step(step))
        // Whoever should have invited it may have been removed itself.
        let host = try isHealed ? owner ?? host : host
        let inviter = nodes[host]
        let mayInvite =
            try inviter.isUp && !inviter.isPaused
            && inviter.store.read { state in
                try state.head(of: inviter.instance) != nil
                    && state.members().contains {
                        $0.instance == inviter.instance && $0.role != .readonly
                    }
            }
        guard mayInvite else { return }
        let addition = InstanceAdded(
            instance: nodes[node].instance,
            identityKey: nodes[node].identity.publicKey,
            role: role.memberRole,
            name: "n\(node)"
        )
        guard let write = LocalWrite(.instanceAdded(addition)) else { return }
        enqueue(WriterJob(work: .write(write), origin: .client(step: step)), at: host)
    }

    /// A node was invited, and the invitation is durable: it starts and dials its peers.
    func invited(_ node: Int) {
        guard !nodes[node].isInvited else { return }
        nodes[node].isInvited = true
        nodes[node].peers = nodes.indices.filter {
            $0 != node && (plan.dials[node].contains($0) || plan.dials[$0].contains(node))
        }
        boot(node)
        for other in nodes[node].peers {
            if !nodes[other].peers.contains(node) { nodes[other].peers.append(node) }
            if nodes[other].isUp { configure(node, at: other) }
        }
    }

    /// Tells a node what is known of a peer: the entry, and whether a token for it is held.
    func configure(_ other: Int, at node: Int) {
        let isDialable = plan.dials[node].contains(other)
        guard isDialable || nodes[node].tokens[other] != nil else { return }
        let entry = PeerEntry(
            id: PeerNumber.id(other),
            instance: nodes[other].instance,
            isDialable: isDialable,
            hasSession: nodes[node].tokens[other] != nil,
            reachesUs: plan.dials[other].contains(node),
            groups: [group]
        )
        tell(node, .peerConfigured(entry))
    }
}

extension PlannedAction {
    var isJoin: Bool {
        if case .join = self { true } else { false }
    }
}

extension ClusterRole {
    var memberRole: MemberRole {
        switch self {
        case .admin: .admin
        case .member: .member
        case .readonly: .readonly
        }
    }
}
