import ArgumentParser
import Foundation
import HiveNode

/// The options every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: .customLong("data-dir"), help: "Where the instance keeps its data (default ~/.openhive).")
    var dataDirectory: String?

    @Option(help: "The settings file (default openhive.yaml in the data directory).")
    var config: String?

    @Option(help: "Talk to the server at this address instead of the local one.")
    var url: String?

    @Option(name: .customLong("admin-key"), help: "The admin key of the server to talk to, or to serve with.")
    var adminKey: String?

    @Flag(help: "Print JSON for programs instead of text for people.")
    var json = false

    var directory: DataDirectory {
        DataDirectory.locate(flag: dataDirectory, environment: ProcessInfo.processInfo.environment)
    }

    /// The configuration these options and the environment name; throws `ConfigurationError`.
    ///
    /// - Parameter values: Settings given by flags, by key path.
    func configuration(_ values: [String: String] = [:]) throws -> NodeConfiguration {
        let flags = ConfigurationFlags(dataDirectory: dataDirectory, configFile: config, values: values)
        return try NodeConfiguration.load(flags: flags, environment: ProcessInfo.processInfo.environment)
    }
}
