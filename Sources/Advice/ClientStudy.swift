import ClusterModel
import Randomness
package import SystemModel

/// When the application is back: from a fault to the moment from which a client's writes succeed on every slot, for
/// clients of different behaviour, over the same replications.
package struct ClientStudy: Sendable {
    package struct Row: Sendable {
        package let client: ClientBehaviour
        package let access: ClientAccess
        /// To the first success after the last failure; 0 where nothing failed, infinite where something still does.
        package let back: Durations
    }

    package let rows: [Row]
    /// The servers themselves: until some slot's last time without a master is over.
    package let servers: Durations?
    package let isComplete: Bool

    /// The client is connected and at work before the fault strikes.
    private static let lead: Int64 = 2_000_000_000

    package init(
        _ model: SystemModel, _ scenario: Scenario, clients: [ClientBehaviour], _ effort: Effort
    ) {
        let accesses: [ClientAccess] = StandardFaults(model).isKubernetes ? [.addresses, .service] : [.addresses]
        let pairs = clients.flatMap { client in accesses.map { (client: client, access: $0) } }
        let seed = effort.seed
        let results = effort.map(model, scenario) { simulation, index -> (back: [Double], servers: Double) in
            simulation.recorder.keepsServing = true
            var watch = ClientWatch(pairs: pairs, seed: seed, replication: index, start: -ClientStudy.lead)
            let outcome = simulation.replicate(index, observedBy: &watch, from: -ClientStudy.lead)
            let last = simulation.recorder.servingChanges.last { $0.time > 0 && $0.process >= 0 }?.time ?? 0
            let servers = outcome.unservedAtHorizon ? Double.infinity : outcome.anySlotUnserved == 0 ? 0 : Double(last)
            return (watch.back, servers)
        }
        guard let results else {
            rows = []
            servers = nil
            isComplete = false
            return
        }
        rows = pairs.indices.compactMap { index in
            Durations(results.map { $0.back[index] }).map {
                Row(client: pairs[index].client, access: pairs[index].access, back: $0)
            }
        }
        servers = Durations(results.map { $0.servers })
        isComplete = true
    }

    /// The fault that is asked about where no scenario is named.
    package static func defaultScenario(_ model: SystemModel) -> Scenario {
        StandardFaults(model).lose(.masters(count: 1), named: "a master")
    }
}

/// Several clients that look at the same world.
private struct ClientWatch: WorldObserver {
    private let pairs: [(client: ClientBehaviour, access: ClientAccess)]
    private let seed: UInt64
    private let replication: Int
    private let start: Int64
    private var walks: [ClientWalk] = []
    private var due: [Int64] = []

    init(pairs: [(client: ClientBehaviour, access: ClientAccess)], seed: UInt64, replication: Int, start: Int64) {
        self.pairs = pairs
        self.seed = seed
        self.replication = replication
        self.start = start
    }

    mutating func look(at time: Int64, _ world: ClusterSimulation) -> Int64? {
        if walks.isEmpty {
            walks = pairs.enumerated().map { index, pair in
                let dice = RandomStream(
                    seed: seed, replication: UInt64(replication), purpose: .client, entity: UInt64(index))
                return ClientWalk(pair.client, pair.access, parts: world.partCount, start: start, dice: dice)
            }
            due = Array(repeating: time, count: walks.count)
        }
        for index in walks.indices where due[index] <= time { due[index] = walks[index].proceed(at: time, world) }
        return due.min()
    }

    /// ns after the fault; infinite where a client is not back.
    var back: [Double] { walks.map { $0.backAt.map(Double.init) ?? .infinity } }
}
