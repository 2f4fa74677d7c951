import HiveModel
import HivePorts
import HiveStore
import HiveSync
import Logging
import Synchronization

/// What this instance owes a group once others have decided something: mending its own log, taking over as owner, and
/// taking back the pseudonymous votes of a banned agent.
///
/// Looks after every commit that could call for it, and at the start, so that a duty survives a crash; doing one twice
/// changes nothing.
final class GroupDuties: CommitListener {
    private let writer = Mutex<Writer<StoreBackend>?>(nil)
    private let alerts: any AlertSink
    private let logger: Logger
    /// What the own logs were like when they were last looked at: nothing is done twice about the same.
    private let seen = Mutex<[GroupID: OwnLogMark]>([:])

    init(alerts: any AlertSink, logger: Logger) {
        self.alerts = alerts
        self.logger = logger
    }

    /// - Parameter writer: nil = nothing is done any more.
    func attach(_ writer: Writer<StoreBackend>?) { self.writer.withLock { $0 = writer } }

    func committed(_ commit: Committed) {
        var due: [GroupID] = []
        for change in commit.changes {
            switch change.change {
            case .rosterChanged, .memberChanged, .rebuilt: if !due.contains(change.group) { due.append(change.group) }
            default: continue
            }
        }
        for (group, mark) in commit.ownLogs {
            let isNew = seen.withLock { $0.updateValue(mark, forKey: group) != mark }
            if isNew, !due.contains(group) { due.append(group) }
        }
        look(due)
    }

    /// Puts a job for each group behind the local writes that wait.
    func look(_ groups: [GroupID]) {
        guard !groups.isEmpty, let writer = writer.withLock({ $0 }) else { return }
        for group in groups {
            let logger = logger
            let rest = JobResult<Bool>()
            let job = WriteJob<WriteTurn>(
                step: { turn, _, _ in
                    try turn.mendOwnLog(in: group)
                    try turn.acceptOwnership(in: group)
                    rest.set(try turn.recallVotes(in: group))
                    return .finished(events: 1)
                },
                settle: { [self] error in
                    let subject = AlertSubject(.ownLog, group: group)
                    guard let error else {
                        alerts.clear(subject)
                        if rest.take() == true { look([group]) }
                        return
                    }
                    if let error = error as? HiveError, error.code == .conflict { alerts.raise(subject, error.message) }
                    logger.warning(
                        "a group waits for something this instance has to do",
                        metadata: ["group.id": "\(group.rawValue)", "reason": "\(error)"]
                    )
                }
            )
            writer.mailbox.append(job, isRemote: false)
        }
    }
}
