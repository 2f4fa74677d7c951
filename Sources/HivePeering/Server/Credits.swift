import HiveModel
import HivePorts
import Synchronization

/// What each peer may send: requests and events a second (protocol, section 6, flow control).
final class Credits: Sendable {
    private struct Account {
        var requests: TokenBucket
        var events: TokenBucket
        var pulls = 0
    }

    /// One request too many; try again after so long.
    struct Exhausted: Error, Hashable {
        var retryAfterMs: Int64
        var message: String
    }

    private let limits: PeeringSettings.Limits
    private let accounts = Mutex<[InstanceID: Account]>([:])
    private static let accountsMax = 4_096

    init(limits: PeeringSettings.Limits) {
        self.limits = limits
    }

    /// Counts a request and returns for how many milliseconds to hold it up.
    ///
    /// A peer sends its next push when this one is answered, so a short wait paces it and a refusal would stall it.
    func countRequest(of peer: InstanceID, nowMs: Int64) throws(Exhausted) -> Int64 {
        let (isTaken, waitMs) = with(peer, nowMs) {
            $0.requests.takeNext(atMs: nowMs, waitMsMax: limits.requestHeldMsMax)
        }
        guard !isTaken else { return waitMs }
        throw Exhausted(
            retryAfterMs: waitMs,
            message: "more than \(limits.requestsPerSecond) requests a second from this instance"
        )
    }

    func countEvents(_ count: Int, of peer: InstanceID, nowMs: Int64) throws(Exhausted) {
        let wait = with(peer, nowMs) { $0.events.take(Int64(count), atMs: nowMs) }
        guard let wait else { return }
        throw Exhausted(
            retryAfterMs: wait,
            message: "more than \(limits.eventsPerSecond) events a second from this instance"
        )
    }

    /// Events the peer may send in the next second.
    func eventsLeft(of peer: InstanceID, nowMs: Int64) -> Int64 {
        with(peer, nowMs) { $0.events.available(atMs: nowMs) }
    }

    /// Takes one of the peer's places for a pull; false where all are taken.
    func beginPull(of peer: InstanceID, nowMs: Int64) -> Bool {
        with(peer, nowMs) { account in
            guard account.pulls < limits.pullsPerPeer else { return false }
            account.pulls += 1
            return true
        }
    }

    func endPull(of peer: InstanceID) {
        accounts.withLock { $0[peer]?.pulls -= 1 }
    }

    private func with<Value: Sendable>(_ peer: InstanceID, _ nowMs: Int64, _ body: (inout Account) -> Value) -> Value {
        accounts.withLock { accounts in
            if accounts[peer] == nil, accounts.count >= Self.accountsMax {
                // Idle accounts are full again: forgetting them changes nothing.
                accounts = accounts.filter { $0.value.pulls > 0 }
            }
            var account =
                accounts[peer]
                ?? Account(
                    requests: TokenBucket(perSecond: limits.requestsPerSecond, atMs: nowMs),
                    events: TokenBucket(perSecond: limits.eventsPerSecond, atMs: nowMs)
                )
            defer { accounts[peer] = account }
            return body(&account)
        }
    }
}
