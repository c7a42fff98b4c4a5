import DiscreteEvent
import ModelFile
import Randomness
import RedisCluster
import SystemModel
import Testing

@testable import Lab

@Suite("What a lab does and to whom")
struct PlanTests {
    /// Masters 0, 1, 2 with replicas 3, 4, 5, of which process 1 is down and 4 is master in its place.
    static let targets = LabTargets(
        roles: (0..<6).map { process in
            let owns = process < 3 && process != 1 || process == 4
            return LabCluster.Role(isMaster: owns, ownsSlots: owns, master: owns ? nil : process % 3)
        },
        isRunning: [true, false, true, true, true, true], hosts: [("a", [0, 1, 5]), ("b", [2, 3, 4])], struck: [[1]])

    @Test(
        "Targets are resolved by the roles of the moment",
        arguments: [
            (Target.masters(count: 5), [0, 2, 4]), (.replicas(count: 9), [3, 5]), (.process(1), [1]), (.process(6), []),
            (.sameAs(step: 0), [1]), (.sameAs(step: 1), []), (.node("b"), [2, 3, 4]), (.node("c"), []),
            (.all, [0, 1, 2, 3, 4, 5]), (.replicasOf(.process(2)), [5]), (.union([.process(3), .process(0)]), [3, 0]),
        ])
    func resolution(target: Target, expected: [Int]) {
        var dice = RandomStream(key: 1)
        #expect(Self.targets.resolve(target, &dice) == expected)
    }

    @Test("Each master is drawn about as often as the others")
    func fairness() {
        var counts = [Int](repeating: 0, count: 6)
        for trial in 0..<3000 {
            var dice = RandomStream(seed: 1, replication: UInt64(trial), purpose: .fault, entity: 0)
            let drawn = Self.targets.resolve(.masters(count: 1), &dice)
            #expect(drawn.count == 1)
            for process in drawn { counts[process] += 1 }
        }
        // Four standard deviations of a binomial of 3000 and 1/3.
        for master in [0, 2, 4] { #expect(abs(counts[master] - 1000) < 104, "\(counts)") }
    }

    @Test("A shard is a master and its replicas")
    func shard() {
        for key in 0..<20 {
            var dice = RandomStream(key: UInt64(key))
            let drawn = Self.targets.resolve(.shard, &dice)
            #expect([[0, 3], [2, 5], [4]].contains(drawn))
        }
    }

    @Test("The agenda gives what is due, by time and then in order")
    func agenda() {
        let kill = Action.kill(.masters(count: 1), restartAfter: nil, newAddress: false)
        let scenario = Scenario(
            name: "x", question: "", parameters: [],
            timeline: [Scenario.Step(at: 5, action: kill), Scenario.Step(at: 0, action: kill)], horizon: 10)
        var agenda = Agenda(scenario)
        agenda.add(.thaw([1]), at: 5)
        #expect(agenda.take(dueAt: 0)?.entry == .step(1))
        #expect(agenda.take(dueAt: 4) == nil)
        #expect(agenda.next == 5)
        #expect(agenda.take(dueAt: 9)?.entry == .step(0))
        #expect(agenda.take(dueAt: 9)?.entry == .thaw([1]))
        #expect(agenda.isEmpty)
    }

    static let impossible: [Action] = [
        .deletePod(.all, graceSeconds: nil), .rollingRestart, .create, .crashNode(.all, duration: nil),
        .nfs(.stall, .all, duration: nil), .link(.all, .all, delay: nil, duration: nil), .cutNode(.all, duration: nil),
        .partition([], duration: nil),
    ]

    @Test("What can't be inflicted is refused before anything starts", arguments: impossible)
    func refusal(action: Action) {
        let scenario = Scenario(
            name: "x", question: "", parameters: [], timeline: [Scenario.Step(at: 0, action: action)], horizon: 1)
        #expect(throws: LabError.self) { try Feasibility.check(scenario, hosts: 1) }
    }

    @Test("A cut is possible between two hosts")
    func cut() throws {
        let scenario = Scenario(
            name: "x", question: "", parameters: [],
            timeline: [Scenario.Step(at: 0, action: .cutNode(.node("b"), duration: nil))], horizon: 1)
        try Feasibility.check(scenario, hosts: 2)
    }

    @Test("Versions are read from what servers say of themselves")
    func identity() throws {
        let redis = try #require(ServerBinary.identity("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc"))
        #expect(redis.product == "redis" && redis.version == "7.0.15")
        let valkey = try #require(ServerBinary.identity("Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64"))
        #expect(valkey.product == "valkey" && valkey.version == "9.1.2")
        for text in ["", "Redis server", "Apache/2.4", "Redis server x=7", "a server v=1"] {
            #expect(ServerBinary.identity(text) == nil)
        }
    }

    @Test("Only what a server knows is written into its configuration, and the model's port is not")
    func directives() {
        var conf = RedisConf()
        conf.savePoints = false
        conf.nodeTimeout = 2345
        var directives = ServerDirectives(conf) { $0 != "shutdown-timeout" }
        directives.place(at: "127.1.2.3", port: 1234, directory: "/d", logLevel: "debug", bindsSource: false)
        let words = directives.arguments
        #expect(!words.contains("--shutdown-timeout") && !words.contains("6379"))
        #expect(!words.contains("--bind-source-addr"))
        for (name, value) in [("--cluster-node-timeout", "2345"), ("--save", ""), ("--bind", "127.1.2.3")] {
            #expect(words.firstIndex(of: name).map { words[$0 + 1] } == value)
        }
    }

    @Test("A table of quantiles rises, and ends where the distribution's body does")
    func quantileTable() throws {
        let table = SlowStorageSettings.table(.lognormal(p50: 1e6, p99: 1e7))
        let points = try table.split(separator: ",").map { point in
            let pair = point.split(separator: ":")
            return (p: try #require(Double(pair[0])), value: try #require(Int64(pair[1])))
        }
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.p < $1.p && $0.value <= $1.value })
        #expect(points.first { $0.p == 0.5 }?.value == 1_000_000)
        #expect(points.last?.p == 0.9999)
    }
}
