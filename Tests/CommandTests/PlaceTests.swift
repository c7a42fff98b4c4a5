import Foundation
import Testing

@Suite("rehearse place")
struct PlaceTests {
    @Test("The reference placement is one of eight, exactly")
    func reference() throws {
        let json = try Tool.run("place", Tool.twoNodes, "-o", "json").object()
        #expect(json["exact"] as? Bool == true)
        let placements = try #require(json["placements"] as? [[String: Any]])
        let seen = ["node1", "node2", "node2", "node1", "node2", "node1"]
        let reference = try #require(placements.first { $0["nodes"] as? [String] == seen })
        #expect((reference["probability"] as? [String: Any])?["fraction"] as? String == "1/8")
        let claims = try #require(json["probabilities"] as? [String: [String: Any]])
        #expect(claims["masterBesideOwnReplica"]?["fraction"] as? String == "3/4")
        #expect(claims["majorityOnOneNode"]?["value"] as? Double == 1)
        #expect(claims["split 2-1"]?["value"] as? Double == 1)
    }

    @Test("Trials agree with the walk, and carry an interval")
    func trials() throws {
        let json = try Tool.run("place", Tool.twoNodes, "--trials", "300", "--seed", "5", "-o", "json").object()
        #expect(json["exact"] as? Bool == false)
        let claims = try #require(json["probabilities"] as? [String: [String: Any]])
        let beside = try #require(claims["masterBesideOwnReplica"]?["value"] as? Double)
        // Five standard deviations of 300 trials at 3/4.
        #expect(abs(beside - 0.75) < 0.125, "seed 5")
        #expect((claims["masterBesideOwnReplica"]?["interval"] as? [Double])?.count == 2)
    }

    /// Two nodes, one pod bound to the first, one that waits.
    static let objects = """
        apiVersion: v1
        kind: List
        items:
          - {kind: Node, metadata: {name: a}, status: {allocatable: {cpu: "2", memory: 4Gi, pods: "110"}}}
          - {kind: Node, metadata: {name: b}, status: {allocatable: {cpu: "2", memory: 4Gi, pods: "110"}}}
          - apiVersion: v1
            kind: Pod
            metadata: {name: first, namespace: default}
            spec: {nodeName: a, containers: [{name: c, image: x, resources: {requests: {cpu: "1", memory: 1Gi}}}]}
            status: {phase: Running}
          - apiVersion: v1
            kind: Pod
            metadata: {name: second, namespace: default}
            spec: {containers: [{name: c, image: x, resources: {requests: {cpu: CPU, memory: 1Gi}}}]}
        """

    private func explain(cpu: String, _ extra: String...) throws -> [String: Any] {
        let scratch = try Scratch()
        let file = try scratch.write("objects.yaml", PlaceTests.objects.replacing("CPU", with: "\"\(cpu)\""))
        return try Tool.run(["place", "-f", file, "--explain", "-o", "json"] + extra).object()
    }

    @Test("The emptier node wins by its score", arguments: ["1.17", "current"])
    func explained(version: String) throws {
        let json = try explain(cpu: "500m", "--set", "kubernetes=\(version)")
        #expect(json["chosen"] as? String == "b")
        #expect(json["tied"] as? [String] == ["b"])
        let nodes = try #require(json["nodes"] as? [[String: Any]])
        #expect(nodes.map { $0["node"] as? String } == ["a", "b"])
        for node in nodes {
            #expect(node["feasible"] as? Bool == true)
            #expect((node["reasons"] as? [String])?.isEmpty == true)
            let scores = try #require(node["scores"] as? [String: Int])
            #expect(scores["InterPodAffinity"] != nil)
            #expect(node["total"] as? Int ?? 0 > 0)
        }
        let name = version == "1.17" ? "NodeResourcesLeastAllocated" : "NodeResourcesFit"
        let scores = nodes.compactMap { ($0["scores"] as? [String: Int])?[name] }
        // Free shares: a has 1/4 of its cpu and 1/2 of its memory left, b 3/4 of both; the mean of the two, in percent.
        #expect(scores == [37, 75])
    }

    @Test("The nodes' kubelet tells which scheduler it is, and the answer says so")
    func release() throws {
        for (version, rules) in [("v1.31.2", "current"), ("v1.17.4", "1.17")] {
            let objects = PlaceTests.objects.replacing("CPU", with: "1").replacing(
                "status: {alloc", with: "status: {nodeInfo: {kubeletVersion: \(version)}, alloc")
            let scratch = try Scratch()
            let file = try scratch.write("objects.yaml", objects)
            let json = try Tool.run("place", "-f", file, "-o", "json").object()
            #expect(json["kubernetes"] as? String == rules)
            #expect((json["kubernetesReason"] as? String)?.contains("nodes'") == true)
            let text = try Tool.run("place", "-f", file).output
            #expect(text.contains("scheduler of Kubernetes \(rules), the nearest to"))
            let asked = try Tool.run("place", "-f", file, "--set", "kubernetes=1.17").output
            #expect(asked.contains("1.17, as --set asks"))
        }
    }

    @Test("A spread that v1.17 ignores is said to be ignored")
    func ignoredSpread() throws {
        let spread =
            "topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, "
            + "whenUnsatisfiable: DoNotSchedule, labelSelector: {}}], "
        let objects = PlaceTests.objects.replacing("CPU", with: "1")
            .replacing("spec: {containers", with: "spec: {\(spread)containers")
        let scratch = try Scratch()
        let file = try scratch.write("objects.yaml", objects)
        let old = try Tool.run("place", "-f", file, "--set", "kubernetes=1.17")
        #expect(old.errors.contains("topologySpreadConstraints are ignored"))
        #expect(try Tool.run("place", "-f", file, "--set", "kubernetes=current").errors.isEmpty)
    }

    @Test("-f - reads standard input, as kubectl does")
    func standardInput() throws {
        let scratch = try Scratch()
        let file = try scratch.write("objects.yaml", PlaceTests.objects.replacing("CPU", with: "1"))
        let piped = try Tool.shell("cat \(file) | \"$REHEARSE\" place -f - -o json")
        #expect(piped.status == 0, "\(piped.errors)")
        let direct = try Tool.run("place", "-f", file, "-o", "json")
        #expect(piped.output == direct.output && !piped.output.isEmpty)
        let nothing = try Tool.run("place", "-f", "-")
        #expect(nothing.status == 1 && nothing.errors.hasPrefix("<stdin>:1:1: no pod to place"), "\(nothing.errors)")
        let broken = try Tool.shell("echo 'a: [' | \"$REHEARSE\" place -f -")
        #expect(broken.status == 1 && broken.errors.hasPrefix("<stdin>:2:1: not YAML"), "\(broken.errors)")
    }

    @Test("A pod that fits nowhere stays pending with upstream's reason")
    func pending() throws {
        let json = try explain(cpu: "3")
        #expect(json["chosen"] is NSNull)
        #expect((json["tied"] as? [String])?.isEmpty == true)
        let nodes = try #require(json["nodes"] as? [[String: Any]])
        #expect(nodes.allSatisfy { $0["reasons"] as? [String] == ["Insufficient cpu"] })
        #expect((json["unschedulable"] as? String)?.contains("0/2 nodes are available") == true)
    }
}
