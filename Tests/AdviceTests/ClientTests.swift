@testable import Advice
import ClusterModel
import Statistics
import SystemModel
import Testing

@Suite struct ClientTests {
    private func study(
        _ model: SystemModel, _ scenario: Scenario, _ names: String...
    ) throws -> ClientStudy {
        let clients = try names.map { try #require(ClientBehaviour.preset(named: $0)) }
        return ClientStudy(model, scenario, clients: clients, Effort(replications: 8, seed: 1, workers: 2))
    }

    @Test func noFaultNoTrouble() throws {
        let model = try Models.load("six-processes")
        // Nothing that anybody notices: a replica is stopped for a moment.
        let scenario = StandardFaults(model).scenario("nothing", .freeze(.process(5), duration: 1_000_000))
        let study = try study(model, scenario, "jedis", "lettuce", "go-redis", "redis-py")
        for row in study.rows { #expect(row.back.p99.value == 0, "\(row.client.name)") }
        #expect(study.servers?.p99.value == 0)
    }

    @Test func nobodyIsBackBeforeTheServers() throws {
        let model = try Models.load("six-processes")
        let study = try study(model, ClientStudy.defaultScenario(model), "jedis", "go-redis")
        let servers = try #require(study.servers)
        for row in study.rows {
            #expect(row.back.p50.value >= servers.p50.value, "\(row.client.name)")
            #expect(row.back.p50.value < servers.p50.value + 20e9, "\(row.client.name)")
        }
    }

    /// Without a refresh Lettuce goes on calling the dead master; with one every 5 s it is back soon after the servers.
    @Test func whoNeverAsksNeverLearns() throws {
        let model = try Models.load("six-processes")
        let fault = StandardFaults(model).lose(.masters(count: 1), named: "a master")
        let study = try study(model, fault, "lettuce", "lettuce-both")
        #expect(study.rows[0].back.p50.value == .infinity)
        let servers = try #require(study.servers)
        #expect(study.rows[1].back.p99.value < servers.p99.value + 12e9)
    }

    @Test func lookingChangesNothing() throws {
        let model = try Models.load("two-nodes-six-pods")
        let fault = ClientStudy.defaultScenario(model)
        let plain = ClusterSimulation(model: model, scenario: fault, seed: 9).replicate(3)
        struct Glances: WorldObserver {
            mutating func look(at time: Int64, _ world: ClusterSimulation) -> Int64? {
                for p in 0..<world.processCount {
                    _ = world.slots(accordingTo: p, at: time)
                    _ = world.connect(to: world.address(of: p), at: time)
                }
                return time + 70_000_000
            }
        }
        var glances = Glances()
        let watched = ClusterSimulation(model: model, scenario: fault, seed: 9)
            .replicate(3, observedBy: &glances, from: -1_000_000_000)
        #expect(watched == plain)
    }
}
