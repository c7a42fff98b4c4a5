import Foundation
import Testing

@testable import ModelFile

/// The findings of `check`: each is there where it is true, and not where it isn't.
struct FindingTests {
    private func findings(_ model: ScratchModel, _ overrides: [String] = []) throws -> [Finding] {
        try model.read(overrides).checkReport().findings
    }

    private func has(_ findings: [Finding], _ start: String) -> Bool {
        findings.contains { $0.sentence.contains(start) }
    }

    @Test func ofTheReference() throws {
        let findings = try findings(ScratchModel(copyOf: "two-nodes-six-pods"))
        for expected in [
            "one of the 2 workers always holds at least 2 of the 3 masters",
            "a master can share a worker with its only replica (such as redis-app-0 and redis-app-3): with "
                + "probability 75.0 %",
            "preferred anti-affinity over kubernetes.io/hostname can't hold: 6 pods, 2 places",
            "the one server of all volumes is node master, the control plane's machine", "appendonly on NFS",
            "no PodDisruptionBudget", "MOVED then sends it to pod addresses", "save points are on",
            "no readiness probe",
        ] {
            #expect(has(findings, expected), "\(expected)")
        }
        for absent in ["fits no volume", "this one claim", "tail", "stays Pending", "terminationGracePeriodSeconds"] {
            #expect(!has(findings, absent), "\(absent)")
        }
        #expect(findings.map(\.severity) == findings.map(\.severity).sorted())
    }

    /// The placement that was observed: node1 holds a shard, node2 a shard and the majority.
    @Test func ofAKnownPlacement() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let nodes = ["node1", "node2", "node2", "node1", "node2", "node1"]
        let pins = nodes.enumerated().map { "      redis-app-\($0.offset): \($0.element)\n" }.joined()
        try model.replace(
            "    version: \"1.17\"\n", by: "    version: \"1.17\"\n    placement:\n\(pins)", in: "environment.yaml")
        let present = try findings(model).filter { $0.sentence.hasPrefix("as placed") }.map {
            "\($0.object) \($0.sentence)"
        }
        #expect(
            present == [
                "node/node1 as placed it holds redis-app-0 and its only replica, redis-app-3: their slots are "
                    + "lost with it",
                "node/node2 as placed it holds 2 of the 3 masters: when it is lost, nothing is promoted",
                "node/node2 as placed it holds redis-app-1 and its only replica, redis-app-4: their slots are "
                    + "lost with it",
            ])
    }

    /// 200Mi is more than 200M.
    @Test func claimThatFitsNoVolume() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace("storage: 200M", by: "storage: 200Mi", in: "kubernetes/redis.yaml")
        let findings = try findings(model)
        #expect(has(findings, "it fits no volume: it asks for 209715200 bytes and the largest volume has 200000000"))
        #expect(has(findings, "it stays Pending, and under OrderedReady redis-app-1 and all above are never created"))
    }

    @Test func fewerVolumesThanClaims() throws {
        let findings = try findings(ScratchModel(copyOf: "two-nodes-six-pods"), ["cluster.masters=4"])
        #expect(findings.contains { $0.object == "persistentvolumeclaim/redis-data-redis-app-6" })
    }

    @Test func accessModesAndClasses() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace("- ReadWriteMany", by: "- ReadWriteOnce", in: "kubernetes/redis-pv.yaml")
        #expect(has(try findings(model), "no volume has its access modes (ReadWriteMany)"))
    }

    @Test func twoPodsOnOneClaim() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let file = "kubernetes/redis.yaml"
        let text = try String(contentsOfFile: "\(model.path)/\(file)", encoding: .utf8)
        let cut = try #require(text.range(of: "  volumeClaimTemplates:"))
        try model.write(
            text[..<cut.lowerBound].replacingOccurrences(
                of: "      volumes:\n",
                with:
                    "      volumes:\n        - name: redis-data\n          persistentVolumeClaim: {claimName: shared}\n"
            ),
            to: file)
        try model.write(
            "kind: PersistentVolumeClaim\nmetadata: {name: shared}\nspec: {accessModes: [ReadWriteMany], "
                + "resources: {requests: {storage: 200M}}}\n", to: "kubernetes/claim.yaml")
        let findings = try findings(model)
        #expect(has(findings, "all 6 pods of redis-app keep nodes.conf and the AOF on this one claim"))
    }

    @Test func requiredAntiAffinity() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace(
            "preferredDuringSchedulingIgnoredDuringExecution:\n            - weight: 100\n              "
                + "podAffinityTerm:\n"
                + "                labelSelector:\n                  matchExpressions:\n                    - "
                + "key: app\n"
                + "                      operator: In\n                      values:\n                        - redis\n"
                + "                topologyKey: kubernetes.io/hostname",
            by:
                "requiredDuringSchedulingIgnoredDuringExecution:\n            - labelSelector: {matchLabels: "
                + "{app: redis}}\n"
                + "              topologyKey: kubernetes.io/hostname", in: "kubernetes/redis.yaml")
        let findings = try findings(model)
        #expect(findings.contains { $0.object == "pod/redis-app-2" && $0.sentence.hasPrefix("it stays Pending") })
        #expect(!has(findings, "preferred anti-affinity"))
        #expect(!has(findings, "a master can share a worker"))
    }

    @Test func threeWorkers() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            "kind: Node\nmetadata: {name: node3, labels: {kubernetes.io/hostname: node3}}\n"
                + "status: {allocatable: {cpu: \"2\", memory: 4Gi, pods: \"110\"}}\n", to: "kubernetes/node3.yaml")
        #expect(!has(try findings(model), "always holds"))
    }

    @Test func timeoutBelowTheStorage() throws {
        let nfs = try ScratchModel(copyOf: "six-on-nfs")
        #expect(has(try findings(nfs, ["environment.nfs.rtt=2s"]), "the node timeout is below the storage's tail"))
        #expect(
            has(try findings(nfs, ["environment.nfs.rtt=900ms"]), "the storage's tail reaches half the node timeout"))
        #expect(!has(try findings(nfs), "tail"))
        #expect(
            has(
                try findings(ScratchModel(copyOf: "six-processes"), ["environment.disk.sync=6s"]),
                "is below the storage's tail"))
    }

    @Test func budgets() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let budget =
            "kind: PodDisruptionBudget\nmetadata: {name: redis}\nspec: {selector: {matchLabels: {app: redis}}, "
        try model.write(budget + "maxUnavailable: 1}\n", to: "kubernetes/budget.yaml")
        let kept = try findings(model)
        #expect(!has(kept, "PodDisruptionBudget") && !has(kept, "eviction"))
        try model.write(budget + "minAvailable: 6}\n", to: "kubernetes/budget.yaml")
        #expect(has(try findings(model), "it never allows an eviction"))
    }

    @Test(arguments: [
        ("min-replicas-to-write=2", "every write is refused"),
        ("min-replicas-to-write=1", "leaves no replica to spare"),
        ("cluster-replica-no-failover=yes", "no replica ever stands"), ("appendonly=no", "nothing is persisted"),
        ("cluster.replicas-per-master=0", "no master has a replica"), ("cluster.masters=2", "no majority to promote"),
        ("hz=5", "every 200 ms instead of 100"),
    ])
    func ofTheConfiguration(override: String, sentence: String) throws {
        let model = try ScratchModel(copyOf: "six-processes")
        #expect(has(try findings(model, [override]), sentence))
        #expect(!has(try findings(model), sentence))
    }

    @Test func ofTheGracePeriod() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace(
            "terminationGracePeriodSeconds: 20", by: "terminationGracePeriodSeconds: 5", in: "kubernetes/redis.yaml")
        #expect(has(try findings(model), "terminationGracePeriodSeconds is 5 and shutdown-timeout 10"))
    }

    @Test func ofTwoHosts() throws {
        let model = try ScratchModel(copyOf: "two-hosts")
        #expect(has(try findings(model), "it holds 2 of 3 masters"))
        try model.replace("[0, 1, 5]", by: "[0, 1, 4]", in: "environment.yaml")
        try model.replace("[2, 3, 4]", by: "[2, 3, 5]", in: "environment.yaml")
        #expect(has(try findings(model), "it holds master 1 and all its replicas"))
    }
}
