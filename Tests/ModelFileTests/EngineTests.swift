import RedisCluster
import SystemModel
import Testing

@testable import ModelFile

/// `engine`: which rules, defaults and directives it brings.
struct EngineTests {
    private func model(_ overrides: String...) throws -> SystemModel {
        try ScratchModel(copyOf: "six-processes").read(overrides).model
    }

    @Test(arguments: Engine.allCases) func eachCanBeAsked(_ engine: Engine) throws {
        let model = try model("engine=\(engine.rawValue)")
        #expect(model.engine == engine)
        #expect(model.conf.disklessSync == (engine != .redis62))
        let isValkey = engine == .valkey8 || engine == .valkey9
        #expect(model.conf.replicationBacklogBytes == (isValkey ? 10 << 20 : 1 << 20))
    }

    @Test func directivesWinOverTheDefaults() throws {
        let model = try model("engine=redis:6.2", "repl-diskless-sync=yes")
        #expect(model.conf.disklessSync)
    }

    @Test func directivesOfOneVersion() throws {
        let conf = try model(
            "engine=valkey:9", "shutdown-on-sigterm=save failover", "cluster-manual-failover-timeout=800",
            "cluster-databases=2"
        ).conf
        #expect(conf.failoverAtShutdown)
        #expect(conf.manualFailoverTimeout == 800)
        #expect(try !model("engine=valkey:9", "shutdown-on-sigterm=nosave").conf.failoverAtShutdown)
        #expect(try !model("engine=redis:7.0", "shutdown-on-sigterm=save").conf.failoverAtShutdown)
    }

    @Test(arguments: [
        ("redis:7.2.4-alpine", Engine.redis72), ("docker.io/bitnami/redis-cluster:6.2", .redis62),
        ("redis:7@sha256:00", .redis74), ("valkey/valkey:9-bookworm", .valkey9), ("redis:v7.0.15", .redis70),
        ("redis:5.0.7", nil), ("valkey/valkey:8.1", nil),
    ])
    func imagesTellTheVersion(image: String, engine: Engine?) throws {
        #expect(try #require(ImageVersion(of: image)).engine == engine)
    }

    @Test(arguments: ["redis", "redis:latest", "registry:5000/redis", "nginx:1.25", "", ":7", "redis:alpine"])
    func imagesThatTellNothing(image: String) { #expect(ImageVersion(of: image) == nil) }

    @Test func theImageDecidesWhereNobodySays() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace("image: redis\n", by: "image: redis:7.2.4-alpine\n", in: "kubernetes/redis.yaml")
        let told = try ModelReader.read(directory: model.path)
        let warning = "its image holds redis 7.2.4, and the forecasts follow redis:7.0"
        #expect(told.model.engine == .redis70)
        #expect(told.checkReport().findings.contains { $0.sentence.contains(warning) })
        try model.replace("  engine: redis:7.0\n", by: "", in: "environment.yaml")
        let untold = try ModelReader.read(directory: model.path)
        #expect(untold.model.engine == .redis72)
        #expect(untold.assumed.contains { $0.text == "redis:7.2, as image redis:7.2.4-alpine says" })
        #expect(!untold.checkReport().findings.contains { $0.sentence.contains("its image holds") })
    }

    @Test(arguments: [
        ("redis:7.0", "cluster-manual-failover-timeout=800", "redis-server 7.0 would not start with it"),
        ("redis:6.2", "shutdown-timeout=5", "redis-server 6.2 would not start with it"),
        ("valkey:8", "cluster-databases=2", "valkey-server 8 would not start with it"),
        ("redis:7.4", "shutdown-on-sigterm=failover", "the server takes default, save, nosave, now, force;"),
        (
            "valkey:9", "shutdown-on-sigterm=perhaps",
            "the server takes default, save, nosave, now, force, safe, failover"
        ),
    ])
    func directivesOfOtherVersions(engine: String, directive: String, why: String) throws {
        let error = #expect(throws: ModelError.self) { try model("engine=\(engine)", directive) }
        #expect(error?.description.contains(why) == true, "\(String(describing: error))")
    }

    @Test func serversAreKnownByTheirVersion() {
        let known: [(String, String, Engine?)] = [
            ("redis", "6.2.5", .redis62), ("redis", "7.0.15", .redis70), ("redis", "7.2.4", .redis72),
            ("redis", "7.4.1", .redis74), ("valkey", "7.2.7", .redis72), ("valkey", "8.0.1", .valkey8),
            ("valkey", "9.1.2", .valkey9), ("Valkey", "9.1", .valkey9),
            // Between two of them, or not looked at.
            ("valkey", "8.1.0", nil), ("valkey", "9.0.0", nil), ("redis", "6.0.16", nil), ("redis", "8.0.0", nil),
            ("redis", "7", nil), ("redis", "", nil), ("keydb", "6.3.4", nil), ("redis", "7.x.1", nil),
        ]
        for (product, version, engine) in known {
            #expect(Engine(product: product, version: version) == engine, "\(product) \(version)")
        }
    }

    @Test func theOldestRulesAreNotTheNewest() {
        let rules = Engine.allCases.map(\.rules)
        for (index, one) in rules.enumerated() {
            for other in rules[(index + 1)...] { #expect(one != other) }
        }
        #expect(Engine.redis70.rules == EngineRules())
    }
}
