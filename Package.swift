// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func product(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package)
}

let collections = product("OrderedCollections", "swift-collections")
let deque = product("DequeModule", "swift-collections")
let crypto = product("Crypto", "swift-crypto")
let grdb = product("GRDB", "GRDB.swift")
let hummingbird = product("Hummingbird", "hummingbird")
let hummingbirdCore = product("HummingbirdCore", "hummingbird")
let httpTypes = product("HTTPTypes", "swift-http-types")
let nioCore = product("NIOCore", "swift-nio")
let nioPosix = product("NIOPosix", "swift-nio")
let nioHTTP1 = product("NIOHTTP1", "swift-nio")
let nioSSL = product("NIOSSL", "swift-nio-ssl")
let nioFoundation = product("NIOFoundationCompat", "swift-nio")
let asyncHTTPClient = product("AsyncHTTPClient", "async-http-client")
let asyncAlgorithms = product("AsyncAlgorithms", "swift-async-algorithms")
let logging = product("Logging", "swift-log")
let unixSignals = product("UnixSignals", "swift-service-lifecycle")
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle")
let argumentParser = product("ArgumentParser", "swift-argument-parser")

/// Targets below the pure line: no I/O, no clock, no randomness, no Foundation.
let pureTargets: [Target] = [
    .target(name: "HiveModel", swiftSettings: settings),
    .target(name: "HiveSync", dependencies: ["HiveModel", collections, deque], swiftSettings: settings),
    .target(name: "HiveWire", dependencies: ["HiveModel", "HiveSync"], swiftSettings: settings),
    .target(name: "HivePorts", dependencies: ["HiveModel", "HiveSync", "HiveWire"], swiftSettings: settings),
    .target(name: "HiveSimulation", dependencies: ["HiveModel", "HiveSync", "HiveWire"], swiftSettings: settings),
    .executableTarget(
        name: "hive-sim",
        dependencies: ["HiveModel", "HiveSync", "HiveSimulation"],
        swiftSettings: settings
    ),
]

let shellTargets: [Target] = [
    .target(name: "HiveCrypto", dependencies: ["HiveModel", crypto], swiftSettings: settings),
    .target(name: "HiveImport", dependencies: ["HiveModel", "HivePorts"], swiftSettings: settings),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CSQLiteShim", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(
        name: "HiveStore",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "CSQLiteShim", grdb,
            product("GRDBSQLite", "GRDB.swift"), collections,
        ],
        swiftSettings: settings
    ),
    .target(
        name: "HiveHTTP",
        dependencies: [
            "HiveModel", "HiveWire", "HivePorts", hummingbird, hummingbirdCore, httpTypes, nioCore, nioPosix, nioHTTP1,
            logging,
            nioSSL, asyncHTTPClient,
        ],
        swiftSettings: settings
    ),
    .target(
        name: "HivePeering",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveCrypto", "HiveHTTP", hummingbird, httpTypes, nioCore,
            logging, asyncHTTPClient, asyncAlgorithms, lifecycle, deque,
        ],
        swiftSettings: settings
    ),
    .target(
        name: "HiveAPI",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveHTTP", hummingbird, httpTypes, nioCore, logging,
        ],
        swiftSettings: settings
    ),
    .target(
        name: "HiveNode",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveCrypto", "HiveStore", "HiveHTTP", "HivePeering",
            "HiveAPI", hummingbird, hummingbirdCore, nioCore, nioPosix, logging, lifecycle, unixSignals,
            deque, product("Yams", "Yams"),
        ],
        swiftSettings: settings
    ),
    .executableTarget(
        name: "openhive",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveImport", "HiveNode", "CZlib", argumentParser,
            asyncHTTPClient, nioCore, nioFoundation, nioHTTP1, nioSSL, nioPosix, logging, lifecycle, unixSignals,
        ],
        resources: [.embedInCode("Resources/stories.json.gz")],
        swiftSettings: settings
    ),
]

/// Yardsticks and the storage seam, measured by `make bench`; not part of what is installed.
let benchmarkTargets: [Target] = [
    .executableTarget(
        name: "hive-bench",
        dependencies: [
            "HiveModel", "HiveSync", "HivePorts", "HiveCrypto", "HiveNode", product("GRDBSQLite", "GRDB.swift"),
        ],
        path: "Benchmarks/HiveBench",
        swiftSettings: settings
    )
]

let testTargets: [Target] = [
    .target(
        name: "HiveTestKit",
        dependencies: ["HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveCrypto"],
        path: "Tests/HiveTestKit",
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveModelTests",
        dependencies: ["HiveModel", "HiveCrypto", "HiveTestKit"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveSyncTests",
        dependencies: ["HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveTestKit", "HiveCrypto"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveWireTests",
        dependencies: ["HiveModel", "HiveSync", "HiveWire", "HiveTestKit", "HiveCrypto"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveSimulationTests",
        dependencies: ["HiveModel", "HiveSync", "HiveWire", "HiveSimulation"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "SimulationOnSQLiteTests",
        dependencies: ["HiveModel", "HiveSync", "HiveStore", "HiveSimulation", "HiveTestKit", "HiveCrypto"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveStoreTests",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveStore", "HiveTestKit", "HiveCrypto", grdb,
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveAPITests",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveHTTP", "HiveAPI", hummingbird, httpTypes, nioCore,
            logging, hummingbirdCore, product("NIOEmbedded", "swift-nio"),
            product("HummingbirdTesting", "hummingbird"),
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveNodeTests",
        dependencies: [
            "HiveModel", "HiveSync", "HiveWire", "HivePorts", "HiveHTTP", "HivePeering", "HiveNode", "HiveStore",
            "HiveTestKit", "HiveCrypto", "HiveImport", hummingbird, httpTypes, nioCore, nioHTTP1, asyncHTTPClient,
            argumentParser, logging, lifecycle, grdb,
            product("HummingbirdTesting", "hummingbird"), "openhive",
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "HiveImportTests",
        dependencies: ["HiveModel", "HivePorts", "HiveImport"],
        swiftSettings: settings
    ),
    .testTarget(name: "TidyTests", swiftSettings: settings),
]

let package = Package(
    name: "openhive",
    products: [.executable(name: "openhive", targets: ["openhive"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: pureTargets + shellTargets + benchmarkTargets + testTargets
)
