import Randomness
import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// Random faults of pods and machines, all of which end: what must never happen doesn't, and afterwards the cluster
/// works again, or the obstacle has a name.
struct PodsInvariantTests {
    private static let second = 1_000_000_000.0

    private func duration(_ dice: inout RandomStream, _ range: ClosedRange<Double>) -> Int64 {
        Int64((range.lowerBound + dice.uniform() * (range.upperBound - range.lowerBound)) * Self.second)
    }

    private func action(_ dice: inout RandomStream) -> Action {
        let pod = Target.pod("redis-app-\(dice.below(6))")
        let node = Target.node(["node1", "node2", "master"][dice.below(3)])
        return switch dice.below(8) {
        case 0, 1: .deletePod(pod, graceSeconds: dice.chance(0.5) ? nil : 3)
        case 2: .kill(pod, restartAfter: nil, newAddress: false)
        case 3: .terminate(pod, restartAfter: nil, newAddress: false)
        case 4: .freeze(pod, duration: duration(&dice, 1...40))
        case 5: .crashNode(node, duration: duration(&dice, 5...450))
        case 6: .cutNode(node, duration: duration(&dice, 5...450))
        default: .nfs(.stall, .all, duration: duration(&dice, 1...30))
        }
    }

    private func faults(_ seed: UInt64) -> [(at: Double, action: Action)] {
        var dice = RandomStream(seed: seed, replication: 0, purpose: .test, entity: 0)
        var at = 0.0
        return (0..<(2 + dice.below(3))).map { _ in
            defer { at += dice.uniform() * 60 }
            return (at, action(&dice))
        }
    }

    @Test(arguments: UInt64(1)...10)
    func holdUnderRandomFaults(seed: UInt64) throws {
        let faults = faults(seed)
        let release = seed % 2 == 0 ? "1.17" : "current"
        let simulation = try PodsReference.simulation(faults, horizon: 1100, ["kubernetes=\(release)"], seed: seed)
        let context: Comment = "seed \(seed): \(faults)"
        simulation.prepare(0)
        var earlier = try #require(simulation.pods).pods
        let end = simulation.faultTime + 1100 * PodsReference.second
        var clock = simulation.faultTime - 1
        while clock < end - PodsReference.second {
            clock += 500_000_000
            simulation.run(until: clock)
            let world = try #require(simulation.pods)
            #expect(sharedAddresses(simulation) == [], context)
            #expect(misplaced(simulation, world) == [], context)
            #expect(createdOutOfOrder(earlier, world.pods) == [], context)
            earlier = world.pods
        }
        simulation.run(until: end)
        simulation.finish(at: end)
        let outcome = simulation.outcome
        #expect(outcome.recovered || ![.none, .notYet].contains(outcome.obstacle), context)
        let pods = try #require(simulation.pods).pods
        #expect(pods.allSatisfy { $0.ready && $0.phase == .running }, context)
    }

    /// Addresses with more than one living process.
    private func sharedAddresses(_ simulation: ClusterSimulation) -> [String] {
        let living = (0..<6).filter { simulation.processes[$0].isAlive }
            .map { simulation.wire.addresses[Int(simulation.processes[$0].address)].ip }
        return living.filter { address in living.count { $0 == address } > 1 }
    }

    /// Living processes whose pod does not run, whose machine has no power, or whose address is another machine's.
    private func misplaced(_ simulation: ClusterSimulation, _ world: PodWorld) -> [Int] {
        (0..<6).filter { p in
            guard simulation.processes[p].isAlive else { return false }
            let pod = world.pods[p]
            guard pod.worker >= 0, world.workers[pod.worker].powered, pod.containerRuns,
                pod.phase == .running || pod.phase == .terminating
            else { return true }
            let address = simulation.wire.addresses[Int(simulation.processes[p].address)].ip
            return !address.hasPrefix("10.244.\(pod.worker).")
        }
    }

    /// Pods that came into being while a lower ordinal was missing, neither then nor a moment ago being complete.
    private func createdOutOfOrder(_ before: [PodWorld.PodRecord], _ now: [PodWorld.PodRecord]) -> [Int] {
        now.indices.filter { p in
            guard before[p].phase == .absent, now[p].phase != .absent else { return false }
            return (0..<p).contains { q in
                [before[q], now[q]].allSatisfy { $0.phase != .running || !$0.ready || $0.isDeleted }
            }
        }
    }
}
