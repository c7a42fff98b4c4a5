import DiscreteEvent
import Foundation
import Kubernetes
import RedisCluster
import SystemModel
import Testing

@testable import ModelFile

/// `--set KEY=VALUE`.
struct OverrideTests {
    private func model(_ name: String, _ overrides: String...) throws -> SystemModel {
        try ScratchModel(copyOf: name).read(overrides).model
    }

    @Test func directives() throws {
        let conf = try model(
            "two-nodes-six-pods", "cluster-node-timeout=2000", "save=", "cluster-slave-validity-factor=0",
            "repl-backlog-size=2mb"
        ).conf
        #expect(conf.nodeTimeout == 2000)
        #expect(!conf.savePoints)
        #expect(conf.replicaValidityFactor == 0)
        #expect(conf.replicationBacklogBytes == 2 << 20)
        #expect(try model("six-processes", "save=3600 1 300 100").conf.savePoints)
    }

    @Test func clusterOfProcesses() throws {
        let larger = try model("six-processes", "cluster.masters=50", "cluster.replicas-per-master=1")
        #expect(larger.shape.nodes == 100)
        guard case .processes(let deployment) = larger.deployment else { return }
        #expect(deployment.placement == [Int](repeating: 0, count: 100))
    }

    /// Five masters on two hosts: the first three on a; each replica where its master is not.
    @Test func placementByRule() throws {
        guard case .processes(let deployment) = try model("two-hosts", "cluster.masters=5").deployment else { return }
        #expect(deployment.placement == [0, 0, 0, 1, 1] + [1, 1, 1, 0, 0])
        let shape = ClusterShape(masters: 3, replicasPerMaster: 2)
        #expect(HostPlacement.byRule(shape, hosts: 3) == [0, 1, 2] + [1, 2, 0] + [2, 0, 1])
        #expect(HostPlacement.byRule(ClusterShape(masters: 3, replicasPerMaster: 1), hosts: 2) == [0, 0, 1, 1, 1, 0])
    }

    @Test func clusterOfPods() throws {
        let larger = try model("two-nodes-six-pods", "cluster.masters=4")
        #expect(larger.shape == ClusterShape(masters: 4, replicasPerMaster: 1))
        guard case .kubernetes(let deployment) = larger.deployment else { return }
        #expect(deployment.objects.statefulSets.map(\.replicas) == [8] && deployment.statefulSet.replicas == 8)
    }

    @Test func environment() throws {
        let environment = try model(
            "six-on-nfs", "environment.nfs.rtt=5ms", "environment.load=60", "environment.nfs.export=async",
            "environment.disk.sync=lognormal(p50 4ms, p99 90ms)", "environment.process.startUp=constant(20ms)",
            "environment.nfs.commit.lognormal.p99=4ms"
        ).environment
        #expect(environment.nfs.rtt == .constant(5e6))
        #expect(environment.load == 60)
        #expect(environment.nfs.export == .async)
        #expect(environment.disk.sync == .lognormal(p50: 4e6, p99: 90e6))
        #expect(environment.process.startUp == .constant(20e6))
        #expect(environment.nfs.commit == .lognormal(p50: 300_000, p99: 4e6))
        #expect(environment.provenance.first { $0.path == "nfs.rtt" }?.source == "--set")
    }

    @Test func version() throws {
        guard case .kubernetes(let deployment) = try model("two-nodes-six-pods", "kubernetes=current").deployment else {
            return
        }
        #expect(deployment.version == .current)
    }

    @Test func scenarioParameters() throws {
        let loaded = try ShippedModels.read("six-on-nfs")
        let scenario = try loaded.scenario(
            named: "nfs-outage", overrides: ["scenario.kind=drop", "scenario.target=all", "scenario.for=20s"])
        #expect(scenario.timeline.map(\.action) == [.nfs(.drop, .all, duration: 20_000_000_000)])
        #expect(scenario.parameters.map(\.value) == ["drop", "all", "20s"])
        let forever = try ShippedModels.read("six-processes").scenario(named: "freeze-master")
        #expect(forever.timeline.map(\.action) == [.freeze(.masters(count: 1), duration: nil)])
        let host = try ShippedModels.read("two-hosts").scenario(named: "cut-host", overrides: ["scenario.host=a"])
        #expect(host.timeline.map(\.action) == [.cutNode(.node("a"), duration: 60_000_000_000)])
    }

    @Test(arguments: [
        (
            "cluster-node-timeot=5",
            "--set cluster-node-timeot=5: unknown key \"cluster-node-timeot\": a key is engine, "
                + "kubernetes, cluster.masters, cluster.replicas-per-master, environment.PATH, scenario.NAME or a "
                + "directive of "
                + "redis.conf; did you mean \"cluster-node-timeout\"?"
        ),
        (
            "cluster-node-timeout=5s",
            "--set cluster-node-timeout=5s: cluster-node-timeout 5s: redis-server takes a whole "
                + "number without a unit; write a number"
        ),
        (
            "nonsense",
            "--set nonsense: no KEY=VALUE: a key, an equals sign and a value are needed; write --set "
                + "cluster-node-timeout=2000"
        ),
        (
            "engine=redis:7.1",
            "--set engine=redis:7.1: \"redis:7.1\" as engine: it must be one of redis:6.2, redis:7.0, redis:7.2, "
                + "redis:7.4, valkey:8, valkey:9; did you mean \"redis:7.0\"?"
        ),
        (
            "environment.nfs.rt=5ms",
            "--set environment.nfs.rt=5ms: unknown key \"rt\" in the nfs section: a misspelt key "
                + "would silently change nothing; did you mean \"rtt\"?"
        ),
        (
            "environment.nfs.rtt=5",
            "--set environment.nfs.rtt=5: \"5\" as nfs.rtt: a time needs its unit; write 5ms or 5s, "
                + "whichever is meant"
        ),
        (
            "environment.nfs.rtt=normal(1ms)",
            "--set environment.nfs.rtt=normal(1ms): \"normal(1ms)\" as nfs.rtt: there is "
                + "no distribution \"normal\"; write one of the known distributions: constant, uniform, "
                + "exponential, lognormal, "
                + "gamma, weibull, quantiles"
        ),
        (
            "environment.load=-1",
            "--set environment.load=-1: \"-1\" as load: a number of writes per second and master from 0 to "
                + "1000000 is needed, "
                + "without a unit; write such a number"
        ),
        (
            "environment.engine.x=1",
            "--set environment.engine.x=1: the path engine.x: it runs through a single value; name "
                + "the value itself"
        ),
        (
            "cluster.masters=0",
            "--set cluster.masters=0: \"0\" as masters: a whole number from 1 to 1000 is needed; write a "
                + "number such as 1"
        ),
        (
            "kubernetes=1.17",
            "--set kubernetes=1.17: a Kubernetes version in a model without manifests: its processes run "
                + "on bare hosts; leave it out, or add kubernetes/ with the manifests"
        ),
    ])
    func refuses(override: String, expected: String) throws {
        let error = #expect(throws: ModelError.self) { try ShippedModels.read("six-on-nfs", [override]) }
        #expect(error?.description == expected)
    }

    @Test func refusesUndeclaredParameters() throws {
        let loaded = try ShippedModels.read("six-on-nfs")
        let error = #expect(throws: ModelError.self) {
            try loaded.scenario(named: "nfs-outage", overrides: ["scenario.fro=5s"])
        }
        #expect(
            error?.description
                == "--set scenario.fro=5s: no parameter \"fro\": the scenario declares kind, target, for; did you "
                + "mean \"for\"?"
        )
    }

    @Test func knowsUnmodelledDirectives() throws {
        let loaded = try ShippedModels.read("six-processes", ["maxmemory=1gb"])
        #expect(loaded.ignored.map(\.path) == ["redis.conf: maxmemory"])
    }
}
