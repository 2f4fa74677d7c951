import Foundation
import HiveCrypto
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
        let directory = options.directory
        guard !directory.isInitialized else {
            throw HiveError(
                .conflict,
                "There is an instance in \(directory.root) already: start it with openhive serve, or name another --data-dir."
            )
        }
        try directory.createFiles(settings: options.settings)
        let flags = ConfigurationFlags(dataDirectory: directory.root)
        let configuration = try NodeConfiguration.load(flags: flags, environment: [:])
        let parts = try await NodeParts.open(configuration, logger: NodeLog.logger(level: "warning"))
        let instance = parts.local.instance
        await parts.close()
        try directory.mark()
        return InitializedDirectory(directory: directory, instance: instance, configFile: directory.configFile)
    }

    /// Folders, identity key and settings, each where it is missing.
    func createFiles(settings: [(path: String, value: ConfigurationValue)]) throws {
        try createFolders()
        do {
            let keys = try IdentityKeyStore(directory: keysDirectory)
            if !keys.hasIdentity { _ = try keys.createIdentity() }
        } catch {
            throw HiveError(.unavailable, error.message)
        }
        guard !FileManager.default.fileExists(atPath: configFile) else { return }
        try Self.write(Array(ConfigurationDocument.file(given: settings).utf8), to: configFile, isPrivate: true)
    }

    /// The directory is complete.
    func mark() throws {
        try Self.write(Array("OpenHive keeps an instance here.\n".utf8), to: markerFile, isPrivate: false)
    }
}
