import Advice
import ClusterModel
import SystemModel
import Testing

@Suite struct SafetyTests {
    /// Masters 0, 1, 2 with replicas 3, 4, 5; the reference deployment's placement.
    private let reference = Situation(
        machines: ["node1", "node2", "node2", "node1", "node2", "node1"],
        shape: ClusterShape(masters: 3, replicasPerMaster: 1))

    @Test func namesWhatEachWorkerTakesAlong() {
        let first = reference.losing(machine: "node1")
        #expect(first.mastersLost == [0] && first.hasMajority && first.shardsWithoutCopy == [0] && !first.recovers)
        let second = reference.losing(machine: "node2")
        #expect(second.mastersLost == [1, 2] && !second.hasMajority && second.shardsWithoutCopy == [1])
        #expect((0..<6).allSatisfy { server in reference.losing { $0 == server }.recovers })
    }

    @Test func movesTheMajorityWithAFailover() {
        // Replica 5 of master 2 is on node1: once it is promoted, node1 holds two of three.
        let after = reference.promoting(5)
        #expect(after.masters == [0, 1, 5])
        #expect(!after.losing(machine: "node1").hasMajority && after.losing(machine: "node2").hasMajority)
    }

    @Test func separatesShardsByGivingReplicasOtherMasters() throws {
        let apart = try #require(Rearrangement(separating: reference))
        #expect(apart.moves.count == 2)
        #expect(
            apart.result.shards.allSatisfy { shard in
                apart.result.machines[shard[0]] != apart.result.machines[shard[1]]
            })
        #expect(apart.result.losing(machine: "node1").recovers)
        #expect(Rearrangement(separating: apart.result) == nil)
    }

    @Test func spreadsMastersOnlyWhereThatHelps() throws {
        #expect(Promotions(spreading: reference, machines: ["node1", "node2"]) == nil)
        let crowded = Situation(
            machines: ["a", "a", "b", "b", "c", "c"], shape: ClusterShape(masters: 3, replicasPerMaster: 1))
        let moved = try #require(Promotions(spreading: crowded, machines: ["a", "b", "c"]))
        #expect(["a", "b", "c"].allSatisfy { moved.result.losing(machine: $0).recovers })
    }

    /// The rules say never, the simulation says never; the rules say yes, the simulation says nearly always.
    @Test(arguments: ["node1", "node2"]) func agreesWithTheSimulation(_ worker: String) throws {
        let model = try Models.load("two-nodes-six-pods")
        let situation = try #require(Rearrangement(separating: reference)).result
        let effort = Effort(replications: 12, seed: 1, workers: 2)
        for (model, expected) in [
            (model, reference.losing(machine: worker).recovers),
            (model.placed(situation), situation.losing(machine: worker).recovers),
        ] {
            let outcomes = try #require(effort.outcomes(model, StandardFaults(model).crash(worker)))
            #expect(outcomes.count(where: \.recovered) == (expected ? outcomes.count : 0))
        }
    }

    @Test func weighsPlacementsByTheirProbability() throws {
        var model = try Models.load("two-nodes-six-pods")
        guard case .kubernetes(var deployment) = model.deployment else { return }
        deployment.placement = nil
        model.deployment = .kubernetes(deployment)
        let table = SafetyTable(model)
        #expect(!table.situations.isKnown && table.situations.all.count == 8)
        // Two workers are never safe: one always holds two of three masters.
        #expect(table.survivesAnyMachine == 0)
        let (one, other) = (table.machines[0].losesMajority, table.machines[1].losesMajority)
        #expect(abs(one + other - 1) < 1e-9)
    }
}
