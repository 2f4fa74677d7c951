import HiveModel
import Testing

@testable import HiveNode

@Suite struct ConfigurationTests {
    private let directory = TemporaryDirectory()

    private func load(
        _ yaml: String?,
        flags: [String: String] = [:],
        environment: [String: String] = [:]
    ) throws -> NodeConfiguration {
        if let yaml { _ = try directory.write(yaml, to: "openhive.yaml") }
        return try NodeConfiguration.load(
            flags: ConfigurationFlags(dataDirectory: directory.path, values: flags),
            environment: environment
        )
    }

    private func refusal(
        _ yaml: String?,
        flags: [String: String] = [:],
        environment: [String: String] = [:]
    ) -> ConfigurationError? {
        do {
            _ = try load(yaml, flags: flags, environment: environment)
            return nil
        } catch {
            return error as? ConfigurationError
        }
    }

    @Test("Without file, environment and flags the defaults hold")
    func defaults() throws {
        let settings = try load(nil)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 3000)
        #expect(settings.databasePath == directory.path + "/data/openhive.db")
        #expect(settings.authMode == .local)
        #expect(settings.registration == .open)
        #expect(settings.rateLimit == .init(isEnabled: true, writesMax: 100, readsMax: 1000))
        #expect(settings.sync.isEnabled == false)
        #expect(settings.sync.heartbeatIntervalMs == 30_000)
        #expect(settings.sync.defaults == GroupPolicy())
        #expect(settings.configFile == nil)
    }

    @Test("A flag wins over the environment, that over the file, that over the default")
    func precedence() throws {
        let yaml = "port: 4001\nlog:\n  level: debug\ninstance:\n  name: File\n"
        let environment = ["OPENHIVE_PORT": "4002", "OPENHIVE_INSTANCE_NAME": "Environment"]
        let settings = try load(yaml, flags: ["port": "4003"], environment: environment)
        #expect(settings.port == 4003)
        #expect(settings.instance.name == "Environment")
        #expect(settings.logLevel == "debug")
        #expect(settings.instance.description == "A community for AI agents")
    }

    @Test("Every key can be set by the environment", arguments: ConfigurationTable.keys.map(\.path))
    func environmentNames(path: String) throws {
        let key = try #require(ConfigurationTable.key(path))
        #expect(key.environmentName == "OPENHIVE_" + path.uppercased().replacing(".", with: "_"))
        let text: String =
            switch key.kind {
            case .boolean: "maybe"
            case .integer: "many"
            case .oneOf: "something else"
            case .objects: "[{\"surprise\": 1}]"
            case .string, .strings: "\u{0}"
            }
        guard text != "\u{0}" else { return }
        let error = try #require(refusal(nil, environment: [key.environmentName: text]))
        #expect(error.origin == .environment(key.environmentName))
        #expect(error.key?.hasPrefix(path) == true)
    }

    @Test("An unknown key is refused with its line and the key that was meant")
    func unknownKey() throws {
        let error = try #require(refusal("port: 3000\nrate_limit:\n  maxx: 5\n"))
        #expect(
            error.description.hasSuffix(
                "openhive.yaml:3: There is no setting rate_limit.maxx. "
                    + "Did you mean rate_limit.max?"
            )
        )
        #expect(error.key == "rate_limit.maxx")
    }

    @Test("Names in camel case are read as the same keys")
    func camelCase() throws {
        let settings = try load("rateLimit:\n  maxReads: 7\nsync:\n  syncEndpoint: http://10.0.0.1:3000\n")
        #expect(settings.rateLimit.readsMax == 7)
        #expect(settings.sync.syncEndpoint == "http://10.0.0.1:3000/sync/v1")
        let error = try #require(refusal("rateLimit:\n  max: 7\nrate_limit:\n  max: 8\n"))
        #expect(error.description.contains("rate_limit.max is given twice"))
    }

    @Test("sync.instance_id is an error that says why, in the file and in the environment")
    func instanceID() throws {
        let inFile = try #require(refusal("sync:\n  enabled: true\n  instance_id: inst_x\n"))
        #expect(inFile.description.contains("openhive.yaml:3"))
        #expect(inFile.message.contains("derived from the identity key"))
        let inEnvironment = try #require(refusal(nil, environment: ["OPENHIVE_SYNC_INSTANCE_ID": "inst_x"]))
        #expect(inEnvironment.message.contains("derived from the identity key"))
    }

    @Test("Peers are a list of objects, checked member by member")
    func peers() throws {
        let yaml = """
            sync:
              peers:
                - name: B
                  sync_endpoint: https://b.example.org/
                  shared_hives: [engineering, general]
            """
        let settings = try load(yaml)
        #expect(
            settings.sync.peers == [
                .init(
                    name: "B",
                    syncEndpoint: "https://b.example.org/sync/v1",
                    sharedHives: ["engineering", "general"]
                )
            ]
        )
        let lacking = try #require(refusal("sync:\n  peers:\n    - name: B\n      shared_hives: [x]\n"))
        #expect(lacking.description.contains("openhive.yaml:3: This entry of sync.peers lacks sync_endpoint."))
        let unknown = try #require(refusal("sync:\n  peers:\n    - name: B\n      port: 3\n"))
        #expect(unknown.key == "sync.peers.port")
        let json = "[{\"name\": \"B\", \"sync_endpoint\": \"http://10.0.0.1\", \"shared_hives\": [\"x\"]}]"
        let fromEnvironment = try load("", environment: ["OPENHIVE_SYNC_PEERS": json])
        #expect(fromEnvironment.sync.peers.map(\.name) == ["B"])
    }

    @Test("JSON is read too")
    func json() throws {
        let settings = try load("{\"port\": 0, \"cors\": {\"origin\": [\"https://a.example\"]}}")
        #expect(settings.port == 0)
        #expect(settings.cors.origins == ["https://a.example"])
    }

    @Test("Local mode is refused where others can connect, and is not the default there")
    func localMode() throws {
        let elsewhere = try load("host: 0.0.0.0\n")
        #expect(elsewhere.authMode == .token)
        #expect(elsewhere.registration == .invite)
        let error = try #require(refusal("host: 192.168.1.5\nauth:\n  mode: local\n"))
        #expect(error.description.contains("openhive.yaml:3"))
        #expect(error.message.contains("auth.mode token, or host 127.0.0.1"))
    }

    @Test(
        "What can't be used is refused with a sentence",
        arguments: [
            ("port: 70000\n", "port is an integer from 0 to 65535, not \"70000\""),
            ("port: abc\n", "not \"abc\""),
            ("rate_limit: 5\n", "rate_limit holds further keys"),
            ("registration: maybe\n", "one of open, invite, closed"),
            ("admin:\n  key: short\n", "at least 16 characters"),
            ("sync:\n  handshake_secret: short\n", "at least 16 bytes"),
            ("sync:\n  allowed_networks: [10.0.0.0]\n", "such as 10.0.0.0/8"),
            ("sync:\n  sync_endpoint: ftp://x\n", "https://hive.example.org/sync/v1"),
            ("instance:\n  url: nonsense\n", "https://hive.example.org"),
            ("port: 1\nport: 2\n", "twice"),
            ("port: [1\n", "not YAML"),
            ("- 1\n- 2\n", "keys and values"),
            ("sync:\n  peers: b\n", "begin each entry with a dash"),
            ("federation:\n  enabled: true\n", "not supported by this version"),
        ]
    )
    func refused(yaml: String, expected: String) throws {
        let error = try #require(refusal(yaml))
        #expect(error.description.contains(expected))
        #expect(error.description.contains("openhive.yaml:"))
    }

    @Test("A secret is not repeated in the error about it")
    func secretsStaySecret() throws {
        let error = try #require(refusal(nil, environment: ["OPENHIVE_ADMIN_KEY": "hunter2"]))
        #expect(!error.description.contains("hunter2"))
        #expect(error.description.contains("OPENHIVE_ADMIN_KEY"))
    }

    @Test("A file that is named must exist; one that isn't need not")
    func namedFile() throws {
        let flags = ConfigurationFlags(dataDirectory: directory.path, configFile: directory.path + "/none.yaml")
        #expect(throws: ConfigurationError.self) { try NodeConfiguration.load(flags: flags, environment: [:]) }
    }

    @Test("An environment name that is no setting is told, not obeyed")
    func unknownEnvironment() throws {
        let settings = try load(nil, environment: ["OPENHIVE_PRT": "1", "OPENHIVE_HOME": "/x"])
        #expect(settings.warnings.count == 1)
        #expect(settings.warnings.first?.contains("OPENHIVE_PRT") == true)
    }

    @Test("The file that init writes is read back: empty as it stands, and with what was given")
    func ownFile() throws {
        #expect(try load(ConfigurationDocument.file()).port == 3000)
        let given: [(path: String, value: ConfigurationValue)] = [
            ("instance.name", .string("Alpha: \"one\"")), ("port", .integer(4100)), ("sync.enabled", .boolean(true)),
        ]
        let settings = try load(ConfigurationDocument.file(given: given))
        #expect(settings.instance.name == "Alpha: \"one\"")
        #expect(settings.port == 4100)
        #expect(settings.sync.isEnabled)
    }

    @Test("Every commented key of that file is a setting once uncommented")
    func uncommented() throws {
        let lines = ConfigurationDocument.file().split(separator: "\n", omittingEmptySubsequences: false)
        let settings = lines.compactMap { line -> Substring? in
            guard line.hasPrefix("# ") else { return nil }
            let rest = line.dropFirst(2)
            let bare = rest.drop { $0 == " " }
            return bare.hasPrefix("#") || !bare.contains(":") || bare.hasPrefix("Settings") || bare.hasPrefix("Each")
                ? nil : rest
        }
        let text = settings.filter { !$0.hasSuffix(": ") }.joined(separator: "\n")
        #expect(try load(text).rateLimit.writesMax == 100)
    }

    @Test("What is advertised follows the bound port, and nothing is where the host is a wildcard")
    func advertised() throws {
        let on = ["sync.enabled": "true"]
        #expect(try load(nil, flags: on).advertisedEndpoint(boundPort: 4711) == "http://127.0.0.1:4711/sync/v1")
        let wildcard = try load("host: 0.0.0.0\n", flags: on)
        #expect(wildcard.advertisedEndpoint(boundPort: 4711) == nil)
        let named = try load("host: 0.0.0.0\nsync:\n  sync_endpoint: https://hive.example.org\n", flags: on)
        #expect(named.advertisedEndpoint(boundPort: 4711) == "https://hive.example.org/sync/v1")
        #expect(try load("").advertisedEndpoint(boundPort: 1) == nil)
    }
}
