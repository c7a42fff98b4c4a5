import ClusterModel
import DiscreteEvent
import ModelFile
import RedisCluster
import SystemModel

let arguments = CommandLine.arguments
let reps = Int(arguments[3])!
do {
    let loaded = try ModelReader.read(directory: arguments[1], overrides: Array(arguments.dropFirst(4)))
    let scenario = try loaded.scenario(named: arguments[2], overrides: Array(arguments.dropFirst(4)))
    let simulation = ClusterSimulation(model: loaded.model, scenario: scenario, seed: 1)
    if reps == 1 { simulation.recorder.keepsStory = true }
    for r in 0..<reps {
        let o = simulation.replicate(r)
        print(
            o.milestones.map { $0 < 0 ? "-1" : String(Double($0 / 1000) / 1e3) }.joined(separator: ","), o.promotions,
            o.elections, o.recovered, o.obstacle, o.anySlotUnserved / 1_000_000)
        if reps == 1 {
            for line in simulation.recorder.story.sorted(by: { $0.time < $1.time }) { print(line.time / 1_000_000, line.process, line.text) }
            for (t, p, o) in simulation.recorder.observations.prefix(300) where o.kind != .reported && o.kind != .reportWithdrawn {
                print(t / 1_000_000, p, o.kind, o.subject, o.value)
            }
        }
    }
} catch { print(error) }
