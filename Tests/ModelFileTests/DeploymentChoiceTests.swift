import Foundation
import Kubernetes
import SystemModel
import Testing

@testable import ModelFile

/// Which of a cluster's objects are Redis Cluster's, where others look like them.
struct DeploymentChoiceTests {
    private func deployment(_ model: ScratchModel) throws -> KubernetesDeployment {
        guard case .kubernetes(let deployment) = try model.read().model.deployment else { throw NoDeployment() }
        return deployment
    }

    private struct NoDeployment: Error {}

    /// Names are unique within a namespace only.
    @Test func setsOfOneName() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: redis-app, namespace: another}
            spec: {replicas: 3, template: {spec: {containers: [{name: web, image: "nginx:1"}]}}}
            """, to: "kubernetes/another.yaml")
        #expect(
            try model.errors() == [
                "environment.yaml:13:18: 2 StatefulSets redis-app: each is in a namespace of its own; write one of "
                    + "another/redis-app, default/redis-app"
            ])
        try model.replace("statefulSet: redis-app", by: "statefulSet: default/redis-app", in: "environment.yaml")
        let loaded = try model.read()
        guard case .kubernetes(let deployment) = loaded.model.deployment else { return }
        #expect(deployment.statefulSet.namespace == "default" && deployment.statefulSet.replicas == 6)
        #expect(loaded.understood.contains { $0.subject == "statefulset/redis-app" && $0.text.hasPrefix("6 pods") })
        #expect(loaded.checkReport().findings.contains { $0.sentence.hasPrefix("preferred anti-affinity") })
        // Left to the reader, it is the one that looks like Redis.
        try model.replace("  redis:\n    statefulSet: default/redis-app\n", by: "", in: "environment.yaml")
        #expect(try self.deployment(model).statefulSet.namespace == "default")
    }

    @Test func aSidecarBeforeRedis() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace(
            "        - name: redis\n          image: redis\n",
            by: "        - name: metrics\n          image: exporter:1\n"
                + "          readinessProbe: {tcpSocket: {port: 1}}\n"
                + "        - name: redis\n          image: redis\n", in: "kubernetes/redis.yaml")
        #expect(try deployment(model).statefulSet.template.spec.containers.first?.name == "metrics")
        #expect(try deployment(model).container.name == "redis")
        #expect(try model.read().checkReport().findings.contains { $0.sentence.hasPrefix("no readiness probe") })
    }

    @Test(arguments: ["/var/lib/redis/", "/var/lib/redis//", "/var/lib"])
    func mountPaths(path: String) throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace("mountPath: \"/var/lib/redis\"", by: "mountPath: \"\(path)\"", in: "kubernetes/redis.yaml")
        #expect(try deployment(model).dataOnNFS)
        #expect(try !model.read().checkReport().findings.contains { $0.sentence.contains("is on no volume") })
    }

    /// The server of a volume that Redis can't have is somebody else's.
    @Test(arguments: ["storageClassName: films", "claimRef: {namespace: default, name: films}"])
    func anotherServer(restriction: String) throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            """
            kind: PersistentVolume
            metadata: {name: films}
            spec:
              capacity: {storage: 1T}
              accessModes: [ReadWriteMany]
              \(restriction)
              nfs: {server: 192.168.56.102, path: /films}
            """, to: "kubernetes/a-films.yaml")
        #expect(try deployment(model).nfsServerNode == "master")
        #expect(try model.read().checkReport().findings.contains { $0.sentence.hasPrefix("the one server of all") })
    }

    /// What trials found is said as what they found.
    @Test func placementsByTrial() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            "kind: StorageClass\nprovisioner: x\n"
                + "metadata: {name: s, annotations: {storageclass.kubernetes.io/is-default-class: \"true\"}}\n",
            to: "kubernetes/class.yaml")
        let findings = try model.read(["cluster.masters=11", "cluster.replicas-per-master=1"]).checkReport().findings
        let shared = try #require(findings.first { $0.sentence.hasPrefix("a master can share a worker") })
        #expect(shared.sentence.contains(/: in [1-9]\d* of 1\d\d trial placements at least one does/), "\(shared)")
    }
}
