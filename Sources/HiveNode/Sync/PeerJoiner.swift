import HiveModel
import HivePeering
import HivePorts
import HiveStore
import HiveSync
import Logging
import ServiceLifecycle
import Synchronization

/// Joins the hives that configured peers share and that are not here yet, retrying for ever with backoff.
final class PeerJoiner: Service {
    /// What is to be joined: a hive of a peer.
    private struct Wish: Hashable {
        var peer: PeerID
        var hive: String
    }

    private struct Attempt {
        var failures = 0
        var nextMs: Int64 = 0
    }

    let hasHandshakeSecret: Bool
    private let store: HiveStore
    private let logger: Logger
    private let administrator = Mutex<SyncAdministrator?>(nil)
    private let bells: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init(store: HiveStore, hasHandshakeSecret: Bool, logger: Logger) {
        self.store = store
        self.hasHandshakeSecret = hasHandshakeSecret
        self.logger = logger
        (bells, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func attach(_ administrator: SyncAdministrator) { self.administrator.withLock { $0 = administrator } }

    /// Looks at the peers now: one was added or changed.
    func look() { bell.yield() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { tasks in
                tasks.addTask {
                    while !Task.isCancelled {
                        self.bell.yield()
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
                var attempts: [Wish: Attempt] = [:]
                for await _ in self.bells { await self.lookAround(&attempts) }
                tasks.cancelAll()
            }
        }
    }

    private func lookAround(_ attempts: inout [Wish: Attempt]) async {
        guard let administrator = administrator.withLock({ $0 }) else { return }
        do {
            let groups = try await store.groups()
            for group in groups where group.isShared && group.status == "backfilling" {
                await resume(group, administrator, &attempts)
            }
            for group in groups where group.status == GroupEnding.status && !group.isShared {
                await attendEnded(group, administrator, &attempts)
            }
            let held = Set(groups.compactMap(\.hiveName))
            for peer in try await store.peers() where peer.isManual {
                guard let endpoint = peer.syncEndpoint else { continue }
                for hive in peer.sharedHives where !held.contains(hive) {
                    let wish = Wish(peer: peer.id, hive: hive)
                    let now = SystemClock.nowMs()
                    var attempt = attempts[wish] ?? Attempt()
                    guard attempt.nextMs <= now else { continue }
                    if await join(hive, peer, endpoint, administrator) {
                        attempts[wish] = nil
                        continue
                    }
                    attempt.failures += 1
                    attempt.nextMs = now + min(60_000, 1_000 << Int64(min(attempt.failures, 6)))
                    attempts[wish] = attempt
                }
            }
        } catch {
            logger.debug("peers could not be looked at", metadata: ["error": "\(error)"])
        }
    }

    /// A backfill that a stop interrupted: asks a peer of the group anew how far it goes.
    private func resume(
        _ group: GroupRecord,
        _ administrator: SyncAdministrator,
        _ attempts: inout [Wish: Attempt]
    ) async {
        guard administrator.backfills.target(of: group.id) == nil, let peers = try? await store.peers() else { return }
        for peer in peers where peer.groups.contains(group.id) {
            guard let endpoint = peer.syncEndpoint else { continue }
            let wish = Wish(peer: peer.id, hive: group.id.rawValue)
            let now = SystemClock.nowMs()
            var attempt = attempts[wish] ?? Attempt()
            guard attempt.nextMs <= now else { continue }
            do {
                try await administrator.resumeBackfill(of: group.id, from: peer, at: endpoint)
                attempts[wish] = nil
                return
            } catch {
                attempt.failures += 1
                attempt.nextMs = now + min(60_000, 1_000 << Int64(min(attempt.failures, 6)))
                attempts[wish] = attempt
                logger.debug("a backfill could not be resumed", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// A group this instance takes no more part in: peers that don't know are told; and where others ended it, they
    /// are asked now and then whether they let it in again.
    private func attendEnded(
        _ group: GroupRecord,
        _ administrator: SyncAdministrator,
        _ attempts: inout [Wish: Attempt]
    ) async {
        guard let peers = try? await store.peers() else { return }
        for peer in peers where peer.groups.contains(group.id) {
            guard let endpoint = peer.syncEndpoint else { continue }
            let wish = Wish(peer: peer.id, hive: group.id.rawValue)
            let now = SystemClock.nowMs()
            let isOwnWill = GroupEnding.isOwnWill(group.statusReason)
            guard isOwnWill || GroupEnding.isByOthers(group.statusReason) else { continue }
            // Whoever was sent away does not ask at once.
            var attempt = attempts[wish] ?? Attempt(nextMs: isOwnWill ? 0 : now + Self.askAgainMs)
            defer { attempts[wish] = attempt }
            guard attempt.nextMs <= now else { continue }
            do {
                guard isOwnWill else {
                    try await administrator.askBack(into: group, from: peer, at: endpoint)
                    attempt = Attempt(nextMs: now + Self.askAgainMs)
                    return
                }
                try await administrator.sayFarewell(to: peer.id, leaving: group.id)
            } catch {
                attempt.failures += 1
                let delay = isOwnWill ? 1_000 << Int64(min(attempt.failures, 9)) : Self.askAgainMs
                attempt.nextMs = now + delay
                logger.debug("a peer could not be spoken to", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// How often an instance that was removed asks whether it may come back.
    private static let askAgainMs: Int64 = 600_000

    private func join(
        _ hive: String,
        _ peer: PeerRecord,
        _ endpoint: String,
        _ administrator: SyncAdministrator
    ) async -> Bool {
        let command = JoinCommand(invite: nil, syncEndpoint: endpoint, hiveName: hive, localName: nil)
        do {
            _ = try await administrator.join(command)
            logger.info("joined a hive of a peer", metadata: ["hive": "\(hive)", "peer.id": "\(peer.id.rawValue)"])
            return true
        } catch {
            let message = (error as? HiveError)?.message ?? "\(error)"
            logger.debug(
                "a hive of a peer could not be joined",
                metadata: ["hive": "\(hive)", "peer.id": "\(peer.id.rawValue)", "reason": "\(message)"]
            )
            return false
        }
    }
}
