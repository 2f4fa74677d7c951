import ArgumentParser
import HiveModel
import HiveNode

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check files, settings, database, disk, clock and port, and say what to do."
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        var findings: [Finding] = []
        if global.url == nil {
            let directory = global.directory
            findings += FileChecks(directory: directory).run()
            findings += [ConfigurationCheck.run(global), DiskCheck.run(directory.root)]
            findings += await IntegrityCheck.run(global)
        }
        findings += await NodeChecks(global: global).run()
        let failed = findings.filter { $0.result == .fail }
        if global.json {
            Output.json(
                .record(["ok": .bool(failed.isEmpty), "checks": .array(findings.map(\.json))])
            )
        } else {
            var table = TableWriter([.init("CHECK"), .init("RESULT"), .init("SAYS", widthMax: 160)])
            for finding in findings { table.add(finding.check, finding.result.rawValue, finding.message) }
            table.print()
        }
        guard !failed.isEmpty else { return }
        throw CommandError(.failed, "\(Readable.count(failed.count, "check", "checks")) failed: see what they say.")
    }
}

/// What one check of `doctor` found.
struct Finding: Sendable, Hashable {
    enum Result: String, Sendable { case ok, warn, fail }

    var check: String
    var result: Result
    /// What was seen and, unless all is well, what to do.
    var message: String

    init(_ check: String, _ result: Result, _ message: String) {
        self.check = check
        self.result = result
        self.message = message
    }

    var json: JSONValue {
        .record(["check": .string(check), "result": .string(result.rawValue), "message": .string(message)])
    }
}
