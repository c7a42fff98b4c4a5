// swift-tools-version: 6.2
import PackageDescription

// Targets stand in dependency order: each imports only what stands above it and is listed in its dependencies.
// `.ci/run` builds with the explicit import check, so an undeclared import is an error, not a habit.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
    // Exclusivity is proven in debug and test builds; in release its dynamic checks cost a third of an event.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// What every event passes through: optimised in debug builds too, as one module each, where the tests run millions of
/// events. Checks stay on.
func hot(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    // With more than one thread whole-module optimisation writes an object file a source, as a debug build links them.
    let whole = ["-O", "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"]
    let optimised: [SwiftSetting] = [.unsafeFlags(whole, .when(configuration: .debug))]
    return .target(name: name, dependencies: dependencies, swiftSettings: settings + optimised)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func nio(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-nio") }

let package = Package(
    name: "rehearse",
    products: [
        .executable(name: "rehearse", targets: ["rehearse"]),
        .library(name: "SlowStorage", type: .dynamic, targets: ["SlowStorage"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        // GNU Scientific Library: distributions, quantiles, special functions.
        .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
        // OpenSSL: one function, SHA-256.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Numbers and Markdown as people read them: the same words on a terminal and in a report. Imports nothing.
        library("Wording"),
        // Named streams of uniforms. Imports nothing.
        hot("Randomness"),
        // The kernel: event list, distributions, tallies. Knows no Redis.
        hot("DiscreteEvent", ["Randomness", "CGSL"]),
        // Numbers in, claims with intervals out. Knows no simulation.
        library("Statistics", ["CGSL", "Randomness"]),
        // The protocol of Redis Cluster as a value: no clock, no socket, no file.
        hot("RedisCluster", ["Randomness"]),
        // Kubernetes' rules as functions of objects: scheduler, binder, controllers.
        library("Kubernetes", ["Randomness"]),
        // What the user said, validated: topology, environment, scenario.
        library("SystemModel", ["DiscreteEvent", "Kubernetes", "RedisCluster"]),
        // Manifests, environment and scenario files in; a SystemModel or diagnostics out.
        library(
            "ModelFile",
            [
                "CCrypto", "SystemModel", "Kubernetes", "DiscreteEvent", "RedisCluster",
                .product(name: "Yams", package: "Yams"),
            ]),
        // The world: processes, network, storage and control plane joined in simulated time.
        hot("ClusterModel", ["SystemModel", "DiscreteEvent", "RedisCluster", "Kubernetes", "Randomness"]),
        // Replications on all cores, summaries, forecasts.
        library(
            "Experiments",
            ["ClusterModel", "SystemModel", "Statistics", "DiscreteEvent", "RedisCluster", "Kubernetes", "Randomness"]),
        // Questions with one answer: what to change, which timeout, who is back when.
        library(
            "Advice",
            [
                "Experiments", "ClusterModel", "SystemModel", "Statistics", "DiscreteEvent", "RedisCluster",
                "Kubernetes", "Randomness",
            ]),
        // How much a system needs and how much it has: memory, files, traffic, threads, and load by simulation.
        hot(
            "Capacity",
            ["SystemModel", "Statistics", "DiscreteEvent", "RedisCluster", "Kubernetes", "Randomness"]),
        // Bytes in, values out: RESP2 and RESP3. No I/O.
        library("RESP"),
        // One connection to one server: SwiftNIO, TLS, AUTH, timeouts.
        library(
            "RedisClient",
            ["RESP", nio("NIOCore"), nio("NIOPosix"), .product(name: "NIOSSL", package: "swift-nio-ssl")]),
        // What was seen of a live cluster, as a value and as a file of JSON lines.
        library("Recording", ["RedisCluster"]),
        // Finds, follows and polls a live cluster's nodes. Only reads.
        library("LiveCluster", ["RedisClient", "RESP", "Recording", "RedisCluster", nio("NIOCore"), nio("NIOPosix")]),
        // A live cluster's numbers for sizing.
        library(
            "LiveCapacity",
            ["RedisClient", "RESP", "RedisCluster", "ModelFile", "SystemModel", "DiscreteEvent"]),
        // Real servers of our own on which sizing's formulas are checked.
        library("CapacityChecks", ["LiveCapacity", "Capacity", "RedisClient", "RESP", "SystemModel"]),
        // Starts a program: the part of glibc that Swift does not see.
        .target(name: "CLaunch"),
        // Preloaded into a lab's servers: storage that is really slow.
        .target(name: "SlowStorage"),
        // A real cluster of our own, and a scenario's faults inflicted on it.
        library(
            "Lab",
            [
                "CLaunch", "LiveCluster", "RedisClient", "RESP", "Recording", "SystemModel", "DiscreteEvent",
                "RedisCluster", "Randomness",
            ]),
        // A recording held against the simulation.
        hot(
            "Replay",
            [
                "Recording", "Experiments", "ClusterModel", "SystemModel", "Statistics", "DiscreteEvent",
                "RedisCluster", "Randomness",
            ]),
        // Results' JSON in, pages for people out; charts by gnuplot. Knows no simulation.
        library("Reports", ["Wording", "Recording"]),
        .executableTarget(
            name: "rehearse",
            dependencies: [
                "Wording", "Reports", "RESP", "RedisClient", "Recording", "LiveCluster", "Lab", "Replay", "Advice",
                "Capacity", "LiveCapacity",
                "ModelFile", "Experiments", "ClusterModel", "SystemModel", "Kubernetes", "RedisCluster", "Statistics",
                "DiscreteEvent", "Randomness", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // Stands in front of glibc's malloc in the benchmark, and counts.
        .target(name: "AllocationCounter"),
        .executableTarget(
            name: "rehearse-bench",
            dependencies: [
                "AllocationCounter", "DiscreteEvent", "Randomness", "ModelFile", "ClusterModel", "SystemModel",
                "Experiments",
            ],
            exclude: ["rivals"],
            swiftSettings: settings),
        .executableTarget(
            name: "measure-capacity", dependencies: ["CapacityChecks", "Capacity", "Lab"],
            swiftSettings: settings),
        tests("DiscreteEventTests", ["DiscreteEvent", "Randomness", "Statistics"]),
        tests("StatisticsTests", ["Statistics", "Randomness"]),
        tests(
            "RedisClusterTests", ["RedisCluster", "Randomness"], resources: [.copy("Fixtures"), .copy("Transcripts")]),
        tests("KubernetesTests", ["Kubernetes", "Randomness"], resources: [.copy("Cases")]),
        tests(
            "ModelFileTests",
            ["ModelFile", "SystemModel", "RedisCluster", "Kubernetes", "DiscreteEvent", "Randomness"]),
        tests(
            "ClusterModelTests",
            ["ClusterModel", "ModelFile", "SystemModel", "Experiments", "Statistics", "RedisCluster", "Randomness"],
            resources: [.copy("Truth")]),
        tests("RESPTests", ["RESP"]),
        tests("RedisClientTests", ["RedisClient", "RESP"]),
        tests("RecordingTests", ["Recording", "RedisCluster"]),
        tests("LiveClusterTests", ["LiveCluster", "Recording", "RedisClient", "RESP", "RedisCluster"]),
        tests(
            "LabTests",
            ["Lab", "Recording", "ModelFile", "SystemModel", "DiscreteEvent", "RedisCluster", "Randomness"]),
        tests(
            "ReplayTests",
            [
                "Replay", "Recording", "Experiments", "ModelFile", "SystemModel", "ClusterModel", "Statistics",
                "RedisCluster",
            ]),
        tests(
            "AdviceTests",
            [
                "Advice", "ClusterModel", "SystemModel", "ModelFile", "Kubernetes", "Statistics", "DiscreteEvent",
                "RedisCluster", "Randomness",
            ]),
        tests(
            "ExperimentTests",
            [
                "Experiments", "ModelFile", "SystemModel", "ClusterModel", "Statistics", "DiscreteEvent", "Randomness",
            ]),
        tests(
            "CapacityTests",
            [
                "Capacity", "LiveCapacity", "CapacityChecks", "ModelFile", "SystemModel", "DiscreteEvent",
                "RedisCluster", "RedisClient", "RESP", "Statistics",
            ]),
        tests("IncidentTests", ["Experiments", "ModelFile", "SystemModel", "Statistics"]),
        tests("ReportTests", ["Reports"]),
        tests("CommandTests", ["Wording"]),
    ]
)
