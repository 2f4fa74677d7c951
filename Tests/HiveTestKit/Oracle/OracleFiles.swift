public import Foundation

/// Files of histories, one a line.
public struct OracleFiles {
    /// The histories that belong to the project.
    public static let vectors = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/vectors/histories")

    /// The file that `OPENHIVE_HISTORIES` names, or the project's own of this name.
    public static func lines(of name: String) throws -> [[UInt8]] {
        let other = ProcessInfo.processInfo.environment["OPENHIVE_HISTORIES"]
        let file = other.flatMap { $0.isEmpty ? nil : URL(filePath: $0) } ?? vectors.appending(path: name)
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }
}
