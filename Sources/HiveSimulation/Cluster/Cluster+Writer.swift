import HiveModel
import HiveSync

/// Each node's one writer: what waits is committed together, and everybody is told after the commit.
extension Cluster {
    /// Jobs of one transaction, at most.
    private static var jobsMax: Int { 64 }

    func enqueue(_ job: WriterJob, at node: Int) {
        nodes[node].jobs.append(job)
        beginCommit(node)
    }

    /// The transaction takes place when its commit is durable: what others see is what is committed.
    private func beginCommit(_ node: Int) {
        let machine = nodes[node]
        guard machine.isUp, !machine.isWriting, !machine.jobs.isEmpty else { return }
        machine.isWriting = true
        var random = SimulationRandom(seed: seed, 5, UInt64(node), UInt64(bitPattern: now.ms))
        let isSlow = machine.slowUntilMs > now.ms
        after(isSlow ? random.within(100, 2_000) : random.within(1, 4), .commit(node: node, life: machine.life))
    }

    func commit(_ node: Int, _ life: Int) throws {
        let machine = nodes[node]
        guard machine.isUp, machine.life == life else { return }
        machine.isWriting = false
        let jobs = Array(machine.jobs.prefix(Self.jobsMax))
        machine.jobs.removeFirst(jobs.count)
        let wallMs = machine.clock.wallMs(atMs: now.ms)
        var results: [WriterResult]?
        do {
            results = try machine.commit(jobs.map(\.work), group: group, wallMs: wallMs)
        } catch is DiskFault {
            coverage.note(.failedCommit)
            trace.line(now.ms, node, "disk-fault", 0, "\(jobs.count) jobs")
        } catch {
            fail(.noInternalFault, node, "\(error)")
            return
        }
        if let results {
            coverage.note(.commit)
            noteWritten(results, jobs, node)
            observe(node)
            let head = machine.heads.digest
            trace.line(
                now.ms,
                node,
                "commit",
                head.word0,
                "\(jobs.count) jobs, \(machine.eventCount) events, heads \(head.brief): \(logs(of: node))"
            )
            tell(node, .committed(group, machine.heads))
            try answerPolls(node)
        }
        for (index, job) in jobs.enumerated() { finish(job, results?[index], at: node) }
        if results != nil { try tendOwnLog(node) }
        beginCommit(node)
    }

    /// What the node wrote itself becomes known to the ledger before anybody can see it.
    private func noteWritten(_ results: [WriterResult], _ jobs: [WriterJob], _ node: Int) {
        for (result, job) in zip(results, jobs) {
            if case .recovered(let events) = result {
                for event in events { noteRecovered(event, by: node) }
            }
            guard case .written(let event) = result else { continue }
            ledger.note(event, by: node, isLie: node == plan.evil)
            if case .client = job.origin { ledger.acknowledge(event.hash) }
        }
    }

    private func noteRecovered(_ event: Event, by node: Int) {
        ledger.note(event, by: node, isLie: node == plan.evil)
        if event.header.refs.re != nil {
            coverage.note(.repeat)
            ledger.acknowledge(event.hash)
        } else {
            coverage.note(.epochOpening)
        }
    }

    private func finish(_ job: WriterJob, _ result: WriterResult?, at node: Int) {
        switch result {
        case .admitted(let outcome): note(outcome, from: job, at: node)
        case .introduced(let instances): coverage.note(.introduction, instances.count)
        case .written(let event):
            if case .client(let step) = job.origin { written(event, step: step, at: node) }
        case .refolded: nodes[node].isTampered = false
        case .refused(let sentence): trace.line(now.ms, node, "refused", 0, sentence)
        case .recovered, nil: break
        }
        var outcome: AdmissionOutcome?
        if case .admitted(let admitted) = result { outcome = admitted }
        switch job.origin {
        case .node, .client: break
        case .push(let call, let senderSeq, let heads):
            pushEnded(call, senderSeq: senderSeq, heads: heads, outcome)
        case .pull(let call, let end):
            if let end { pullEnded(call, end, isStored: outcome != nil) }
        }
    }

    private func note(_ outcome: AdmissionOutcome, from job: WriterJob, at node: Int) {
        trace.line(now.ms, node, "admitted", UInt64(outcome.inserted), "\(job.origin.name)\(outcome.words)")
        coverage.note(.duplicate, outcome.duplicates)
        coverage.note(.unknownInstance, outcome.unknown.count)
        coverage.note(.heldEvent, outcome.heldEvents)
        coverage.note(.fork, outcome.proved.count)
        coverage.note(.deadEpoch, outcome.proved.count { $0.place.seq == 1 })
        coverage.note(.forkProof, outcome.provedElsewhere)
        coverage.note(.cutLog, outcome.cutLogs.count)
        for origin in outcome.cuts.keys.sorted() {
            for cut in outcome.cuts[origin] ?? [] { if case .pin(let pin) = cut, pin.n > 0 { coverage.note(.pinUsed) } }
        }
        coverage.note(.refusedEvent, outcome.rejected.count)
        coverage.note(.gap, outcome.need.count)
        coverage.eventsReceived += outcome.inserted
        checkRefusals(outcome, at: node)
    }

    /// A node that is known and has no log yet, or only one from before it was invited again, opens one; where
    /// something of its log does not stand it goes on in a new epoch.
    func tendOwnLog(_ node: Int) throws {
        let machine = nodes[node]
        guard machine.isUp, !machine.jobs.contains(where: \.work.isAboutOwnLog) else { return }
        let instance = machine.instance
        let (isKnown, head, isContested, isWhole) = try machine.store.read { state in
            let isContested = try state.isContested(instance)
            let admission = Admission<Store.State, Crypto>(group: group, own: instance, crypto: crypto)
            return (
                try state.identityKey(of: instance) != nil,
                try state.head(of: instance),
                isContested,
                try !isContested || admission.ownLog(of: instance, in: state).isWhole
            )
        }
        guard isKnown else { return }
        let key = keyNumber(node, now.ms)
        if let crown = machine.crown, head?.cut == nil, head != nil {
            let isKnown = try machine.store.read { state in
                try state.transfers().contains { $0.payload == crown }
            }
            if isKnown {
                machine.crown = nil
                let write = LocalWrite(type: .ownerChanged, payload: crown)
                enqueue(WriterJob(work: .write(write), origin: .client(step: 0)), at: node)
            }
        }
        if !isContested, (head?.place.epoch ?? 0) < machine.lowestEpoch {
            coverage.note(.epochOpening)
            let work = WriterWork.open(lowest: machine.lowestEpoch, reason: "joined", keyNumber: key)
            enqueue(WriterJob(work: work, origin: .node), at: node)
        } else if !isWhole, node != plan.evil {
            // Heads alone don't tell: what others give back lies aside and changes none.
            enqueue(WriterJob(work: .recover(keyNumber: key), origin: .node), at: node)
        }
    }
}

extension WriterJob.Origin {
    /// For traces.
    fileprivate var name: String {
        switch self {
        case .node: "by itself"
        case .client: "a client's"
        case .push(let call, _, _): "push #\(call.id) of n\(call.from)"
        case .pull(let call, _): "pull #\(call.id) from n\(call.to)"
        }
    }
}

extension AdmissionOutcome {
    /// What is not zero, for traces.
    fileprivate var words: String {
        let counts = [
            (inserted, "new"), (duplicates, "held already"), (unknown.count, "logs of unknown instances"),
            (need.count, "gaps"), (heldEvents, "ahead of the clock"), (rejected.count, "refused"),
            (proved.count, "forks proved"), (provedElsewhere, "forks told of"), (cutLogs.count, "logs cut"),
            (cuts.count, "logs closed to it"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
        return words + (rejected.first.map { " (\($0.place): \($0.reason))" } ?? "")
    }
}

extension WriterWork {
    /// Whether it makes an epoch, or may.
    fileprivate var isAboutOwnLog: Bool {
        switch self {
        case .open, .recover, .rotate, .resetClock: true
        case .admit, .introduce, .take, .write, .refold: false
        }
    }
}
