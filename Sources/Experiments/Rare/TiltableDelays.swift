import ClusterModel
import DiscreteEvent
package import SystemModel

/// The delays of an environment that a search for a rare event may draw from their tails, by their paths in
/// environment.yaml.
enum TiltableDelays {
    static let all: [(name: String, path: any WritableKeyPath<Environment, Distribution> & Sendable)] = [
        ("network.withinHost", \.network.withinHost), ("network.betweenHosts", \.network.betweenHosts),
        ("network.staleNeighbour", \.network.staleNeighbour),
        ("network.unreachableAfter", \.network.unreachableAfter),
        ("process.wakeUp", \.process.wakeUp), ("process.tickCost", \.process.tickCost),
        ("process.packetCost", \.process.packetCost), ("process.startUp", \.process.startUp),
        ("disk.save", \.disk.save), ("disk.sync", \.disk.sync),
        ("nfs.rtt", \.nfs.rtt), ("nfs.commit", \.nfs.commit), ("nfs.service", \.nfs.service),
        ("nfs.grace", \.nfs.grace), ("nfs.thaw", \.nfs.thaw), ("nfs.fullGrace", \.nfs.fullGrace),
        ("nfs.lease", \.nfs.lease), ("nfs.recall", \.nfs.recall), ("nfs.notification", \.nfs.notification),
        ("nfs.reclaim", \.nfs.reclaim),
        ("kubernetesTimings.schedule", \.kubernetes.schedule),
        ("kubernetesTimings.bindToKubelet", \.kubernetes.bindToKubelet),
        ("kubernetesTimings.podStart", \.kubernetes.podStart),
        ("kubernetesTimings.startRetry", \.kubernetes.startRetry),
        ("kubernetesTimings.removal", \.kubernetes.removal),
        ("kubernetesTimings.sandboxStop", \.kubernetes.sandboxStop),
        ("kubernetesTimings.controller", \.kubernetes.controller),
        ("kubernetesTimings.containerRestart", \.kubernetes.containerRestart),
        ("kubernetesTimings.registryCheck", \.kubernetes.registryCheck),
        ("kubernetesTimings.imagePull", \.kubernetes.imagePull),
        ("kubernetesTimings.leaseRenew", \.kubernetes.leaseRenew),
        ("kubernetesTimings.nodeMonitorPeriod", \.kubernetes.nodeMonitorPeriod),
        ("kubernetesTimings.toleration", \.kubernetes.toleration),
        ("kubernetesTimings.endpoints", \.kubernetes.endpoints),
        ("kubernetesTimings.kubeProxy", \.kubernetes.kubeProxy),
        ("kubernetesTimings.dnsCache", \.kubernetes.dnsCache), ("kubernetesTimings.reboot", \.kubernetes.reboot),
    ]
}

extension RareEventSampler {
    /// For an event of a scenario. Delays that are the same every time are left alone.
    package init(
        _ event: ReplicationEvent, model: SystemModel, scenario: Scenario, seed: UInt64,
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) {
        let varying = TiltableDelays.all.filter {
            let delay = model.environment[keyPath: $0.path]
            return delay.quantile(0.999) > delay.quantile(0.001)
        }
        let score = EventScore(event)
        self.init(delays: varying.map(\.name), threshold: EventScore.threshold, shouldStop: shouldStop) { proposal in
            let meter = TailMeter()
            var tilted = model
            for (delay, tilt) in zip(varying, proposal.tilts) {
                tilted.environment[keyPath: delay.path] = meter.tilted(
                    model.environment[keyPath: delay.path], lower: tilt.lower, upper: tilt.upper, extreme: tilt.extreme)
            }
            let simulation = ClusterSimulation(model: tilted, scenario: scenario, seed: seed)
            let row = OutcomeTable(capacity: 1)
            return WeightedTrial(meter: meter) { replication in
                row.set(0, simulation.replicate(replication))
                row.close(count: 1)
                return score.score(of: row.value(of: event.quantity, in: 0))
            }
        }
    }
}

/// How near a replication came to an event.
struct EventScore: Sendable {
    /// From here on the event has come about.
    static let threshold = 1.0

    private let event: ReplicationEvent

    init(_ event: ReplicationEvent) { self.event = event }

    /// 1 where the event came about. Otherwise below 1, and the higher the nearer the value is to the limit.
    func score(of value: Double) -> Double {
        if event.holds(for: value) { return 1 }
        guard case .compares(let comparison, let limit) = event.condition, limit.value.isFinite else { return 0 }
        switch comparison {
        case .above, .atLeast: return value / (value + limit.value + 1)
        case .below, .atMost: return value.isFinite ? 1 / (2 + value - limit.value) : 0
        }
    }
}
