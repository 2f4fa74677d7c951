import Foundation
import Testing

/// The rules of CONTRIBUTING.md that a program can check.
@Suite("Tidy")
struct TidyTests {
    let tree: SourceTree

    init() throws {
        tree = try SourceTree()
    }

    /// What each target may import beyond the standard library and the project's own targets below it.
    static let pure = ["HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveSimulation"]
    static let shells = ["HiveAPI", "HivePeering"]

    @Test("The tree is where we think it is")
    func treeIsFound() {
        #expect(tree.sources.count > 50)
    }

    @Test("The pure core imports no I/O, clock or randomness")
    func pureCoreStaysPure() {
        let allowed = ["HiveModel", "HiveSync", "HiveWire", "OrderedCollections", "DequeModule"]
        for file in tree.sources where Self.pure.contains(file.target) {
            for imported in imports(of: file) {
                #expect(allowed.contains(imported), "\(file.path) imports \(imported)")
            }
        }
    }

    @Test("The pure core calls nothing that differs between two runs")
    func pureCoreIsDeterministic() {
        let banned = [
            ".random(", ".shuffled(", ".randomElement(", "SystemRandomNumberGenerator", "ContinuousClock(",
            "SuspendingClock(", " Date(", "(Date(", "UUID(", "Task {", "Task.sleep", ".hashValue", "Hasher(",
        ]
        for file in tree.sources where Self.pure.contains(file.target) {
            for (number, line) in code(of: file) {
                for word in banned where line.contains(word) {
                    Issue.record("\(file.path):\(number) uses \(word)")
                }
            }
        }
    }

    @Test("Shells import no other shell, and storage is reached through ports")
    func arrowsGoDown() {
        for file in tree.sources where Self.shells.contains(file.target) {
            for imported in imports(of: file) {
                let isOtherShell = Self.shells.contains(imported) && imported != file.target
                #expect(!isOtherShell && imported != "HiveStore", "\(file.path) imports \(imported)")
            }
        }
        for file in tree.sources where !["HiveNode", "HiveStore"].contains(file.target) {
            #expect(!imports(of: file).contains("HiveStore"), "\(file.path) imports HiveStore")
        }
        for file in tree.sources where file.target != "HiveStore" {
            #expect(!imports(of: file).contains("GRDB"), "\(file.path) imports GRDB")
        }
    }

    @Test("Files stay under 400 lines and lines under 121 columns")
    func sizesAreBounded() {
        for file in tree.files {
            #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines: split it by idea")
            // As swift-format, this lets texts be as long as they are.
            for (index, line) in file.lines.enumerated() where line.count > 120 && !line.contains("\"") {
                Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test("Nothing is left for later in the text, and no call can trap on input")
    func nothingIsLeftOver() {
        let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "fatal" + "Error(", "try" + "!", " as" + "! "]
        for file in tree.sources {
            for (index, line) in file.lines.enumerated() {
                for marker in markers where line.contains(marker) {
                    Issue.record("\(file.path):\(index + 1) contains \(marker)")
                }
            }
        }
    }

    @Test("No file is a drawer for what has no name")
    func namesSayWhatIsInside() {
        for file in tree.files {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            for drawer in ["Utils", "Helpers", "Common", "Extensions", "Misc"] {
                #expect(!name.contains(drawer), "\(file.path)")
            }
        }
    }

    @Test("Every test file expects something")
    func testsExpect() {
        for file in tree.files where file.path.hasPrefix("Tests/") {
            let text = file.lines.joined(separator: "\n")
            guard text.contains("@Test") else { continue }
            let expects = ["#expect", "#require", "Issue.record"].contains { text.contains($0) }
            #expect(expects, "\(file.path)")
        }
    }

    @Test("What the architecture page names exists")
    func architectureIsTrue() throws {
        let page = try String(contentsOf: tree.root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        let paths = page.matches(of: /`((?:Sources|Tests|docs|scripts|Benchmarks)\/[A-Za-z0-9_.\/-]+)`/).map(\.output.1)
        #expect(paths.count > 10)
        for path in paths {
            let exists = FileManager.default.fileExists(atPath: tree.root.appending(path: String(path)).path)
            #expect(exists, "ARCHITECTURE.md names \(path)")
        }
    }

    private func imports(of file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count else { return nil }
            let lead = words[..<index]
            guard lead.allSatisfy({ ["public", "internal", "private", "package", "@testable"].contains($0) }) else {
                return nil
            }
            return words[index + 1].split(separator: ".").first.map(String.init)
        }
    }

    /// Lines that are not comments, with their numbers.
    private func code(of file: SourceTree.File) -> [(Int, Substring)] {
        file.lines.enumerated().compactMap { index, line in
            let isComment = line.drop(while: { $0 == " " }).hasPrefix("//")
            return isComment ? nil : (index + 1, line)
        }
    }
}
