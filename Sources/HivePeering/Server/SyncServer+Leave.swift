import HiveCrypto
import HiveHTTP
import HiveModel
import HivePorts
import HiveSync
import HiveWire
import Hummingbird

/// `POST /sync/v1/groups/:id/leave`: the caller's own `instance_removed`, admitted as any event (protocol, section 7).
extension SyncServer {
    func leave(_ request: HiveRequest) async throws -> Response {
        let visit = try await gate.memberVisit(request, bodyMax: limits.requestBytesMax)
        let event = try event(of: try read(LeaveRequest.self, visit.body), in: visit.group)
        guard event.header.origin == visit.caller, event.removedInstance == visit.caller else {
            throw HiveError(
                .unprocessable,
                "An instance leaves by an instance_removed about itself, in its own log: nothing was changed."
            )
        }
        guard visit.role != .owner else {
            throw HiveError(.conflict, "Your instance owns the group: hand it over before it leaves.")
        }
        let outcome = try await replica.admit([event], group: visit.group, from: visit.caller)
        try Self.check(outcome, of: visit.caller)
        guard try await replica.role(of: visit.caller, in: visit.group) == nil else {
            throw HiveError(.conflict, "The removal was taken and has no effect: another one's addition replaces it.")
        }
        return .json(bytes: LeaveReply(heads: outcome.heads).body)
    }

    private func event(of request: LeaveRequest, in group: GroupID) throws -> Event {
        do {
            return try Event.parse(request.event[...], groupID: group, hashing: SwiftCrypto())
        } catch {
            throw HiveError(.badRequest, "event can't be taken: \(error.message)")
        }
    }

    /// The event must have come into the log: now, or before.
    private static func check(_ outcome: AdmissionOutcome, of caller: InstanceID) throws {
        if outcome.inserted > 0 || outcome.duplicates > 0 { return }
        if let rejection = outcome.rejected.first {
            throw HiveError(.unprocessable, "The event was not taken: \(rejection.reason)")
        }
        if let gap = outcome.need.first(where: { $0.origin == caller }) {
            let held = gap.held.map { "up to event \($0.place.seq) of epoch \($0.place.epoch)" } ?? "not at all"
            throw HiveError(
                .conflict,
                "Earlier events of your log are missing, it is held \(held): push them first, then leave."
            )
        }
        if let until = outcome.heldUntilMs {
            throw HiveError(
                .conflict,
                "The event is ahead of this machine's clock and can be taken from \(ISOTime.text(until)) on."
            )
        }
        throw HiveError(.conflict, "The event can't be taken yet: your instance's log is not known here.")
    }
}
