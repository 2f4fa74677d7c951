import ArgumentParser
import Foundation
import UnixSignals

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch three instances on this machine keep one hive in sync.",
        discussion: """
            Starts two servers, imports 500 stories into one, invites the other, writes on both, stops one for a \
            while, kills one; then a third joins through the second and finds the first. Compares everything at the \
            end. Ctrl-C stops all servers.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Stop after the comparison; exit 0 where all are equal, 1 where not.")
    var once = false

    @Flag(name: .customLong("keep-running"), help: "Stay up until Ctrl-C after the comparison (the default).")
    var keepRunning = false

    func validate() throws {
        guard !(once && keepRunning) else { throw ValidationError("--once and --keep-running exclude each other.") }
    }

    func run() async throws {
        guard global.url == nil, global.config == nil else {
            throw CommandError(.usage, "The demo starts its own servers: leave --url and --config out.")
        }
        let folder = DemoFolder(path: Self.absolute(global.dataDirectory ?? "demo-data"))
        let run = DemoRun(folder: folder, log: DemoLog(isJSON: global.json))
        let staysUp = !once
        let isJSON = global.json
        // Whatever ends first: the story or a signal. Either way all servers are stopped before this returns.
        let result: Result<Ending, any Error> = await withTaskGroup(of: Result<Ending, any Error>.self) { group in
            group.addTask {
                do {
                    let comparison = try await run.play()
                    if isJSON { Output.json(comparison.json) }
                    if staysUp { try await run.stayUp() }
                    return .success(.played(isEqual: comparison.isEqual))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) {
                    return .success(.signal)
                }
                return .failure(CancellationError())
            }
            let first = await group.next() ?? .failure(CancellationError())
            group.cancelAll()
            return first
        }
        await run.close()
        switch try result.get() {
        case .played(isEqual: true): return
        case .played(isEqual: false):
            throw CommandError(
                .failed,
                "The instances differ: their logs are \(run.logFiles.joined(separator: " and "))."
            )
        case .signal:
            guard !run.hasPlayed else { return }
            throw CommandError(.failed, "Stopped before the end.")
        }
    }

    private enum Ending: Sendable {
        case played(isEqual: Bool)
        case signal
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
