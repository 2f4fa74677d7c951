import ArgumentParser
import Foundation
import HiveModel
import HiveNode
import HivePorts

/// Where the process begins: parses, runs, and turns every outcome into an exit code and one sentence.
@main
enum Program {
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs one command line and returns its exit code: 0 fine, 1 failed, 2 usage, 3 unreachable.
    static func run(_ arguments: [String]) async -> Int32 {
        let ordered = ArgumentOrder.globalsLast(arguments)
        do {
            var command = try OpenHive.parseAsRoot(ordered)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return report(error, arguments: ordered)
        }
    }

    private static func report(_ error: any Error, arguments: [String]) -> Int32 {
        if let exit = error as? ExitCode { return exit.rawValue }
        if OpenHive.exitCode(for: error) == .success {
            Terminal.out(OpenHive.fullMessage(for: error))
            return 0
        }
        let failure = failure(of: error, arguments: arguments)
        Terminal.note("openhive: " + Readable.oneLine(failure.message))
        if arguments.contains("--json") {
            Output.json(.record(["error": .string(failure.title), "message": .string(failure.message)]))
        }
        return failure.code.rawValue
    }

    private static func failure(of error: any Error, arguments: [String]) -> CommandError {
        switch error {
        case let error as CommandError: return error
        case let error as HiveError: return CommandError(error)
        case let error as ConfigurationError:
            return CommandError(.failed, error.description, title: "Configuration")
        case is CancellationError: return CommandError(.failed, "Stopped before it was done.")
        default:
            guard OpenHive.exitCode(for: error) == .validationFailure else {
                return CommandError(.failed, OpenHive.message(for: error))
            }
            var sentence = OpenHive.message(for: error)
            if sentence.last == "." { sentence.removeLast() }
            return CommandError(.usage, "\(sentence): see `\(ArgumentOrder.commandPath(arguments)) --help`.")
        }
    }
}
