import ClusterModel
import DiscreteEvent
import Randomness
import RedisCluster
package import Statistics
package import SystemModel

/// Writes that were acknowledged and are gone, fault by fault, with what is said to prevent that:
/// min-replicas-to-write, and clients that WAIT for a replica.
package struct WriteLossStudy: Sendable {
    package enum Protection: String, Sendable, CaseIterable {
        case none
        case minReplicas
        /// The same with acknowledgements that may be 2 s old instead of 10 s.
        case minReplicasSoon
        case wait

        package var name: String {
            switch self {
            case .none: "nothing"
            case .minReplicas: "min-replicas-to-write 1"
            case .minReplicasSoon: "the same, min-replicas-max-lag 2"
            case .wait: "WAIT 1 after each write"
            }
        }
    }

    package struct Row: Sendable {
        package let fault: String
        package let protection: Protection
        /// Writes that are gone, in a fault; under WAIT only those for which it had returned 1.
        package let lost: Estimate
        package let lostP99: Estimate
        /// Faults that cost a write at all.
        package let anyLost: Share
        /// How long some slot's writes are refused, or can't be confirmed, ns; infinite where that does not end.
        package let unavailable: Durations
    }

    package let rows: [Row]
    /// Writes per second and master.
    package let load: Double
    /// What a WAIT 1 adds to a write while all is well, ns.
    package let waitLatency: (p50: Double, p99: Double)
    package let isComplete: Bool

    /// Replications that it takes, with `each` of them a case.
    package static func replications(_ model: SystemModel, each: Int) -> Int {
        // One run says both what is lost without protection and what WAIT would have saved.
        faults(model).count * 3 * each
    }

    /// - Parameter load: writes per second and master, above 0.
    package init(_ model: SystemModel, load: Double, _ effort: Effort) {
        let loaded = model.configured { $0.environment.load = load }
        let faults = WriteLossStudy.faults(loaded)
        var rows: [Row] = []
        for fault in faults {
            guard let found = WriteLossStudy.rows(loaded, fault, effort) else { break }
            rows += found
        }
        self.rows = rows
        self.load = load
        waitLatency = WriteLossStudy.latency(loaded, seed: effort.seed)
        isComplete = rows.count == faults.count * Protection.allCases.count
    }

    /// Faults that can depose a master that has acknowledged something.
    static func faults(_ model: SystemModel) -> [Scenario] {
        let standard = StandardFaults(model)
        let timeout = model.conf.nodeTimeout * 1_000_000
        let freeze = 3 * timeout
        var faults = [
            standard.lose(.masters(count: 1), named: "a master"),
            standard.scenario(
                "a master hangs for \(freeze / 1_000_000_000) s", .freeze(.masters(count: 1), duration: freeze)),
        ]
        for machine in standard.machines where standard.machines.count > 1 {
            faults.append(standard.crash(machine))
            faults.append(
                standard.scenario(
                    "cut off \(machine) for 1 min", .cutNode(.node(machine), duration: 60_000_000_000),
                    horizon: standard.horizon + 60_000_000_000))
        }
        return faults
    }

    private static func rows(_ model: SystemModel, _ fault: Scenario, _ effort: Effort) -> [Row]? {
        let refusing = model.configured { $0.conf.minReplicasToWrite = max(1, $0.conf.minReplicasToWrite) }
        let quick = refusing.configured { $0.conf.minReplicasMaxLagSeconds = 2 }
        guard let plain = observe(model, fault, effort), let refused = observe(refusing, fault, effort),
            let soon = observe(quick, fault, effort)
        else { return nil }
        return [
            row(fault, .none, plain.map(\.outcome.writesLost), plain.map(\.outcome.anySlotOutage)),
            row(fault, .minReplicas, refused.map(\.outcome.writesLost), refused.map(\.outcome.anySlotOutage)),
            row(fault, .minReplicasSoon, soon.map(\.outcome.writesLost), soon.map(\.outcome.anySlotOutage)),
            row(fault, .wait, plain.map(\.outcome.confirmedWritesLost), plain.map(\.unconfirmed)),
        ].compactMap(\.self)
    }

    private static func row(
        _ fault: Scenario, _ protection: Protection, _ lost: [Double], _ unavailable: [Double]
    ) -> Row? {
        guard let summary = Summary(lost), let anyLost = Share(lost.count { $0 >= 1 }, of: lost.count),
            let durations = Durations(unavailable)
        else { return nil }
        return Row(
            fault: fault.name, protection: protection, lost: summary.meanEstimate(),
            lostP99: summary.quantileEstimate(0.99), anyLost: anyLost, unavailable: durations)
    }

    private static func observe(
        _ model: SystemModel, _ fault: Scenario, _ effort: Effort
    ) -> [(outcome: Outcome, unconfirmed: Double)]? {
        effort.map(model, fault) { simulation, index in
            var watch = ConfirmationWatch()
            let outcome = simulation.replicate(index, observedBy: &watch, from: 0)
            return (outcome, watch.isUnconfirmed ? .infinity : watch.total)
        }
    }

    /// There and back between a master and a replica on another machine, and the replica's turn of its loop: WAIT sends
    /// REPLCONF GETACK at once, and a replica answers it at once (replication.c). What the stream still has to carry
    /// goes before it.
    private static func latency(_ model: SystemModel, seed: UInt64) -> (p50: Double, p99: Double) {
        var dice = RandomStream(seed: seed, replication: 0, purpose: .network, entity: 0)
        let isSpread = StandardFaults(model).machines.count > 1
        let way = isSpread ? model.environment.network.betweenHosts : model.environment.network.withinHost
        let turn = model.environment.process.packetCost
        let samples = (0..<10_000).map { _ in
            Double(way.sample(&dice) + way.sample(&dice) + turn.sample(&dice) + turn.sample(&dice))
        }
        guard let summary = Summary(samples) else { return (0, 0) }
        return (summary.quantile(0.5), summary.quantile(0.99))
    }
}

/// Time in which a write to some slots would not be confirmed by a replica: nobody serves them, or no replica follows.
private struct ConfirmationWatch: WorldObserver {
    static let step: Int64 = 50_000_000
    private(set) var total = 0.0
    private(set) var isUnconfirmed = false

    mutating func look(at time: Int64, _ world: ClusterSimulation) -> Int64? {
        isUnconfirmed = (0..<world.partCount).contains { part in
            let server = world.server(ofPart: part)
            return server < 0 || !world.hasReplicaInSync(server, at: time)
        }
        if isUnconfirmed { total += Double(ConfirmationWatch.step) }
        return time + ConfirmationWatch.step
    }
}
