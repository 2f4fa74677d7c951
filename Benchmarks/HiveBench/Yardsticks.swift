import Foundation
import HiveCrypto
import HiveModel

/// What this machine can do, measured in the same run as the figures it puts into proportion.
enum Yardsticks {
    /// Ed25519 verifications and signatures a second on one core.
    static func ed25519() throws -> (verifies: Double, signs: Double) {
        let signer = Ed25519Signer()
        let crypto = SwiftCrypto()
        let message = [UInt8](repeating: 7, count: 82)
        let signature = signer.sign(message)
        let verifies = rate(of: 4_000) {
            _ = crypto.isValid(signature: signature, message: message, key: signer.publicKey)
        }
        let signs = rate(of: 10_000) { _ = signer.sign(message) }
        return (verifies, signs)
    }

    /// Milliseconds of one fsync after a 4 KiB write.
    ///
    /// At the file's end, and within it; medians of 200.
    static func fsyncMs(folder: URL) throws -> (extending: Double, overwriting: Double) {
        let path = folder.appending(path: "fsync-probe").path
        let descriptor = open(path, O_CREAT | O_RDWR | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw RawSQLite.Failure(message: "cannot write \(path)") }
        defer {
            close(descriptor)
            unlink(path)
        }
        let block = [UInt8](repeating: 1, count: 4_096)
        func median(_ position: (Int) -> Int) -> Double {
            var times: [Double] = []
            for index in 0..<200 {
                let start = ContinuousClock.now
                pwrite(descriptor, block, block.count, off_t(position(index)))
                fdatasync(descriptor)
                times.append(milliseconds(since: start))
            }
            return times.sorted()[100]
        }
        return (median { $0 * 4_096 }, median { $0 % 100 * 4_096 })
    }

    static func rate(of count: Int, _ body: () -> Void) -> Double {
        let start = ContinuousClock.now
        for _ in 0..<count { body() }
        return Double(count) / milliseconds(since: start) * 1_000
    }

    static func milliseconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = start.duration(to: .now).components
        return Double(elapsed.seconds) * 1_000 + Double(elapsed.attoseconds) / 1e15
    }
}
