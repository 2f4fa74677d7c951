/// What was typed on the command line.
///
/// Values are texts as typed; nil and absent leave the setting to the environment, the file and the default.
public struct ConfigurationFlags: Hashable, Sendable {
    /// `--data-dir`.
    public var dataDirectory: String?
    /// `--config`: this file and no other; it must exist.
    public var configFile: String?
    /// Key path to text: `["port": "0", "sync.enabled": "true"]`.
    public var values: [String: String]

    public init(dataDirectory: String? = nil, configFile: String? = nil, values: [String: String] = [:]) {
        self.dataDirectory = dataDirectory
        self.configFile = configFile
        self.values = values
    }

    /// How the flag of a key is called: `--sync-endpoint` for `sync.sync_endpoint`, `--rate-limit-max`.
    public static func flagName(_ path: String) -> String {
        switch path {
        case "sync.enabled": "--sync"
        case "sync.sync_endpoint": "--sync-endpoint"
        case "instance.name": "--name"
        default: "--" + path.replacing(".", with: "-").replacing("_", with: "-")
        }
    }
}
