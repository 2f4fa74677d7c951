public import HiveModel
import HivePorts

/// How a data directory is to be made.
public struct InitializeOptions: Sendable {
    public var directory: DataDirectory
    /// Written into `openhive.yaml`; all other settings stand there commented out.
    public var settings: [(path: String, value: ConfigurationValue)]

    public init(directory: DataDirectory, settings: [(path: String, value: ConfigurationValue)] = []) {
        self.directory = directory
        self.settings = settings
    }
}

/// A data directory just made.
public struct InitializedDirectory: Sendable {
    public var directory: DataDirectory
    public var instance: InstanceID
    public var configFile: String

    public init(directory: DataDirectory, instance: InstanceID, configFile: String) {
        self.directory = directory
        self.instance = instance
        self.configFile = configFile
    }
}

extension DataDirectory {
    /// Makes folders, identity key, settings, database, the agent `local` and the hive `general`.
    ///
    /// A start that was interrupted is completed; a directory that is complete throws `HiveError(.conflict)` and is
    /// left as it is.
    public static func initialize(_ options: InitializeOptions) async throws -> InitializedDirectory {
        throw HiveError(.internalFault, "Not built yet.")
    }
}
