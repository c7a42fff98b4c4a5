import Foundation
import Kubernetes
import RedisCluster
import SystemModel
import Testing

@testable import ModelFile

/// The shipped models read without an error, and mean what they are meant to mean.
struct ShippedModelTests {
    @Test(arguments: ShippedModels.names + ShippedModels.incidents)
    func readsWithAllItsScenarios(name: String) throws {
        let loaded = try ShippedModels.read(name)
        let report = loaded.checkReport()
        #expect(report.scenarioErrors == [])
        #expect(report.scenarios.map(\.name) == loaded.scenarioNames)
        for scenario in loaded.scenarioNames {
            #expect(try !loaded.scenario(named: scenario).timeline.isEmpty, "\(scenario)")
        }
    }

    /// No number of a shipped model goes without a source.
    @Test(arguments: ShippedModels.names + ShippedModels.incidents)
    func namesASourceForEachNumber(name: String) throws {
        let unsourced = try ShippedModels.read(name).guessed.filter { $0.text.contains("names no source") }
        #expect(unsourced == [])
    }

    @Test(arguments: [
        (
            "two-nodes-six-pods",
            [
                "create", "delete-master", "delete-pod", "drain", "lose-node1", "lose-node2", "master-returns",
                "nfs-stall", "partition", "replica-returns", "rolling-restart", "rolling-restart-failover",
            ]
        ),
        (
            "six-processes",
            [
                "freeze-master", "kill-and-return", "kill-master", "kill-shard", "kill-two-masters", "terminate-master",
            ]
        ),
        ("two-hosts", ["cut-host"]), ("six-on-nfs", ["kill-master", "nfs-outage"]),
    ])
    func shipsTheScenarios(name: String, scenarios: [String]) throws {
        #expect(try ShippedModels.read(name).scenarioNames == scenarios)
    }

    @Test func understandsTheReference() throws {
        let model = try ShippedModels.read("two-nodes-six-pods").model
        guard case .kubernetes(let deployment) = model.deployment else {
            Issue.record("not a Kubernetes model")
            return
        }
        #expect(deployment.version == .v117)
        #expect(deployment.statefulSet.name == "redis-app")
        #expect(deployment.dataOnNFS)
        #expect(deployment.nfsServerNode == "master")
        #expect(deployment.objects.nodes.map(\.name) == ["master", "node1", "node2"])
        #expect(
            deployment.objects.nodes[0].taints == [Taint(key: "node-role.kubernetes.io/master", effect: .noSchedule)])
        #expect(deployment.objects.nodes[1].allocatable == Resources(cpuMilli: 2000, memoryBytes: 4 << 30))
        let set = try #require(deployment.objects.statefulSets.first)
        #expect(set.replicas == 6)
        #expect(set.podManagementPolicy == .orderedReady)
        #expect(set.template.spec.terminationGraceSeconds == 20)
        #expect(set.template.spec.affinity.podAnti.preferred.map(\.weight) == [100])
        #expect(
            set.template.spec.containers.first?.requests == ContainerResources(cpuMilli: 100, memoryBytes: 100 << 20))
        #expect(set.volumeClaimTemplates.map(\.requestBytes) == [200_000_000])
        #expect(deployment.objects.persistentVolumes.count == 6)
        #expect(deployment.objects.persistentVolumes.allSatisfy { $0.capacityBytes == 200_000_000 && $0.claim == nil })
        #expect(deployment.objects.services.map(\.isHeadless) == [false, true])
        #expect(model.conf.nodeTimeout == 5000)
        #expect(model.conf.appendOnly)
        #expect(model.conf.clusterConfigFile == "/var/lib/redis/nodes.conf")
        #expect(model.shape == ClusterShape(masters: 3, replicasPerMaster: 1))
        #expect(!model.environment.network.delayedAcknowledgements)
    }

    @Test func placesTheTwoHosts() throws {
        guard case .processes(let deployment) = try ShippedModels.read("two-hosts").model.deployment else {
            Issue.record("not a model of processes")
            return
        }
        // Masters 0 and 1 and the replica of 2 on a; master 2 and the replicas of 0 and 1 on b.
        #expect(deployment.hosts == ["a", "b"])
        #expect(deployment.placement == [0, 0, 1, 1, 1, 0])
    }

    @Test func matchesTheMeasuredClusters() throws {
        let model = try ShippedModels.read("six-processes").model
        #expect(model.conf.nodeTimeout == 5000)
        #expect(model.conf.appendOnly && !model.conf.savePoints && model.conf.clusterEnabled)
        #expect(model.environment.network.delayedAcknowledgements)
        #expect(model.environment.load == 0)
    }
}
