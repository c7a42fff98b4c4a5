import DiscreteEvent
import RedisCluster
import SystemModel

@testable import ClusterModel

/// The measured set-up: six processes of one host, each on its own mount of one NFS server.
struct NFSWorld {
    var load = 60.0
    var rtt = 0.2
    var hosts = ["a"]
    var engine = Engine.redis70
    var version = Environment.NFS.Version.v41
    var export = Environment.NFS.Export.sync

    static let second: Int64 = 1_000_000_000
    static let seed: UInt64 = 42

    /// A fault that hits nobody: there is no such process.
    static let nothing = Action.freeze(.process(99), duration: nil)

    static func seconds(_ value: Double) -> Int64 { Int64(value * 1e9) }

    var model: SystemModel {
        var conf = RedisConf()
        conf.nodeTimeout = 5000
        conf.appendOnly = true
        conf.savePoints = false
        let shape = ClusterShape(masters: 3, replicasPerMaster: 1)
        var environment = Environment()
        environment.load = load
        environment.nfs.rtt = .constant(rtt * 1e6)
        environment.nfs.version = version
        environment.nfs.export = export
        let placement = Array(repeating: 0, count: shape.nodes)
        return SystemModel(
            name: "six-on-nfs", engine: engine, conf: conf, shape: shape,
            deployment: .processes(.init(hosts: hosts, placement: placement, storage: .nfs)), environment: environment)
    }

    func simulation(_ steps: [(at: Double, action: Action)], until horizon: Double) -> ClusterSimulation {
        let timeline = steps.map { Scenario.Step(at: NFSWorld.seconds($0.at), action: $0.action) }
        let scenario = Scenario(
            name: "test", question: "", parameters: [], timeline: timeline, horizon: NFSWorld.seconds(horizon))
        let simulation = ClusterSimulation(model: model, scenario: scenario, seed: NFSWorld.seed)
        simulation.recorder.keepsStory = true
        return simulation
    }

    /// An outage of all six, or of one master.
    func outage(_ kind: NFSFault, of target: Target = .all, for duration: Double, until horizon: Double)
        -> ClusterSimulation
    {
        simulation(
            [(at: 0, action: .nfs(kind, target, duration: NFSWorld.seconds(duration)))], until: horizon)
    }
}

extension ClusterSimulation {
    /// Instants in s after the fault at which a process began, or ceased, to wait for storage for long.
    var freezes: [Double] { instants(of: "waits for storage") }
    var thaws: [Double] { instants(of: "storage answers") }

    private func instants(of text: String) -> [Double] {
        recorder.story.filter { $0.text == text && $0.time >= 0 }.map { Double($0.time) / 1e9 }.sorted()
    }

    /// Observations of a kind, in s after the fault.
    func instants(of kind: Observation.Kind) -> [Double] {
        recorder.observations.filter { $0.observation.kind == kind }.map { Double($0.time) / 1e9 }.sorted()
    }
}

/// The p-quantile of a sample, by the nearest rank.
func quantile(_ sample: [Double], _ p: Double) -> Double {
    let sorted = sample.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[min(sorted.count - 1, Int(p * Double(sorted.count)))]
}
