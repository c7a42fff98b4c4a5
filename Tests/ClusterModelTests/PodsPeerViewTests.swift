import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// What TCP shows a peer when a process, a pod or a host is gone.
struct PodsPeerViewTests {
    /// app-0 and app-3 are on node1, app-1 on node2.
    private let neighbours = [1, 3]

    private func connect(
        _ simulation: ClusterSimulation, from p: Int, to address: Address
    ) -> (acceptor: Int16, at: Int64)? {
        simulation.connectAnswer(p, address, at: simulation.now)
    }

    /// The simulation `seconds` after the fault, and the address that app-0 had.
    private func after(
        _ seconds: Double, _ action: Action, _ overrides: [String] = []
    ) throws -> (ClusterSimulation, Address) {
        let simulation = try PodsReference.simulation([(0, action)], horizon: 600, overrides)
        simulation.prepare(0)
        let address = simulation.processes[0].address
        simulation.run(until: simulation.faultTime + Int64(seconds * 1e9))
        return (simulation, address)
    }

    private func isLinked(_ simulation: ClusterSimulation, _ p: Int) -> Bool {
        let index = simulation.nodes[p].table.index(of: simulation.processes[0].nodeID)
        return simulation.nodes[p].table.peers[Int(index)].link == .connected
    }

    /// The sandbox stands: established connections end at once, connects are refused at once.
    @Test func aDeadProcessRefuses() throws {
        let kill = Action.kill(.pod("redis-app-0"), restartAfter: nil, newAddress: false)
        let (simulation, address) = try after(0.7, kill)
        #expect(!simulation.processes[0].isAlive)
        for p in neighbours {
            let answer = try #require(connect(simulation, from: p, to: address))
            #expect(answer.acceptor < 0 && answer.at - simulation.now < 10_000_000)
            #expect(!isLinked(simulation, p))
        }
    }

    /// Silence while neighbours remember the address (8 to 50 s), then EHOSTUNREACH after 3 s, from either worker.
    @Test func anAddressThatIsGoneIsSilentAndThenUnreachable() throws {
        let delete = Action.deletePod(.pod("redis-app-0"), graceSeconds: nil)
        let (simulation, address) = try after(2, delete)
        let record = try #require(simulation.pods?.addresses[Int(address)])
        #expect(record.goneAt < simulation.now)
        #expect(record.staleFor >= 8 * PodsReference.second && record.staleFor <= 50 * PodsReference.second)
        for p in neighbours {
            let answer = try #require(connect(simulation, from: p, to: address))
            #expect(answer.acceptor < 0 && answer.at == record.goneAt + record.staleFor + 3 * PodsReference.second)
        }
        simulation.run(until: simulation.faultTime + 60 * PodsReference.second)
        for p in neighbours {
            let answer = try #require(connect(simulation, from: p, to: address))
            #expect(answer.acceptor < 0 && answer.at == simulation.now + 3 * PodsReference.second)
        }
    }

    /// No kernel says goodbye; under vxlan nobody answers for the lost machine either, under host-gw its neighbours do.
    @Test(arguments: ["vxlan", "host-gw"])
    func aLostMachineIsSilent(backend: String) throws {
        let crash = Action.crashNode(.node("node1"), duration: nil)
        let (simulation, address) = try after(1, crash, ["environment.network.backend=\(backend)"])
        #expect(isLinked(simulation, 1))
        let answer = connect(simulation, from: 1, to: address)
        if backend == "vxlan" {
            #expect(answer == nil)
        } else {
            #expect(answer.map { $0.acceptor < 0 && $0.at >= simulation.now + 3 * PodsReference.second } == true)
        }
    }

    /// A machine that boots has forgotten nothing but its pods' addresses: EHOSTUNREACH after 3 s.
    @Test func aRebootedMachineAnswersForItsOldPods() throws {
        let crash = Action.crashNode(.node("node1"), duration: 20 * PodsReference.second)
        let (simulation, address) = try after(32, crash, ["environment.kubernetesTimings.reboot=10s"])
        let answer = try #require(connect(simulation, from: 1, to: address))
        #expect(answer.acceptor < 0 && answer.at == simulation.now + 3 * PodsReference.second)
    }

    /// Behind a cut the process lives on: its worker's pods reach it, the others' packets vanish.
    @Test func aCutOffMachineIsSilentToTheOthersOnly() throws {
        let (simulation, address) = try after(1, .cutNode(.node("node1"), duration: nil))
        #expect(connect(simulation, from: 1, to: address) == nil)
        let inside = try #require(connect(simulation, from: 3, to: address))
        #expect(inside.acceptor == 0)
        #expect(isLinked(simulation, 1))
    }
}
