import RedisCluster
import SystemModel

/// Pods, workers and the control plane in simulated time.
final class PodWorld {
    init?(model: SystemModel, scenario: Scenario?) {
        guard case .kubernetes = model.deployment else { return nil }
    }
    func prepare(_ simulation: ClusterSimulation) {}
    func worker(of p: Int) -> Int { 0 }
    func nextAddress(of p: Int) -> String { "" }
    func crash(_ simulation: ClusterSimulation, _ targets: [Int], _ duration: Int64?) {}
    func delete(_ simulation: ClusterSimulation, _ p: Int, _ grace: Int64?) {}
    func rollOut(_ simulation: ClusterSimulation) {}
    func containerExited(_ simulation: ClusterSimulation, _ p: Int) {}
    func ordinal(ofPod name: String) -> Int? { nil }
    func ordinals(onWorker name: String) -> [Int] { [] }
    var somePodIsStuck: Bool { false }
    func answerOfDeadAddress(
        _ simulation: ClusterSimulation, _ p: Int, _ address: Address, at time: Int64
    ) -> (acceptor: Int16, at: Int64)? { nil }
    func step(_ simulation: ClusterSimulation, _ entity: Int, _ step: Int) {}
}
