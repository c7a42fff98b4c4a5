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
        #expect(backOff.restart(endedAt: atLimit + 1) == atLimit + 1)
        #expect(backOff.nextWait == 10 * second)
    }

    @Test("a long run and a long wait together begin the doubling anew")
    func resetBetweenStarts() {
        var backOff = RestartBackOff()
        var now: Int64 = 0
        for _ in 0..<7 { now = backOff.restart(endedAt: now) }
        #expect(backOff.nextWait == 300 * second)
        _ = backOff.restart(endedAt: now + 400 * second)
        #expect(backOff.nextWait == 10 * second)
    }

    @Test(
        "termination: SIGTERM, then SIGKILL at the end of the grace period",
        arguments: [
            (20, 0, 1, 1, false), (20, 0, nil, 20, true), (20, 0, 21, 20, true), (20, 5, nil, 20, true),
            (20, 19, nil, 21, true), (20, 60, 1, 21, false), (0, 0, nil, 2, true), (-5, -5, -5, 0, false),
        ] as [(Int64, Int64, Int64?, Int64, Bool)])
    func termination(grace: Int64, preStop: Int64, exit: Int64?, at: Int64, killed: Bool) {
        let plan = PodTermination(deletedAt: 0, grace: grace * second, preStop: preStop * second)
        let end = plan.exit(exitAfterTerm: exit.map { $0 * second })
        #expect(end.at == at * second)
        #expect(end.killed == killed)
    }

    @Test("a pod's life, its address and its status")
    func lifecycle() throws {
        var pod = PodLifecycle.pending
        var seen: [String] = []
        var addresses: [Bool] = []
        let events: [PodLifecycle.Event] =
            [.bound(node: "n")] + PodLifecycle.StartPhase.allCases.map { _ in .phaseDone } + [
                .becameReady, .containerEnded, .containerStarted, .becameReady, .deleted, .stepDone, .stepDone,
                .stepDone,
            ]
        for event in events {
            pod = try #require(pod.after(event))
            if seen.last != pod.status { seen.append(pod.status) }
            if addresses.last != pod.hasAddress { addresses.append(pod.hasAddress) }
        }
        #expect(seen == ["ContainerCreating", "Running", "CrashLoopBackOff", "Running", "Terminating", ""])
        #expect(addresses == [false, true, false])
        #expect(pod == .gone && pod.after(.removed) == nil)
        #expect(PodLifecycle.running(node: "n", ready: true).after(.evicted) == .failed(node: "n"))
        #expect(PodLifecycle.terminating(node: "n", .cleaningUp).after(.deleted) == nil)
        #expect(PodLifecycle.terminating(node: "n", .cleaningUp).after(.removed) == .gone)
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
        #expect(PeerSituation.processGone.established == .closed)
        let unreachable = ConnectOutcome.unreachable(after: 3 * second, staleNeighbour: true)
        #expect(PeerSituation.podGoneSameNode.connect == unreachable)
        #expect(PeerSituation.podGoneOtherNode.connect == unreachable)
        #expect(PeerSituation.nodeDead(.vxlan).connect == .silent(until: 127 * second))
        #expect(PeerSituation.nodeDead(.hostGateway).connect == unreachable)
        #expect(PeerSituation.podGoneOtherNode.established == .silent)
        #expect(PeerSituation.filtered(rejects: true).connect == .refused)
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
