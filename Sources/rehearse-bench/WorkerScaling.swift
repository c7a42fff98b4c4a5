import Experiments
import SystemModel

/// Two workers beside one, on the same replications: by wall clock, which asks for two idle cores, and by CPU time,
/// which two workers use more of where they share something.
struct WorkerScaling {
    let name: String
    let model: SystemModel
    let scenario: Scenario

    private static let replications = 1000

    func run(targets: inout Targets) {
        let runner = Runner(model: model, scenario: scenario, seed: 1)
        let one = spent { _ = runner.run(replications: Self.replications, workers: 1) }
        let two = spent { _ = runner.run(replications: Self.replications, workers: 2) }
        let speedUp = one.wall / two.wall
        print("\(name), \(Self.replications) replications by two workers")
        print("  \(fixed(speedUp, 2)) times as fast as by one \(targets.judge("two workers", speedUp >= 1.9, "1.9"))")
        print("  \(fixed(two.cpu / one.cpu, 2)) times the CPU time; one had \(fixed(one.cpu / one.wall, 2)) of a core")
    }

    private func spent(_ work: () -> Void) -> (wall: Double, cpu: Double) {
        let (wall, cpu) = (wallSeconds(), processCPUSeconds())
        work()
        return (wallSeconds() - wall, processCPUSeconds() - cpu)
    }
}
