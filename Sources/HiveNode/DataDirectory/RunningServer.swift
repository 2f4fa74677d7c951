import Foundation
import HivePorts

/// What `run.json` says of the server that holds a data directory.
public struct RunningServer: Hashable, Sendable {
    /// `http://127.0.0.1:3000`: always reachable from this machine.
    public var address: String
    public var pid: Int32
    /// Good for `X-Admin-Key` while the server runs.
    public var adminToken: String
    public var instanceID: String
    /// Milliseconds since 1970.
    public var startedAtMs: Int64

    public init(address: String, pid: Int32, adminToken: String, instanceID: String, startedAtMs: Int64) {
        self.address = address
        self.pid = pid
        self.adminToken = adminToken
        self.instanceID = instanceID
        self.startedAtMs = startedAtMs
    }

    /// The server that runs on this directory now; nil where none does.
    ///
    /// A file left by a killed process is recognised by the lock: nobody, or another process, holds it.
    public static func find(in directory: DataDirectory) -> RunningServer? {
        guard let found = read(directory.runFile), let holder = DirectoryLock.holder(of: directory),
            holder == found.pid
        else { return nil }
        return found
    }

    static func read(_ path: String) -> RunningServer? {
        guard let data = FileManager.default.contents(atPath: path),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let address = object["address"] as? String, let pid = (object["pid"] as? NSNumber)?.int32Value,
            let token = object["admin_token"] as? String, let instance = object["instance_id"] as? String,
            let started = (object["started_at"] as? NSNumber)?.int64Value
        else { return nil }
        return RunningServer(
            address: address,
            pid: pid,
            adminToken: token,
            instanceID: instance,
            startedAtMs: started
        )
    }

    /// Called by the holder of the lock once it listens.
    func write(to directory: DataDirectory) throws {
        let object: [String: Any] = [
            "address": address, "pid": NSNumber(value: pid), "admin_token": adminToken, "instance_id": instanceID,
            "started_at": NSNumber(value: startedAtMs),
        ]
        guard
            let data = try? JSONSerialization.data(
                withJSONObject: object,
                options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            )
        else { throw HiveError(.internalFault, "run.json can't be made of what this server knows of itself.") }
        try DataDirectory.write(Array(data) + [UInt8(ascii: "\n")], to: directory.runFile, isPrivate: true)
    }

    /// Called by the holder of the lock when it stops.
    static func remove(from directory: DataDirectory) {
        try? FileManager.default.removeItem(atPath: directory.runFile)
    }
}
