import Dispatch
import Foundation
import HiveStore
import NIOPosix

/// A look at the database file itself, with or without a server that uses it.
public struct DatabaseCheck: Sendable {
    /// Sentences; empty where the file is whole.
    public var faults: [String]
    public var tookMs: Int64

    /// Nil where there is no file yet.
    ///
    /// Throws `HiveError(.unavailable)` where it can't be read.
    public static func run(path: String) async throws -> DatabaseCheck? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try await NIOThreadPool.singleton.runIfActive {
            let start = DispatchTime.now().uptimeNanoseconds
            let faults = try QuickCheck.faults(path: path)
            let tookMs = Int64((DispatchTime.now().uptimeNanoseconds - start) / 1_000_000)
            return DatabaseCheck(faults: faults, tookMs: tookMs)
        }
    }
}
