import HiveModel
import HiveSync

/// The second phase: everything works again, and what is healed must come to hold the same.
extension Cluster {
    /// Heals, and waits until all hold the same and nothing moves any more.
    /// - Parameter tookMs: virtual milliseconds from healing to equal heads.
    func settle(_ tookMs: inout Int64) throws {
        try heal()
        let healedMs = now.ms
        while !isConverged, now.ms - healedMs < boundMs, violations.isEmpty {
            if (now.ms - healedMs) % 10_000 == 0 {
                try inviteAgain()
                // Who took others' events from the future was in it as well.
                for node in core { resetClock(node) }
            }
            try run(untilMs: now.ms + 250)
        }
        guard violations.isEmpty else { return }
        guard isConverged else { return fail(.convergesInTime, nil, "not within \(boundMs) ms: \(differences())") }
        tookMs = now.ms - healedMs
        // What was still under way may be a lie.
        let pushes = coverage[.push]
        try run(untilMs: now.ms + 20_000)
        while !isConverged, now.ms - healedMs < boundMs, violations.isEmpty { try run(untilMs: now.ms + 250) }
        // What one was not told of the other is sent once more at most.
        if coverage[.push] > pushes + options.nodes * options.nodes * 2, violations.isEmpty {
            fail(.fewSends, nil, "\(coverage[.push] - pushes) pushes at rest")
        }
    }

    /// Nodes that take part in the end.
    var core: [Int] { nodes.indices.filter { $0 != plan.dead } }

    /// Everything that was broken works again, but for the node that stays dead.
    func heal() throws {
        isHealed = true
        trace.line(now.ms, nil, "heal", 0, "faults are over")
        network.heal()
        for node in nodes {
            node.failingCommits = 0
            node.slowUntilMs = 0
            node.busyUntilMs = 0
            node.clock.setRight()
            try resume(node.number)
            if node.number == plan.dead {
                stop(node.number)
            } else if node.isInvited {
                boot(node.number)
                resetClock(node.number)
                try tendOwnLog(node.number)
                if node.isTampered { try verify(node.number) }
            }
        }
    }

    /// Whoever was removed is a member again, so that all can come to hold the same; and so is who was let in by one
    /// that does not return, or whose log is cut before the invitation by its own lie.
    private func inviteAgain() throws {
        let faults: [FaultClass] = [.removals, .transfers, .dead, .evil]
        guard faults.contains(where: options.has), let host = try owner, nodes[host].isUp else { return }
        for node in core where nodes[node].isInvited {
            let write = try nodes[host].store.read { state in try invitation(of: node, by: host, state) }
            guard let write else { continue }
            enqueue(WriterJob(work: .write(write), origin: .client(step: 0)), at: host)
        }
    }

    /// The node whose instance is the newest owner that any healed node knows of.
    var owner: Int? {
        get throws {
            var newest: OwnerRow?
            for node in core {
                let last = try nodes[node].store.read { try $0.owners().last }
                if let last, last.agent != nil, last.n >= newest?.n ?? 0 { newest = last }
            }
            return nodes.firstIndex { $0.instance == newest?.agent?.instance }
        }
    }

    /// Whether all healed nodes have joined and hold the same.
    var isConverged: Bool {
        let core = core
        guard let first = core.first else { return true }
        return core.allSatisfy { node in
            let machine = nodes[node]
            return machine.isUp && machine.jobs.isEmpty && !machine.isWriting && !machine.isTampered
                && machine.heads.digest == nodes[first].heads.digest
                && (hasLog(node) || node == plan.evil) && !hasLost(of: node)
        }
    }

    /// Who lies may have forked its log from the beginning, and does not mend it.
    private func hasLog(_ node: Int) -> Bool {
        nodes[node].heads.heads.contains { $0.origin == nodes[node].instance }
    }

    /// Whether somebody still holds what a node wrote and does not stand: it has yet to be repeated.
    private func hasLost(of node: Int) -> Bool {
        guard node != plan.evil else { return false }
        let instance = nodes[node].instance
        return core.contains { other in
            (try? nodes[other].store.read { try !$0.lostEvents(of: instance).isEmpty }) ?? true
        }
    }

    /// Virtual milliseconds in which healed nodes must come to hold the same.
    var boundMs: Int64 {
        let hops =
            switch options.topology {
            case .mesh, .star: 2
            case .ring, .chords: options.nodes
            }
        // The longest wait after failures, with its jitter, and a heartbeat, for each step of the way.
        return Int64(hops) * 120_000 + 60_000
    }

    /// What keeps healed nodes from holding the same.
    private func differences() -> String {
        var parts: [String] = []
        guard let first = core.first else { return "" }
        for node in core {
            let machine = nodes[node]
            if !machine.isUp { parts.append("n\(node) is down") }
            if !hasLog(node), node != plan.evil { parts.append("n\(node) has no log") }
            if machine.isTampered { parts.append("n\(node) is damaged") }
            let (missing, more) = (
                nodes[first].heads.heads.lag(of: machine.heads.heads),
                machine.heads.heads.lag(of: nodes[first].heads.heads)
            )
            if missing + more > 0 {
                parts.append("n\(node) lacks \(missing) of n\(first)'s events and has \(more) more")
            }
        }
        for node in core.dropFirst() where nodes[node].heads.digest != nodes[first].heads.digest {
            parts.append("n\(first) \(logs(of: first, against: node)), n\(node) \(logs(of: node, against: first))")
            break
        }
        for node in core where hasLost(of: node) { parts.append("something of n\(node) is still to be repeated") }
        return parts.isEmpty ? "busy" : parts.joined(separator: ", ")
    }

    /// A node's heads that another's differ from, in short.
    private func logs(of node: Int, against other: Int) -> String {
        let heads = nodes[node].heads.heads.filter { !nodes[other].heads.heads.contains($0) }
        let texts = heads.map { head in
            let origin = nodes.firstIndex { $0.instance == head.origin }.map { "n\($0)" } ?? "?"
            let cut = head.cut.map { " cut \($0.brief)" } ?? ""
            return "\(origin): \(head.place.epoch).\(head.place.seq) \(head.hash.brief)\(cut)"
        }
        return "has [\(texts.joined(separator: "; "))]"
    }
}
