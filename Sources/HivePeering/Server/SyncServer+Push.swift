import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import Hummingbird

/// `POST /sync/v1/groups/:id/events`: a batch, admitted whole or refused whole where it is malformed.
extension SyncServer {
    func push(_ request: HiveRequest) async throws -> Response {
        let visit = try await gate.memberVisit(request, bodyMax: limits.pushBytesMax)
        let push: PushRequest
        do {
            push = try PushRequest(parsing: visit.body)
        } catch {
            throw SyncRefusal.of(error)
        }
        do {
            try credits.countEvents(push.events.count, of: visit.caller, nowMs: request.nowMs)
        } catch {
            throw SyncRefusal.exhausted(error)
        }
        let intake = await EventIntake.parse(push.body, at: push.events, group: visit.group)
        let waiting = try Self.wait(for: intake.faults)
        let evidence: LogEvidence
        do {
            evidence = try push.evidence.read(group: visit.group, SwiftCrypto())
        } catch {
            throw SyncRefusal.of(error)
        }
        tell(.headsReported(visit.caller, visit.group, push.heads ?? intake.events.lastOfEachLog))
        var outcome = AdmissionOutcome()
        if intake.events.isEmpty, evidence.isEmpty {
            outcome.heads = try await replica.heads(of: visit.group)?.heads ?? []
        } else {
            outcome = try await replica.admit(
                intake.events,
                beside: evidence,
                group: visit.group,
                from: visit.caller
            )
        }
        if let heads = push.heads { await ownLog.heard(heads, from: visit.caller, in: visit.group) }
        outcome.heads = told(outcome.heads, visit.caller, visit.group)
        outcome.rejected += waiting
        if let first = outcome.rejected.first, outcome.inserted == 0, outcome.duplicates == 0, waiting.isEmpty,
            outcome.evidence.isEmpty
        {
            throw HiveError(.unprocessable, "No event was taken: \(first.reason)")
        }
        let reply = PushReply(
            outcome,
            receivedSeq: push.senderSeq,
            serverTimeMs: request.nowMs,
            credits: credits.eventsLeft(of: visit.caller, nowMs: request.nowMs)
        )
        return .json(bytes: reply.body)
    }

    /// Logs that wait for a newer version of this program keep nothing else from being admitted; any other fault
    /// refuses the batch.
    private static func wait(for faults: [EventIntake.Fault]) throws -> [AdmissionOutcome.Rejection] {
        try faults.compactMap { fault in
            guard fault.error.code == .upgradeNeeded else {
                throw HiveError(.badRequest, "events[\(fault.index)] can't be taken: \(fault.error.message)")
            }
            guard let origin = fault.error.origin, let place = fault.error.place else { return nil }
            return AdmissionOutcome.Rejection(origin: origin, place: place, reason: fault.error.message)
        }
    }
}
