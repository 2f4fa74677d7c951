import Foundation
import HiveNode

/// Where a demo keeps its instances.
///
/// A marker file says that the folder may be replaced by the next demo.
struct DemoFolder {
    static let marker = ".openhive-demo"

    let path: String

    func instance(_ name: String) -> DataDirectory { DataDirectory(root: path + "/" + name) }

    func log(_ name: String) -> String { path + "/\(name).log" }

    /// Makes the folder empty.
    ///
    /// Refuses one that no demo made, or that a demo still uses.
    func replace(names: [String]) throws(CommandError) {
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory) {
            let content = (try? files.contentsOfDirectory(atPath: path)) ?? []
            guard isDirectory.boolValue, content.isEmpty || content.contains(Self.marker) else {
                throw CommandError(
                    .failed,
                    "\(path) holds something no demo made: name another folder with --data-dir."
                )
            }
            for name in names {
                guard let server = RunningServer.find(in: instance(name)) else { continue }
                throw CommandError(
                    .failed,
                    "A demo still runs in \(path) (process \(server.pid)): stop it, or name another folder with "
                        + "--data-dir."
                )
            }
        }
        do {
            if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data("Made by `openhive demo`, which replaces this folder.\n".utf8)
                .write(to: URL(fileURLWithPath: path + "/" + Self.marker))
        } catch {
            throw CommandError(
                .failed,
                "The folder \(path) can't be made: is its place writable? Or name another with --data-dir."
            )
        }
    }
}
