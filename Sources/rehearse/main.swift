import ClusterModel
import DiscreteEvent
import RedisCluster
import SystemModel

let arguments = CommandLine.arguments
let fault = arguments.count > 1 ? arguments[1] : "kill"
let reps = arguments.count > 2 ? Int(arguments[2])! : 100
let timeout = arguments.count > 3 ? Int64(arguments[3])! : 5000
let masters = arguments.count > 4 ? Int(arguments[4])! : 3
let replicas = arguments.count > 5 ? Int(arguments[5])! : 1
var conf = RedisConf()
conf.nodeTimeout = timeout
conf.appendOnly = true
let shape = ClusterShape(masters: masters, replicasPerMaster: replicas)
let model = SystemModel(
    name: "six", engine: .redis70, conf: conf, shape: shape,
    deployment: .processes(.init(hosts: ["a"], placement: Array(repeating: 0, count: shape.nodes), storage: .local)),
    environment: Environment())
let target = Target.masters(count: 1)
let action: Action =
    switch fault {
    case "stop": .freeze(target, duration: nil)
    case "term": .terminate(target, restartAfter: nil, newAddress: false)
    case "idle": .freeze(.process(9999), duration: nil)
    default: .kill(target, restartAfter: nil, newAddress: false)
    }
let horizon: Int64 = fault == "idle" ? 1_000_000_000_000 : 30_000_000_000
let scenario = Scenario(
    name: "x", question: "", parameters: [], timeline: [.init(at: 0, action: action)], horizon: horizon)
let simulation = ClusterSimulation(model: model, scenario: scenario, seed: 1)
for r in 0..<reps {
    let o = simulation.replicate(r)
    print(o.milestones.map { String(Double($0) / 1e6) }.joined(separator: ","), o.promotions, o.elections, o.recovered, o.obstacle, o.anySlotUnserved / 1_000_000)
}
