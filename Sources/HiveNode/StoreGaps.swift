import HiveModel
import HivePorts
import HiveStore

extension HiveStore {
    func verify(group: GroupID, crypto: some CryptoSuite) async throws -> VerifyResult {
        throw HiveError(.unavailable, "not built yet")
    }

    func appliedMigrations() async throws -> [String] { ["1"] }
}
