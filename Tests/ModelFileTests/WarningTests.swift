import DiscreteEvent
import Foundation
import RedisCluster
import SystemModel
import Testing

@testable import ModelFile

/// What is no error, and does something else than one may think.
struct WarningTests {
    private func warnings(_ model: String, _ overrides: String...) throws -> [String] {
        try ScratchModel(copyOf: model).read(overrides).warnings.map(\.description)
    }

    @Test func ineffectiveSettings() throws {
        #expect(
            try warnings("six-processes", "maxmemory=1gb") == [
                "--set maxmemory=1gb: changes nothing: maxmemory is a directive that the model doesn't follow; "
                    + "leave it out"
            ])
        #expect(try warnings("six-processes", "environment.nfs.rtt=5ms").first?.contains("local disks") == true)
        #expect(try warnings("six-on-nfs", "environment.disk.sync=5ms").first?.contains("on NFS") == true)
        #expect(
            try warnings("six-processes", "environment.kubernetesTimings.podStart=5s").first?.contains("bare") == true)
        #expect(try warnings("six-on-nfs", "environment.nfs.rtt=5ms", "cluster-node-timeout=2000") == [])
    }

    @Test func setTwice() throws {
        let model = try ScratchModel(copyOf: "six-processes")
        let loaded = try model.read(["cluster-node-timeout=2000", "environment.load=3", "cluster-node-timeout=9000"])
        #expect(loaded.model.conf.nodeTimeout == 9000)
        #expect(
            loaded.warnings.map(\.description) == [
                "--set cluster-node-timeout=2000: set twice: the last one counts, --set cluster-node-timeout=9000; "
                    + "leave one out"
            ])
    }

    /// Nine pods without a word about their roles.
    private func ninePods() throws -> ScratchModel {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try FileManager.default.removeItem(atPath: "\(model.path)/environment.yaml")
        try model.replace("replicas: 6", by: "replicas: 9", in: "kubernetes/redis.yaml")
        return model
    }

    @Test func shapeIsSaidAloud() throws {
        let loaded = try ninePods().read()
        #expect(loaded.model.shape == ClusterShape(masters: 3, replicasPerMaster: 2).asCreatedByRedisCLI)
        let warning = try #require(loaded.warnings.first?.description)
        #expect(warning.contains("9 pods are taken for 3 masters with 2 replicas each"))
        #expect(warning.contains("cluster: {masters: 3, replicasPerMaster: 2}"))
        // All of its durations are built in, and nobody measured them.
        #expect(loaded.guessed.count > 20)
    }

    @Test(arguments: [
        "command: [redis-cli, --cluster, create, --cluster-replicas, '0']",
        "command: [sh, -c, 'redis-cli --cluster create $HOSTS --cluster-replicas 0 --cluster-yes']",
        "env: [{name: REDIS_CLUSTER_REPLICAS, value: '0'}]",
    ])
    func shapeFromTheCreatingJob(container: String) throws {
        let model = try ninePods()
        try model.write(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: create}\n"
                + "spec: {template: {spec: {containers: [{name: c, \(container)}]}}}\n",
            to: "kubernetes/create-job.yaml")
        let loaded = try model.read()
        #expect(loaded.model.shape == ClusterShape(masters: 9, replicasPerMaster: 0))
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.assumed.contains { $0.subject == "cluster" && $0.place != nil })
    }

    @Test func podsThatNeverStart() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let larger = try model.read(["cluster.masters=4"]).model
        let warnings = PodsThatWait.warnings(of: larger, path: "here").map(\.description)
        #expect(warnings.count == 1 && warnings[0].hasPrefix("here:1:1: 2 of 8 pods never start, redis-app-6 first"))
        #expect(PodsThatWait.warnings(of: try model.read().model, path: "here").isEmpty)
    }

    /// What `check --starter` prints is read back as the model that it was printed of.
    @Test(arguments: ["two-nodes-six-pods", "six-processes", "six-on-nfs"])
    func starter(name: String) throws {
        let model = try ScratchModel(copyOf: name)
        if name == "two-nodes-six-pods" {
            try FileManager.default.removeItem(atPath: "\(model.path)/environment.yaml")
            // As a shell leaves it that is about to write the file.
            try model.write("", to: "environment.yaml")
        }
        let before = try model.read()
        let text = StarterEnvironment.text(of: before.model)
        // Of bare processes it doesn't say the hosts and the storage.
        let extra = name == "six-on-nfs" ? "  storage: nfs\n" : ""
        try model.write(text + extra, to: "environment.yaml")
        let after = try model.read()
        #expect(after.model.shape == before.model.shape)
        let relevant = { (loaded: LoadedModel) in
            loaded.model.environment.provenance.filter { Understanding.isRelevant($0.path, loaded.model) }
                .map { "\($0.path)=\($0.value)" }
        }
        #expect(relevant(after) == relevant(before))
        #expect(after.warnings.isEmpty)
    }

    @Test func delaysOfAcknowledgementsAreOfLoopback() throws {
        let pods = try ninePods().read().model
        #expect(!pods.environment.network.delayedAcknowledgements)
        let scratch = try ScratchModel()
        let header = "apiVersion: rehearse/v1\nkind: Environment\nmetadata: {name: x}\n"
        try scratch.write(header, to: "environment.yaml")
        #expect(try scratch.read().model.environment.network.delayedAcknowledgements)
        try scratch.write(header + "spec: {hosts: [{name: a}, {name: b}]}\n", to: "environment.yaml")
        #expect(try !scratch.read().model.environment.network.delayedAcknowledgements)
    }

    @Test func releaseOfTheNodes() throws {
        func model(_ version: String) throws -> ScratchModel {
            let model = try ScratchModel(copyOf: "two-nodes-six-pods")
            try model.replace("    version: \"1.17\"\n", by: "", in: "environment.yaml")
            try model.replace("    nodeMonitorGrace:", by: "    # nodeMonitorGrace:", in: "environment.yaml")
            let text = try String(contentsOfFile: "\(model.path)/kubernetes/nodes.yaml", encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter {
                !$0.contains("kubeletVersion") && !$0.contains("nodeInfo")
            }
            try model.write(
                lines.joined(separator: "\n")
                    .replacingOccurrences(of: "status:\n", with: "status:\n  nodeInfo: {kubeletVersion: \(version)}\n"),
                to: "kubernetes/nodes.yaml")
            return model
        }
        for (version, grace) in [("v1.29.4", 40e9), ("v1.32.0", 50e9), ("v1.17.3", 40e9)] {
            let read = try model(version).read().model
            #expect(read.environment.kubernetes.nodeMonitorGrace == .constant(grace), "\(version)")
        }
        #expect(try model("banana").errors().first?.contains("the kubeletVersion \"banana\"") == true)
    }
}
