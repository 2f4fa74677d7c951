import HiveModel
import HivePorts
import HiveStore
import HiveSync

extension WriteTurn {
    /// Events of one call that may be poison; with more, the fault is this program's.
    private static let poisonMax = 1_000

    /// Runs `body` again and again, each time without the event that the fold failed at (protocol, section 4.5).
    ///
    /// A fault of disk or database is none of an event's: it is thrown as it is.
    func withoutPoison<T>(of group: GroupID, _ body: () throws -> T) throws -> T {
        for _ in 0..<Self.poisonMax {
            let before = memory
            do {
                var transaction = transaction
                return try transaction.savepoint(body)
            } catch let fault as EventFault {
                memory = before
                guard (HiveStore.described(fault.cause) as? HiveError)?.code != .unavailable else { throw fault.cause }
                var state = try state(of: group)
                try admission(of: group) { try $0.markPoison(fault.event, in: &state) }
            } catch {
                memory = before
                throw error
            }
        }
        throw HiveError(.internalFault, "The fold failed at more than \(Self.poisonMax) events of one batch.")
    }
}
