import AsyncAlgorithms
import AsyncHTTPClient
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import NIOCore

/// Admits a stream of events as it arrives: while one batch is being written the next waits for the writer, the one
/// after it is hashed and another read; the socket waits for the slowest of them.
struct PullIntake: Sendable {
    /// What a stream brought.
    struct Harvest: Sendable {
        var end: PullEnd
        var receivedEvents = 0
        /// Events that could not be taken, at most a few.
        var faults: [String] = []
        /// Proofs about instances that were not known when they came.
        fileprivate var early: [ForkProof] = []
        fileprivate var evidenceCount = 0

        /// - Parameter proofs: that came so far.
        fileprivate mutating func note(_ outcome: AdmissionOutcome, _ proofs: [ForkProof]) {
            if !outcome.unknown.isEmpty {
                early = proofs.filter { outcome.unknown.contains($0.origin) }
            }
            for rejection in outcome.rejected where faults.count < 5 { faults.append(rejection.reason) }
        }
    }

    /// Whole lines of the stream.
    private struct Slab: Sendable {
        var bytes: [UInt8]
        var lines: [Range<Int>]
    }

    let group: GroupID
    let peer: InstanceID?
    let replica: any ReplicaAccess
    let limits: PeeringSettings.Limits
    /// More bytes than this are not taken from one answer.
    let bytesMax: Int
    let tell: @Sendable (ReplicatorEvent) -> Void

    func take(_ body: OutgoingBody) async throws -> Harvest {
        let slabs = AsyncThrowingChannel<Slab, any Error>()
        let parsed = AsyncThrowingChannel<EventIntake.Result, any Error>()
        return try await withThrowingTaskGroup(of: PullEnd?.self) { tasks in
            tasks.addTask { try await read(body, into: slabs) }
            tasks.addTask {
                do {
                    for try await slab in slabs {
                        await parsed.send(await EventIntake.parseStream(slab.bytes, at: slab.lines, group: group))
                    }
                    parsed.finish()
                } catch {
                    parsed.fail(error)
                }
                return nil
            }
            var harvest = Harvest(end: PullEnd(heads: [], hasMore: false, serverTimeMs: 0))
            do {
                try await admit(parsed, &harvest)
                while let end = try await tasks.next() {
                    if let end { harvest.end = end }
                }
            } catch {
                tasks.cancelAll()
                slabs.finish()
                parsed.finish()
                throw error
            }
            return harvest
        }
    }

    private func admit(
        _ parsed: AsyncThrowingChannel<EventIntake.Result, any Error>,
        _ harvest: inout Harvest
    ) async throws {
        try await withThrowingTaskGroup(of: AdmissionOutcome.self) { admissions in
            var ahead = 0
            var proofs: [ForkProof] = []
            for try await batch in parsed {
                for fault in batch.faults where harvest.faults.count < 5 { harvest.faults.append(fault.error.message) }
                guard !batch.events.isEmpty || !batch.evidence.isEmpty else { continue }
                proofs += batch.evidence.proofs
                harvest.evidenceCount += batch.evidence.proofs.count + batch.evidence.transfers.count
                guard harvest.evidenceCount <= 2 * WireLimits.evidenceMax else {
                    throw WireError(.tooLarge, "The stream has too many lines beside its events.")
                }
                if let peer, !batch.events.isEmpty { tell(.headsReported(peer, group, batch.events.lastOfEachLog)) }
                harvest.receivedEvents += batch.events.count
                if ahead == limits.admitsAhead, let outcome = try await admissions.next() {
                    harvest.note(outcome, proofs)
                    ahead -= 1
                }
                // Immediate: it is in the writer's queue before the next can be.
                admissions.addImmediateTask {
                    try await replica.admit(batch.events, beside: batch.evidence, group: group, from: peer)
                }
                ahead += 1
            }
            while let outcome = try await admissions.next() { harvest.note(outcome, proofs) }
        }
        // Whom they are about may have become known by what came after them.
        guard !harvest.early.isEmpty else { return }
        _ = try await replica.admit([], beside: LogEvidence(proofs: harvest.early), group: group, from: peer)
    }

    /// Cuts the stream into slabs of whole lines; the last line is the end.
    ///
    /// Whatever goes wrong, what was read before it is admitted.
    private func read(_ body: OutgoingBody, into slabs: AsyncThrowingChannel<Slab, any Error>) async throws -> PullEnd {
        var pending: [UInt8] = []
        var total = 0
        do {
            for try await chunk in body {
                total += chunk.readableBytes
                guard total <= bytesMax else {
                    throw WireError(.tooLarge, "The stream is longer than the \(bytesMax) bytes asked for.")
                }
                pending.append(contentsOf: chunk.readableBytesView)
                if pending.count >= limits.admitBytes / 2 { try await send(&pending, into: slabs) }
            }
        } catch {
            try? await send(&pending, into: slabs)
            slabs.finish()
            throw error
        }
        var lines = LineSplitter.ranges(of: pending)
        guard let last = lines.popLast(), case .end(let end)? = try? PullLine(Array(pending[last])) else {
            await send(pending, lines.filter { pending[$0.upperBound...].first == 0x0A }, into: slabs)
            slabs.finish()
            throw WireError(.notJSON, "The stream ended before its last line.")
        }
        await send(pending, lines, into: slabs)
        slabs.finish()
        return end
    }

    /// Sends what is whole and keeps the rest.
    ///
    /// The line that may be the end stays too: it is the last.
    private func send(
        _ pending: inout [UInt8],
        into slabs: AsyncThrowingChannel<Slab, any Error>
    ) async throws(WireError) {
        guard let newline = pending.lastIndex(of: 0x0A) else { return try check(pending.count) }
        let whole = Array(pending[...newline])
        var lines = LineSplitter.ranges(of: whole)
        guard let kept = lines.popLast() else { return }
        pending.removeSubrange(..<kept.lowerBound)
        try check(pending.count - kept.count)
        await send(whole, lines, into: slabs)
    }

    private func send(
        _ bytes: [UInt8],
        _ lines: [Range<Int>],
        into slabs: AsyncThrowingChannel<Slab, any Error>
    ) async {
        for start in stride(from: 0, to: lines.count, by: limits.admitEvents) {
            let part = Array(lines[start..<min(start + limits.admitEvents, lines.count)])
            await slabs.send(Slab(bytes: bytes, lines: part))
        }
    }

    private func check(_ unfinished: Int) throws(WireError) {
        guard unfinished <= limits.lineBytesMax else {
            throw WireError(.tooLarge, "A line of the stream is longer than \(limits.lineBytesMax) bytes.")
        }
    }
}
