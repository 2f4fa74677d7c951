import Foundation
import HiveImport
import HiveModel

/// Reads what `import` is given.
enum ImportFile {
    /// - Parameter path: A file, or `-` for standard input; gzip is recognised.
    static func read(_ path: String) throws(CommandError) -> HackerNewsFile {
        var bytes = try contents(path)
        if Gzip.isGzip(bytes) {
            guard let inflated = Gzip.inflated(bytes, bytesMax: HackerNewsFile.bytesMax) else {
                throw CommandError(.failed, "\(path) is damaged gzip, or too long once unpacked: fetch it again.")
            }
            bytes = inflated
        }
        guard bytes.count <= HackerNewsFile.bytesMax else {
            throw CommandError(
                .failed,
                "\(path) is longer than \(Readable.bytes(Int64(HackerNewsFile.bytesMax))): split it."
            )
        }
        do {
            return try HackerNewsFile(parsing: bytes)
        } catch {
            throw CommandError(.failed, "\(path) can't be imported: \(error)")
        }
    }

    private static func contents(_ path: String) throws(CommandError) -> [UInt8] {
        do {
            if path == "-" { return Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            return Array(try handle.readToEnd() ?? Data())
        } catch {
            throw CommandError(.failed, "\(path) can't be read: does it exist, and may this user read it?")
        }
    }
}
