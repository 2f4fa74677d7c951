import Foundation

/// The project's own Swift files, read once.
struct SourceTree {
    struct File {
        /// Relative to the root, `/` separated.
        var path: String
        var lines: [Substring]

        /// `Sources/<target>/...` or `Tests/<target>/...`.
        var target: String { String(path.split(separator: "/")[1]) }
    }

    let root: URL
    let files: [File]

    init() throws {
        root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var files: [File] = []
        for top in ["Sources", "Tests", "Benchmarks"] {
            let folder = root.appending(path: top)
            guard let names = FileManager.default.enumerator(atPath: folder.path) else { continue }
            for case let name as String in names where name.hasSuffix(".swift") {
                let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                files.append(
                    File(path: "\(top)/\(name)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
                )
            }
        }
        self.files = files.sorted { $0.path < $1.path }
    }

    var sources: [File] { files.filter { $0.path.hasPrefix("Sources/") } }
}
