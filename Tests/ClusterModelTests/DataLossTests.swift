import DiscreteEvent
import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// Acknowledged writes that are gone, and who takes writes meanwhile.
struct DataLossTests {
    private static let load = 100.0

    /// Processes on hosts of their own, or, with `hosts`, where that says.
    private func model(
        replicas: Int = 0, hosts: [Int]? = nil, _ configure: (inout RedisConf) -> Void = { _ in }
    ) -> SystemModel {
        var conf = RedisConf()
        conf.nodeTimeout = 2000
        conf.appendOnly = true
        conf.savePoints = false
        conf.clusterEnabled = true
        configure(&conf)
        let shape = ClusterShape(masters: 3, replicasPerMaster: replicas)
        var environment = Environment()
        environment.load = Self.load
        let placement = hosts ?? Array(0..<shape.nodes)
        let names = (0...(placement.max() ?? 0)).map { "h\($0)" }
        return SystemModel(
            name: "test", engine: .redis70, conf: conf, shape: shape,
            deployment: .processes(.init(hosts: names, placement: placement, storage: .local)),
            environment: environment)
    }

    private func outcome(
        _ model: SystemModel, _ action: Action, until horizon: Double = 30, replication: Int = 0
    ) -> Outcome {
        let scenario = Scenario(
            name: "test", question: "", parameters: [], timeline: [Scenario.Step(at: 0, action: action)],
            horizon: Int64(horizon * 1e9))
        return ClusterSimulation(model: model, scenario: scenario, seed: 5).replicate(replication)
    }

    private let kill = Action.kill(.process(0), restartAfter: 1_000_000_000, newAddress: false)
    private let crash = Action.crashNode(.node("h0"), duration: 1_000_000_000)

    /// What one master had been given before the fault: a node timeout and a minute at least.
    private let everything = DataLossTests.load * 62

    @Test("a killed server finds in its AOF all that it wrote")
    func kernelKeeps() { #expect(outcome(model(), kill).writesLost == 0) }

    @Test("a machine without power takes what everysec had not fsynced, a second or two at most")
    func everysec() {
        let lost = (0..<20).map { outcome(model(), crash, replication: $0).writesLost }
        #expect(lost.allSatisfy { $0 > 0 && $0 <= 2 * Self.load }, "\(lost)")
        #expect(lost.reduce(0, +) / 20 > 0.2 * Self.load, "\(lost)")
    }

    @Test("under always nothing acknowledged is lost, under no half a minute can be")
    func policies() {
        let never = (0..<10).map { outcome(model { $0.appendFsync = .no }, crash, replication: $0).writesLost }
        #expect((never.max() ?? 0) > 2 * Self.load && never.allSatisfy { $0 <= 35 * Self.load }, "\(never)")
        #expect(outcome(model { $0.appendFsync = .always }, crash).writesLost == 0)
    }

    @Test("without AOF, or without its volume, a master that comes back has nothing")
    func nothingKept() {
        #expect(outcome(model { $0.appendOnly = false }, kill).writesLost >= everything)
        #expect(outcome(model(), .loseVolume(.process(0), restartAfter: 1_000_000_000)).writesLost >= everything)
    }

    @Test("a replica that is promoted has what the master's volume had")
    func replicaKeeps() {
        let lost = outcome(model(replicas: 1), .loseVolume(.process(0), restartAfter: 20_000_000_000))
        #expect(lost.promoted)
        #expect(lost.writesLost < 0.1 * Self.load)
    }

    @Test("min-replicas-to-write refuses writes as soon as a master has none, and only then")
    func minReplicas() {
        let demanding = model(replicas: 1) { $0.minReplicasToWrite = 1 }
        let replicaDies = Action.kill(.process(3), restartAfter: 10_000_000_000, newAddress: false)
        let refused = outcome(demanding, replicaDies)
        #expect(refused.anySlotUnserved > 10_000_000_000 && !refused.unservedAtHorizon)
        #expect(outcome(model(replicas: 1), replicaDies).anySlotUnserved == 0)
        #expect(outcome(demanding, .kill(.process(99), restartAfter: nil, newAddress: false)).anySlotUnserved == 0)
    }

    @Test("a master that is cut off loses what it acknowledges until it notices, less with min-replicas")
    func cut() {
        // Master 0 alone on one host; the others are the majority, and go on serving.
        let hosts = [0, 1, 1, 1, 1, 1]
        let apart = Action.cutNode(.node("h0"), duration: 15_000_000_000)
        let lost = outcome(model(replicas: 1, hosts: hosts), apart)
        // It goes on for a node timeout.
        #expect(lost.writesLost > 1.5 * Self.load && lost.writesLost < 3.5 * Self.load, "\(lost.writesLost)")
        #expect(lost.recovered && lost.promoted)
        #expect(lost.writesLost == lost.writesLost.rounded(), "writes are whole")
        // Slots are served again with the promotion, long before the cut ends.
        #expect(lost.anySlotUnserved < 8_000_000_000)
        let careful = model(replicas: 1, hosts: hosts) {
            $0.minReplicasToWrite = 1
            $0.minReplicasMaxLagSeconds = 1
            $0.nodeTimeout = 8000
        }
        let patient = model(replicas: 1, hosts: hosts) { $0.nodeTimeout = 8000 }
        #expect(outcome(careful, apart, until: 60).writesLost < 0.5 * outcome(patient, apart, until: 60).writesLost)
    }

    @Test("nothing happens after the horizon")
    func horizon() {
        let scenario = Scenario(
            name: "test", question: "", parameters: [], timeline: [Scenario.Step(at: 0, action: kill)],
            horizon: 2_500_000_000)
        let simulation = ClusterSimulation(model: model(replicas: 1), scenario: scenario, seed: 5)
        simulation.recorder.keepsStory = true
        for replication in 0..<20 {
            let outcome = simulation.replicate(replication)
            #expect(outcome.milestones.allSatisfy { $0 <= 2_500_000_000 }, "seed 5, replication \(replication)")
            #expect(simulation.recorder.story.allSatisfy { $0.time <= 2_500_000_000 }, "replication \(replication)")
            #expect(outcome.anySlotUnserved <= 2_500_000_000)
        }
    }
}
