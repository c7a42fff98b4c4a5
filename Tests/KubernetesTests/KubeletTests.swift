import Kubernetes
import Testing

private let second: Int64 = 1_000_000_000

@Suite("Kubelet")
struct KubeletTests {
    @Test("restarts wait 0, 10, 20, 40, 80, 160, 300, 300 s")
    func backOff() {
        var backOff = RestartBackOff()
        var waits: [Int64] = []
        var now: Int64 = 5 * second
        for _ in 0..<8 {
            let start = backOff.restart(endedAt: now)
            waits.append((start - now) / second)
            now = start + second
        }
        #expect(waits == [0, 10, 20, 40, 80, 160, 300, 300])
    }

    @Test("ten quiet minutes forget the back-off")
    func reset() {
        var backOff = RestartBackOff()
        var now: Int64 = 0
        for _ in 0..<4 { now = backOff.restart(endedAt: now + second) }
        let atLimit = now + 600 * second
        var copy = backOff
        #expect(copy.restart(endedAt: atLimit) == atLimit + 80 * second)
        let restarted = backOff.restart(endedAt: atLimit + 1)
        #expect(restarted == atLimit + 1)
        #expect(backOff.restart(endedAt: restarted) == restarted + 10 * second)
    }

    @Test("a long run and a long wait together begin the doubling anew")
    func resetBetweenStarts() {
        var backOff = RestartBackOff()
        var now: Int64 = 0
        for _ in 0..<7 { now = backOff.restart(endedAt: now) }
        let late = backOff.restart(endedAt: now + 400 * second)
        #expect(late == now + 700 * second)
        #expect(backOff.restart(endedAt: late) == late + 10 * second)
    }

    @Test(
        "termination: SIGTERM after preStop, SIGKILL at the end of the grace period, two seconds later at least",
        arguments: [(20, 0, 0, 20), (20, 5, 5, 20), (20, 19, 19, 21), (20, 60, 20, 22), (0, 0, 0, 2), (-5, -5, 0, 2)]
            as [(Int64, Int64, Int64, Int64)])
    func termination(grace: Int64, preStop: Int64, sigterm: Int64, sigkill: Int64) {
        let plan = PodTermination(deletedAt: 0, grace: grace * second, preStop: preStop * second)
        #expect(plan.sigterm == sigterm * second && plan.sigkill == sigkill * second)
    }

    @Test(
        "an image without a tag is asked for at every start",
        arguments: [
            ("redis", nil, .always), ("redis:latest", nil, .always), ("redis:7.0.15", nil, .ifNotPresent),
            ("host:5000/redis", nil, .always), ("redis", "IfNotPresent", .ifNotPresent), ("redis:7", "Always", .always),
        ] as [(String, String?, ImagePull)])
    func imagePull(image: String, policy: String?, expected: ImagePull) {
        #expect(ImagePull(of: Container(image: image, imagePullPolicy: policy)) == expected)
    }

    @Test("what a peer's TCP meets")
    func peers() {
        #expect(PeerSituation.processGone.connect == .refused)
        let unreachable = ConnectOutcome.unreachable(after: 3 * second, staleNeighbour: true)
        #expect(PeerSituation.podGoneSameNode.connect == unreachable)
        #expect(PeerSituation.podGoneOtherNode.connect == unreachable)
        #expect(PeerSituation.nodeDead(.vxlan).connect == .silent(until: 127 * second))
        #expect(PeerSituation.nodeDead(.hostGateway).connect == unreachable)
    }

    @Test("a new pod has a new address until the range wraps")
    func addresses() {
        var pool = PodAddressPool(prefix: "10.244.1", last: 252)
        func take() -> String? { pool.take() }
        #expect(take() == "10.244.1.253")
        pool.release("10.244.1.253")
        #expect(take() == "10.244.1.254")
        #expect(take() == "10.244.1.2")
        for _ in 0..<251 { #expect(take() != nil) }
        #expect(take() == nil)
        pool.release("10.244.1.9")
        #expect(take() == "10.244.1.9")
    }
}
