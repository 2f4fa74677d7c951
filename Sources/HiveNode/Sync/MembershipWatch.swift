import HiveModel
import HivePeering
import HiveStore
import HiveSync
import Logging
import Synchronization

/// Follows who is a member: a group that this instance was removed from is closed, and peers are spoken to about the
/// groups they share now.
///
/// Looks after every commit that changed a roster, and at the start.
final class MembershipWatch: CommitListener {
    private let writer = Mutex<Writer<StoreBackend>?>(nil)
    private let peering: PeeringHandle
    private let logger: Logger

    init(peering: PeeringHandle, logger: Logger) {
        self.peering = peering
        self.logger = logger
    }

    /// - Parameter writer: nil = nothing is done any more.
    func attach(_ writer: Writer<StoreBackend>?) { self.writer.withLock { $0 = writer } }

    func committed(_ commit: Committed) {
        var due: [GroupID] = []
        for change in commit.changes {
            switch change.change {
            case .rosterChanged, .rebuilt: if !due.contains(change.group) { due.append(change.group) }
            default: continue
            }
        }
        look(due)
    }

    /// Puts a job for each group behind the local writes that wait.
    func look(_ groups: [GroupID]) {
        guard !groups.isEmpty, let writer = writer.withLock({ $0 }) else { return }
        for group in groups {
            let (peering, logger) = (peering, logger)
            let news = JobResult<MembershipNews>()
            let job = WriteJob<WriteTurn>(
                step: { turn, _, _ in
                    news.set(try turn.attendMembership(in: group))
                    return .finished(events: 1)
                },
                settle: { error in
                    if let error {
                        logger.warning(
                            "the members of a group could not be looked at",
                            metadata: ["group.id": "\(group.rawValue)", "reason": "\(error)"]
                        )
                    } else if let news = news.take() {
                        peering.tell(news, of: group)
                    }
                }
            )
            writer.mailbox.append(job, isRemote: false)
        }
    }
}

extension PeeringHandle {
    /// Passes on what a transaction decided about who takes part.
    func tell(_ news: MembershipNews, of group: GroupID) {
        if news.hasEnded { service?.groupClosed(group) }
        for peer in news.peers { peerConfigured(peer) }
    }
}
