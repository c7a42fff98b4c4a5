import ClusterModel
package import DiscreteEvent
import RedisCluster
package import Statistics
package import SystemModel

/// What makes a healthy server late, and what that does at a node timeout.
package enum Disturbance: String, Sendable, CaseIterable {
    /// fork() for a snapshot or a rewrite blocks one master.
    case fork
    /// Page faults after a fork block one master.
    case copyOnWrite
    /// The NFS server answers nobody.
    case storage
    /// A machine's packets vanish.
    case network

    package var name: String {
        switch self {
        case .fork: "fork pauses"
        case .copyOnWrite: "copy-on-write pauses"
        case .storage: "storage stalls"
        case .network: "network losses"
        }
    }

    /// What happens to the servers: pauses are alike.
    fileprivate var mechanism: Mechanism {
        switch self {
        case .fork, .copyOnWrite: .pause
        case .storage: .stall
        case .network: .cut
        }
    }

    func length(_ environment: Environment) -> Distribution {
        switch self {
        case .fork: environment.disturbances.forkPause
        case .copyOnWrite: environment.disturbances.copyOnWritePause
        case .storage: environment.disturbances.storageStall
        case .network: environment.disturbances.networkLoss
        }
    }

    /// In the whole cluster: pauses are counted for masters, losses of packets for machines.
    func perMonth(_ model: SystemModel) -> Double {
        let rates = model.environment.disturbances
        let faults = StandardFaults(model)
        switch self {
        case .fork: return rates.forkPausesPerMonth * Double(model.shape.masters)
        case .copyOnWrite: return rates.copyOnWritePausesPerMonth * Double(model.shape.masters)
        case .storage: return faults.hasNFS ? rates.storageStallsPerMonth : 0
        case .network:
            let machines = faults.machines.count
            return machines > 1 ? rates.networkLossesPerMonth * Double(machines) : 0
        }
    }
}

private enum Mechanism: CaseIterable { case pause, stall, cut }

/// How often a month a replica is promoted although its master would have come back by itself.
///
/// Rates come from the environment; the probability of a promotion, given how long the disturbance lasts, is simulated
/// for each stratum of lengths, and weighted with the stratum's share of the lengths. So what happens once in years
/// costs no more replications than what happens daily.
package struct FalseFailovers: Sendable {
    package struct Part: Sendable {
        package let disturbance: Disturbance
        /// Of the disturbance itself.
        package let perMonth: Double
        /// That it ends in a promotion.
        package let probability: Estimate
    }

    package let parts: [Part]

    /// A month. What happens to the servers in the same way rests on the same simulations, so that its errors add up;
    /// those of different ways are independent.
    package var total: Estimate {
        let value = parts.reduce(0) { $0 + $1.perMonth * $1.probability.value }
        func spread(_ end: (Part) -> Double) -> Double {
            Mechanism.allCases.reduce(0) { squares, mechanism in
                let error = parts.reduce(0) { $1.disturbance.mechanism == mechanism ? $0 + end($1) : $0 }
                return squares + error * error
            }.squareRoot()
        }
        let below = spread { $0.perMonth * ($0.probability.value - $0.probability.interval.low) }
        let above = spread { $0.perMonth * ($0.probability.interval.high - $0.probability.value) }
        return Estimate(value: value, interval: Interval(low: max(0, value - below), high: value + above))
    }

    /// Edges of the strata, as multiples of the node timeout. A server that is away for less than 0.8 of it is never
    /// suspected: a PONG must be missing for the whole of it (clusterCron). The last stratum is open.
    static let edges = [0.8, 0.95, 1.05, 1.2, 1.4, 1.7, 2.2, 3.0]
    /// Lengths that are simulated in a stratum, evenly apart.
    static let lengths = 4

    /// Replications that this takes.
    ///
    /// - Parameter each: replications of a case.
    package static func replications(_ model: SystemModel, each: Int) -> Int {
        mechanisms(model).count * edges.count * lengths * perLength(each)
    }

    private static func perLength(_ each: Int) -> Int { max(1, (each + lengths - 1) / lengths) }

    private static func mechanisms(_ model: SystemModel) -> [Mechanism] {
        Mechanism.allCases.filter { mechanism in
            Disturbance.allCases.contains { $0.mechanism == mechanism && $0.perMonth(model) > 0 }
        }
    }

    init(parts: [Part]) { self.parts = parts }

    /// Nil where somebody stopped it.
    package static func estimate(_ model: SystemModel, _ effort: Effort) -> FalseFailovers? {
        var promoted: [(mechanism: Mechanism, strata: [Share])] = []
        for mechanism in mechanisms(model) {
            var strata: [Share] = []
            for index in edges.indices {
                guard let share = promotion(model, mechanism, stratum: index, effort) else { return nil }
                strata.append(share)
            }
            promoted.append((mechanism, strata))
        }
        let parts = Disturbance.allCases.map { disturbance in
            let strata = promoted.first { $0.mechanism == disturbance.mechanism }?.strata ?? []
            return Part(
                disturbance: disturbance, perMonth: disturbance.perMonth(model),
                probability: weighted(strata, disturbance.length(model.environment), model.conf.nodeTimeout))
        }
        return FalseFailovers(parts: parts)
    }

    private static func bounds(_ stratum: Int) -> (low: Double, high: Double) {
        let low = edges[stratum]
        // What lasts longer than three timeouts is as bad as what lasts four.
        return (low, stratum + 1 < edges.count ? edges[stratum + 1] : low + 1)
    }

    private static func promotion(
        _ model: SystemModel, _ mechanism: Mechanism, stratum: Int, _ effort: Effort
    ) -> Share? {
        let (low, high) = bounds(stratum)
        let faults = StandardFaults(model)
        let perLength = perLength(effort.replications)
        var promoted = 0
        for number in 0..<lengths {
            let multiple = low + (high - low) * (Double(number) + 0.5) / Double(lengths)
            let length = Int64(multiple * Double(model.conf.nodeTimeout) * 1e6)
            let action: Action
            switch mechanism {
            case .pause: action = .freeze(.masters(count: 1), duration: length)
            case .stall: action = .nfs(.stall, .all, duration: length)
            case .cut: action = .cutNode(.node(faults.machines[number % faults.machines.count]), duration: length)
            }
            let horizon = length + (3 * model.conf.nodeTimeout + 5000) * 1_000_000
            let scenario = faults.scenario("disturbance", action, horizon: horizon)
            guard let outcomes = effort.outcomes(model, scenario, count: perLength) else { return nil }
            promoted += outcomes.count(where: \.promoted)
        }
        return Share(promoted, of: lengths * perLength)
    }

    /// Over the lengths that a disturbance has; the ends of the strata's intervals join as independent errors do.
    private static func weighted(_ strata: [Share], _ length: Distribution, _ timeout: Int64) -> Estimate {
        var (value, below, above) = (0.0, 0.0, 0.0)
        for (index, share) in strata.enumerated() {
            let (low, high) = bounds(index)
            let isLast = index + 1 == edges.count
            let upper = isLast ? 1 : length.probability(below: high * Double(timeout) * 1e6)
            let weight = max(0, upper - length.probability(below: low * Double(timeout) * 1e6))
            value += weight * share.value
            below += weight * weight * (share.value - share.interval.low) * (share.value - share.interval.low)
            above += weight * weight * (share.interval.high - share.value) * (share.interval.high - share.value)
        }
        let interval = Interval(low: max(0, value - below.squareRoot()), high: min(1, value + above.squareRoot()))
        return Estimate(value: value, interval: interval)
    }
}

extension Distribution {
    /// The share of durations below `length` ns, by bisection of the quantiles.
    package func probability(below length: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        if quantile(0) >= length { return 0 }
        if quantile(1) < length { return 1 }
        // 60 halvings are finer than the numbers are.
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if quantile(middle) < length { low = middle } else { high = middle }
        }
        return low
    }
}
