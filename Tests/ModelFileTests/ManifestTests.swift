import Foundation
import Kubernetes
import RedisCluster
import SystemModel
import Testing

@testable import ModelFile

/// Manifests in the forms in which kubectl prints them.
struct ManifestTests {
    /// The reference's objects as one `List` of JSON or YAML, with what an API server adds.
    private func listed(asJSON: Bool) throws -> ScratchModel {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let directory = "\(model.path)/kubernetes"
        var items: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
            let text = try SourceFile.read("\(directory)/\(name)")
            items += try YAMLReader.documents(of: text).map(json)
            try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
        let list =
            "{\n\t\"apiVersion\": \"v1\",\n\t\"items\": [\n\(items.joined(separator: ",\n"))\n\t],\n\t\"kind\": "
            + "\"List\"\n}\n"
        try model.write(list, to: asJSON ? "kubernetes/all.json" : "kubernetes/all.yaml")
        return model
    }

    private func json(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let text, .plain) where Int(text) != nil || text == "true" || text == "false": return text
        case .scalar(let text, _): return quoted(text)
        case .sequence(let elements): return "[\(elements.map(json).joined(separator: ", "))]"
        case .mapping(let entries):
            return "{\(entries.map { "\(quoted($0.key)): \(json($0.value))" }.joined(separator: ", "))}"
        }
    }

    private func quoted(_ text: String) -> String {
        "\"\(text.replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "\n", with: "\\n"))\""
    }

    @Test(arguments: [true, false])
    func listsMeanTheSame(asJSON: Bool) throws {
        let list = try listed(asJSON: asJSON).read().model
        let files = try ScratchModel(copyOf: "two-nodes-six-pods").read().model
        guard case .kubernetes(let one) = list.deployment, case .kubernetes(let other) = files.deployment else {
            Issue.record("not Kubernetes models")
            return
        }
        #expect(one.objects == other.objects)
        #expect(list.conf == files.conf)
    }

    /// What an API server adds to objects, and kinds that mean nothing here.
    @Test func ignoresAndListsTheRest() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace(
            "  name: redis-service", by: "  name: redis-service\n  managedFields: []\n  resourceVersion: \"12\"",
            in: "kubernetes/redis-headless-service.yaml")
        try model.write("kind: Ingress\nmetadata: {name: x}\n", to: "kubernetes/ingress.yaml")
        try model.write("notes", to: "kubernetes/notes.txt")
        let ignored = try model.read().ignored.map { "\($0.path) \($0.count) \($0.first.fileAndLine)" }
        let relative = ignored.map { $0.replacingOccurrences(of: model.path + "/", with: "") }
        #expect(
            relative == [
                "Ingress objects 1 kubernetes/ingress.yaml:1",
                "Service.metadata.managedFields 1 kubernetes/redis-headless-service.yaml:5",
                "Service.metadata.resourceVersion 1 kubernetes/redis-headless-service.yaml:6",
                "redis.conf: protected-mode 1 kubernetes/redis.yaml:1",
                "file kubernetes/notes.txt 1 kubernetes/notes.txt:1",
            ])
    }

    @Test func readsPodsClaimsAndConditions() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            """
            apiVersion: v1
            kind: PodList
            items:
              - metadata: {name: redis-app-0, labels: {app: redis}, deletionTimestamp: "2022-07-04T06:00:00Z"}
                spec:
                  nodeName: node1
                  containers: [{name: redis, image: redis, resources: {limits: {memory: 1Gi}}}]
                  volumes: [{name: redis-data, persistentVolumeClaim: {claimName: redis-data-redis-app-0}}]
                status: {phase: Running, podIP: 10.244.1.77, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: redis-data-redis-app-0}
            spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 200M}}, volumeName: redis-nfs-pv3}
            status: {phase: Bound}
            """, to: "kubernetes/pods.yaml")
        guard case .kubernetes(let deployment) = try model.read().model.deployment else { return }
        let pod = try #require(deployment.objects.pods.first)
        #expect(pod.nodeName == "node1" && pod.ready && pod.isTerminating && pod.podIP == "10.244.1.77")
        #expect(pod.spec.claimNames == ["redis-data-redis-app-0"])
        #expect(pod.spec.containers.first?.limits.memoryBytes == 1 << 30)
        let claim = try #require(deployment.objects.persistentVolumeClaims.first)
        #expect(claim.phase == .bound && claim.volumeName == "redis-nfs-pv3" && claim.requestBytes == 200_000_000)
    }

    @Test func choosesTheStatefulSetThatRunsRedis() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: mysql}
            spec: {replicas: 3, template: {spec: {containers: [{name: mysql, image: "mysql:8"}]}}}
            """, to: "kubernetes/mysql.yaml")
        try model.replace("  redis:\n    statefulSet: redis-app\n", by: "", in: "environment.yaml")
        guard case .kubernetes(let deployment) = try model.read().model.deployment else { return }
        #expect(deployment.statefulSet.name == "redis-app")
        // A second one of its kind makes the choice the user's.
        let text = try String(contentsOfFile: "\(model.path)/kubernetes/redis.yaml", encoding: .utf8)
        try model.write(text.replacingOccurrences(of: "redis-app", with: "redis-too"), to: "kubernetes/second.yaml")
        #expect(
            try model.errors() == [
                "kubernetes:1:1: which StatefulSet runs Redis can't be told: it could be any of redis-app, "
                    + "redis-too; write "
                    + "redis: {statefulSet: NAME} under spec in environment.yaml"
            ])
    }

    /// Without an environment the manifests alone make a model; with a lone redis.conf the ConfigMap may be missing.
    @Test func readsManifestsAlone() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try FileManager.default.removeItem(atPath: "\(model.path)/environment.yaml")
        try FileManager.default.removeItem(atPath: "\(model.path)/kubernetes/redis-configmap.yaml")
        let loaded = try model.read()
        #expect(loaded.model.conf.nodeTimeout == 5000)
        #expect(loaded.model.shape == ClusterShape(masters: 3, replicasPerMaster: 1).asCreatedByRedisCLI)
        let subjects = loaded.assumed.map(\.subject)
        #expect(subjects.starts(with: ["environment.yaml", "engine", "redis.conf", "cluster"]))
        guard case .kubernetes(let deployment) = loaded.model.deployment else { return }
        #expect(deployment.version == .v117)
        try FileManager.default.removeItem(atPath: "\(model.path)/redis.conf")
        #expect(
            try model.errors() == [
                "kubernetes/redis.yaml:1:1: the configuration /etc/redis/redis.conf of StatefulSet redis-app: "
                    + "ConfigMap "
                    + "redis-conf or its key is not among the manifests; add the ConfigMap, or put redis.conf "
                    + "into kubernetes/"
            ])
    }

    @Test func optionsOfTheContainerOverrideTheFile() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace(
            "            - \"no\"",
            by: "            - \"no\"\n            - \"--cluster-node-timeout\"\n            - \"7000\"",
            in: "kubernetes/redis.yaml")
        #expect(try model.read().model.conf.nodeTimeout == 7000)
        #expect(try model.read(["cluster-node-timeout=9000"]).model.conf.nodeTimeout == 9000)
    }

    @Test func shellScripts() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace(
            "          command:\n            - \"redis-server\"\n          args:\n            - "
                + "\"/etc/redis/redis.conf\"\n"
                + "            - \"--protected-mode\"\n            - \"no\"",
            by: "          command: [sh, -c, \"redis-server /etc/redis/redis.conf --cluster-node-timeout 6000\"]",
            in: "kubernetes/redis.yaml")
        let loaded = try model.read()
        #expect(loaded.model.conf.nodeTimeout == 6000 && loaded.model.conf.appendOnly)
        #expect(loaded.checkReport().findings.contains { $0.sentence.hasPrefix("a shell is the first process") })
    }
}
