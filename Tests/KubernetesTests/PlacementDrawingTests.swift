import Kubernetes
import Randomness
import Testing

@Suite("Placements drawn one at a time")
struct PlacementDrawingTests {
    private func draw(_ drawing: inout PlacementDrawing, _ index: UInt64) -> PlacementStudy.Trial {
        var choice = RandomStream(seed: 3, replication: index, purpose: .scheduler, entity: 0)
        var binding = RandomStream(seed: 3, replication: index, purpose: .volumeBinding, entity: 0)
        return drawing.draw(choice: &choice, binding: &binding)
    }

    @Test("a draw depends on its streams, not on the draws before it")
    func memory() {
        var warm = PlacementDrawing(ReferenceCluster.study(.v117))
        let inOrder = (0..<40).map { draw(&warm, $0) }
        for index in [39, 7, 0] as [UInt64] {
            var cold = PlacementDrawing(ReferenceCluster.study(.v117))
            #expect(draw(&cold, index) == inOrder[Int(index)], "seed 3, replication \(index)")
        }
        #expect(Set(inOrder.map(\.assignment)).count == 8)
    }
}

@Suite("The release that nodes report")
struct KubernetesReleaseTests {
    @Test(arguments: [
        ("v1.17.17", 17), ("v1.29.3", 29), ("v1.30.1+k3s1", 30), ("v1.27.3-gke.100", 27), ("1.33", 33), ("v1.28+", 28),
    ])
    func versions(text: String, minor: Int) {
        #expect(KubernetesRelease(text) == KubernetesRelease(major: 1, minor: minor))
    }

    @Test(arguments: ["banana", "", "v", "v1", "1.x", "v1.2.banana", "v-1.3", "1..3"])
    func refused(text: String) { #expect(KubernetesRelease(text) == nil) }

    /// A kubelet is never newer than its API server, so the newest tells most.
    @Test func newest() {
        var nodes = ["v1.28.2", "v1.31.0", "v1.30.9"].map { version in
            var node = KubernetesNode(name: version)
            node.kubeletVersion = version
            return node
        }
        #expect(KubernetesVersion.release(of: nodes)?.description == "v1.31")
        #expect(KubernetesVersion.release(of: nodes)?.nodeMonitorGraceSeconds == 40)
        nodes[0].kubeletVersion = "v1.32.0"
        #expect(KubernetesVersion.release(of: nodes)?.nodeMonitorGraceSeconds == 50)
        #expect(KubernetesVersion.release(of: [KubernetesNode(name: "a")]) == nil)
        #expect(KubernetesRelease(major: 1, minor: 18).rules == .v117)
        #expect(KubernetesRelease(major: 1, minor: 19).rules == .current)
    }
}
