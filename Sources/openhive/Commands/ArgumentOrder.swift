import ArgumentParser

/// Lets the global options stand before the command as well: `openhive --json sync status`.
enum ArgumentOrder {
    private static let withValue = ["--data-dir", "--config", "--url", "--admin-key"]

    /// Moves global options that precede the command behind everything else (before a `--`).
    static func globalsLast(_ arguments: [String]) -> [String] {
        var globals: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if argument == "--json" || withValue.contains(where: { argument.hasPrefix($0 + "=") }) {
                globals.append(argument)
                index += 1
            } else if withValue.contains(argument), index + 1 < arguments.count {
                globals += arguments[index...(index + 1)]
                index += 2
            } else {
                break
            }
        }
        let rest = arguments[index...]
        guard !globals.isEmpty, !rest.isEmpty else { return arguments }
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return Array(rest[..<end]) + globals + Array(rest[end...])
    }

    /// The command a line names, as typed: `openhive sync status`.
    static func commandPath(_ arguments: [String]) -> String {
        var path = ["openhive"]
        var commands: [any ParsableCommand.Type] = OpenHive.configuration.subcommands
        for argument in arguments {
            guard let next = commands.first(where: { $0._commandName == argument }) else { break }
            path.append(argument)
            commands = next.configuration.subcommands
        }
        return path.joined(separator: " ")
    }
}
