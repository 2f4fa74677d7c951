/// How often what is rare came to pass.
public struct Coverage: Hashable, Sendable {
    public enum Path: Int, CaseIterable, Sendable {
        case commit, duplicate, gap, fork, forkProof, deadEpoch, pinUsed, fenceVoiding, epochOpening, heldEvent,
            unknownInstance, introduction, `repeat`, unknownType, poison, refusedEvent, voidEvent, removal, transfer,
            cutLog, pushedProof, ownLogBehind, rotation,
            adminAct, offeredLost
        case handshake, push, pull, longPoll, heartbeat, pushWithoutEffect, staleToken, notMember, busyReply,
            truncatedReply, lostReply, lateReply, duplicateRequest, crash, lostCommits, restoredBackup, failedCommit,
            bitFlip, repair, divergence, clockJump, lie, unreachable
    }

    private var counts = Array(repeating: 0, count: Path.allCases.count)
    /// Events sent over the network, in pushes and pulls.
    public internal(set) var eventsSent = 0
    /// Events that came to be held somewhere, once for each holder but its maker.
    public internal(set) var eventsReceived = 0

    public init() {}

    public subscript(_ path: Path) -> Int { counts[path.rawValue] }

    mutating func note(_ path: Path, _ times: Int = 1) { counts[path.rawValue] += times }

    public mutating func add(_ other: Coverage) {
        for index in counts.indices { counts[index] += other.counts[index] }
        eventsSent += other.eventsSent
        eventsReceived += other.eventsReceived
    }
}
