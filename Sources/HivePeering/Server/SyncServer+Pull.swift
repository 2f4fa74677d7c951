import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// `POST /sync/v1/groups/:id/pull`: streams what the caller lacks. One chunk is being written while the next is read,
/// and the socket's pace is the reader's.
extension SyncServer {
    func pull(_ request: HiveRequest) async throws -> Response {
        let visit = try await gate.memberVisit(request, bodyMax: limits.requestBytesMax * 16, servesEnded: true)
        var pull = try read(PullRequest.self, visit.body)
        if let ending = visit.ending {
            // Whoever has not heard yet that this instance left hears it with what it wrote before.
            let held = pull.heads.first { $0.origin == ending.header.origin }?.place
            guard held.map({ $0 < ending.header.place }) ?? true else { throw SyncRefusal.ended(ending) }
            pull.waitSeconds = 0
        }
        guard credits.beginPull(of: visit.caller, nowMs: request.nowMs) else {
            throw SyncRefusal.exhausted(
                Credits.Exhausted(retryAfterMs: 1_000, message: "more than \(limits.pullsPerPeer) pulls at a time")
            )
        }
        await ownLog.heard(pull.heads, from: visit.caller, in: visit.group)
        let ticket = PullTicket(visit, pull.heads, credits, tell)
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
            body: ResponseBody { [pull] writer in
                try await self.stream(pull, ticket, to: &writer)
                try await writer.finish(nil)
            }
        )
    }

    @concurrent
    private func stream(
        _ pull: PullRequest,
        _ ticket: PullTicket,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let group = ticket.group
        if pull.waitSeconds > 0 {
            let waitMs = min(pull.waitSeconds * 1_000, limits.waitMsMax)
            try await waitForNews(of: group, above: pull.heads, waitMs: waitMs)
            // Roles may have changed while nothing happened.
            guard try await replica.role(of: ticket.caller, in: group) != nil else { throw SyncRefusal.notMember }
        }
        let bytesMax = Int(min(pull.maxBytes, Int64(limits.pullBytesMax)))
        guard var heads = try await replica.heads(of: group)?.heads else { throw SyncRefusal.notMember }
        let prelude = try await prelude(of: pull, ticket)
        if !prelude.isEmpty { try await writer.write(ByteBuffer(bytes: prelude)) }
        var batch = try await chunk(of: ticket, above: pull.heads, bytesMax)
        var sentBytes = 0
        while batch.count > 0 {
            sentBytes += batch.lines.count
            let isLast = !batch.hasMore || sentBytes >= bytesMax
            let reached = batch.reached
            let buffer = ByteBuffer(bytes: batch.lines)
            if isLast {
                try await writer.write(buffer)
                ticket.sent(reached, hasMore: batch.hasMore)
                break
            }
            let left = bytesMax - sentBytes
            async let next = chunk(of: ticket, above: reached, left)
            async let nextHeads = replica.heads(of: group)
            try await writer.write(buffer)
            ticket.sent(reached, hasMore: true)
            if let newer = try await nextHeads?.heads { heads = newer }
            batch = try await next
        }
        let hasMore = batch.count > 0 && batch.hasMore
        let named = told(heads, ticket.caller, group)
        let end = PullEnd(heads: named, hasMore: hasMore, serverTimeMs: WallClock.nowMs())
        try await writer.write(ByteBuffer(bytes: end.line))
        ticket.end(hasMore: hasMore)
    }

    /// What goes before the events: proofs and transfers, then what the caller wrote itself and lost.
    private func prelude(of pull: PullRequest, _ ticket: PullTicket) async throws -> [UInt8] {
        let evidence = try await replica.evidence(of: ticket.group, above: pull.heads)
        let lost = try await replica.lostEvents(
            of: ticket.caller,
            in: ticket.group,
            maxBytes: Limits.batchBytesMax
        )
        return WireEvidence(evidence).lines + lost.lines
    }

    private func chunk(of ticket: PullTicket, above heads: [LogHead], _ bytesMax: Int) async throws -> EventBatch {
        try await replica.events(
            of: ticket.group,
            above: heads,
            sendsOwnLog: sendsOwnLog(ticket.caller, ticket.group),
            maxEvents: limits.pullChunkEvents,
            maxBytes: min(max(bytesMax, 1), limits.pullChunkBytes)
        )
    }

    /// Waits; a shutdown of this instance ends it early.
    private func waitForNews(of group: GroupID, above heads: [LogHead], waitMs: Int64) async throws {
        try await cancelWhenGracefulShutdown {
            try await self.replica.waitForNews(of: group, above: heads, waitMs: waitMs)
        }
    }
}

/// One pull being served.
///
/// However it ends, the replicator is told how far the caller got: the last reference to the ticket goes away with the
/// response, written, cut off or never begun.
final class PullTicket: Sendable {
    private struct Progress {
        var heads: [LogHead]
        var hasMore = true
    }

    let caller: InstanceID
    let group: GroupID
    private let credits: Credits
    private let tell: @Sendable (ReplicatorEvent) -> Void
    private let progress: Mutex<Progress>

    init(
        _ visit: SyncGate.MemberVisit,
        _ heads: [LogHead],
        _ credits: Credits,
        _ tell: @escaping @Sendable (ReplicatorEvent) -> Void
    ) {
        caller = visit.caller
        group = visit.group
        self.credits = credits
        self.tell = tell
        progress = Mutex(Progress(heads: heads))
        tell(.pullStarted(caller, group, heads: heads))
    }

    /// Everything up to `heads` was written to the connection.
    func sent(_ heads: [LogHead], hasMore: Bool) {
        progress.withLock { $0 = Progress(heads: heads, hasMore: hasMore) }
    }

    func end(hasMore: Bool) {
        progress.withLock { $0.hasMore = hasMore }
    }

    deinit {
        credits.endPull(of: caller)
        let last = progress.withLock { $0 }
        tell(.pullServed(caller, group, sent: last.heads, hasMore: last.hasMore))
    }
}
