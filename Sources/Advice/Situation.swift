package import SystemModel
import Kubernetes

/// Who is where in which role: one placement of the servers on machines, and which of them are masters.
package struct Situation: Sendable, Equatable {
    /// The machine of each server; nil for a pod that no node takes.
    package let machines: [String?]
    /// For each shard its servers, the master first.
    package let shards: [[Int]]

    package init(machines: [String?], shards: [[Int]]) {
        self.machines = machines
        self.shards = shards
    }

    /// The roles as the cluster was created.
    package init(machines: [String?], shape: ClusterShape) {
        self.machines = machines
        shards = (0..<shape.masters).map { [$0] + shape.replicas(of: $0) }
    }

    package var masters: [Int] { shards.map { $0[0] } }
    package var quorum: Int { shards.count / 2 + 1 }

    /// The roles after a failover to a replica; the old master comes back as a replica on its machine.
    package func promoting(_ replica: Int) -> Situation {
        let shards = shards.map { shard in
            shard.contains(replica) ? [replica] + shard.filter { $0 != replica } : shard
        }
        return Situation(machines: machines, shards: shards)
    }

    /// Every replica that the next failover can promote.
    package var replicas: [Int] { shards.flatMap { $0.dropFirst() }.sorted() }

    /// What is left when these servers are gone for good.
    package func losing(_ lost: (Int) -> Bool) -> Verdict {
        func gone(_ server: Int) -> Bool {
            lost(server) || machines[server] == nil
        }
        let mastersLost = masters.filter(gone)
        let uncovered = shards.indices.filter { shards[$0].allSatisfy(gone) }
        return Verdict(
            mastersLost: mastersLost, votersLeft: shards.count - mastersLost.count, quorum: quorum,
            shardsWithoutCopy: uncovered)
    }

    package func losing(machine: String) -> Verdict {
        losing { machines[$0] == machine }
    }

    /// What the loss of some servers leaves, by the rules of cluster.c alone.
    package struct Verdict: Sendable, Equatable {
        package let mastersLost: [Int]
        package let votersLeft: Int
        package let quorum: Int
        /// Shards of which no copy runs.
        package let shardsWithoutCopy: [Int]

        package var hasMajority: Bool { votersLeft >= quorum }
        /// Every slot gets a master again: nobody is missing, or a majority can elect a running replica of each.
        package var recovers: Bool { mastersLost.isEmpty || hasMajority && shardsWithoutCopy.isEmpty }
    }
}

/// A situation and how likely it is.
package struct WeightedSituation: Sendable {
    package let situation: Situation
    package let probability: Double
}

/// The situations that a model can be in when a fault strikes.
package struct Situations: Sendable {
    package let all: [WeightedSituation]
    /// The files say where every server is.
    package let isKnown: Bool
    /// How many placements were drawn to find the probabilities; nil where they are exact.
    package let trials: Int?

    package init(_ model: SystemModel) {
        switch model.deployment {
        case .processes(let deployment):
            let machines = deployment.placement.map { Optional(deployment.hosts[$0]) }
            all = [WeightedSituation(situation: Situation(machines: machines, shape: model.shape), probability: 1)]
            isKnown = true
            trials = nil
        case .kubernetes(let deployment):
            if let placement = deployment.placement {
                let situation = Situation(machines: placement, shape: model.shape)
                all = [WeightedSituation(situation: situation, probability: 1)]
                isKnown = true
                trials = nil
                return
            }
            let study = PlacementStudy(
                objects: deployment.objects, statefulSet: deployment.statefulSet, version: deployment.version)
            let distribution = study.likely()
            all = distribution.outcomes.map { outcome in
                WeightedSituation(
                    situation: Situation(machines: outcome.assignment.map(\.node), shape: model.shape),
                    probability: outcome.probability)
            }
            isKnown = false
            trials = distribution.trials
        }
    }

    /// The probability that something holds.
    package func probability(_ holds: (Situation) -> Bool) -> Double {
        min(1, all.reduce(0) { holds($1.situation) ? $0 + $1.probability : $0 })
    }

    /// The likeliest, or the known one.
    package var likeliest: Situation { all[0].situation }
}
