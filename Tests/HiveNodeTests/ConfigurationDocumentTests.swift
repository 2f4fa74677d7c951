import Foundation
import Testing

@testable import HiveNode

/// The example file and the table in the documentation are made from the table of settings; these tests keep them so.
///
/// With `OPENHIVE_WRITE_DOCUMENTS=1` in the environment they are written anew instead.
@Suite struct ConfigurationDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let isWriting = ProcessInfo.processInfo.environment["OPENHIVE_WRITE_DOCUMENTS"] == "1"
    private static let begin = "<!-- settings: made from ConfigurationTable -->\n"
    private static let end = "<!-- end of settings -->"

    @Test("openhive.example.yaml is what init writes")
    func example() throws {
        let file = Self.root.appending(path: "openhive.example.yaml")
        let wanted = ConfigurationDocument.file()
        if Self.isWriting { try wanted.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == wanted)
    }

    @Test("The table of settings in docs/operations.md is the one the program has")
    func table() throws {
        let file = Self.root.appending(path: "docs/operations.md")
        var text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin)).upperBound
        let stop = try #require(text.range(of: Self.end)).lowerBound
        let wanted = ConfigurationDocument.markdown()
        if Self.isWriting {
            text.replaceSubrange(start..<stop, with: wanted)
            try text.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[start..<stop]) == wanted)
        }
    }
}
