import Kubernetes
import RedisCluster
package import SystemModel

/// Faults that every model knows, as scenarios: what scenario files would say, by name.
package struct StandardFaults: Sendable {
    package let model: SystemModel
    /// Machines on which a server is, or can be; with manifests without those that no pod of the set could run on.
    package let machines: [String]

    package init(_ model: SystemModel) {
        self.model = model
        machines =
            switch model.deployment {
            case .processes(let deployment): deployment.hosts
            case .kubernetes(let deployment): deployment.usableWorkers
            }
    }

    /// Ended servers are replaced within seconds, elections that fail are repeated after four node timeouts: what has
    /// not come right after this has not done so by itself.
    package var horizon: Int64 { 30_000_000_000 + 8 * model.conf.nodeTimeout * 1_000_000 }

    package var isKubernetes: Bool { deployment != nil }

    var deployment: KubernetesDeployment? {
        if case .kubernetes(let deployment) = model.deployment { deployment } else { nil }
    }

    package var hasNFS: Bool {
        switch model.deployment {
        case .processes(let deployment): deployment.storage == .nfs
        case .kubernetes(let deployment): deployment.dataOnNFS
        }
    }

    package func name(of process: Int) -> String {
        switch model.deployment {
        case .processes: "process \(process)"
        case .kubernetes(let deployment): deployment.statefulSet.podName(ordinal: process)
        }
    }

    // MARK: Scenarios

    package func scenario(
        _ name: String, _ question: String, _ steps: [Scenario.Step], horizon: Int64? = nil
    ) -> Scenario {
        Scenario(
            name: name, question: question, parameters: [], timeline: steps, horizon: horizon ?? self.horizon)
    }

    package func scenario(_ name: String, _ action: Action, horizon: Int64? = nil) -> Scenario {
        scenario(name, name, [Scenario.Step(at: 0, action: action)], horizon: horizon)
    }

    /// A server's process is killed; bare ones stay away, a pod's container is started again.
    package func kill(_ process: Int) -> Scenario {
        scenario("kill \(name(of: process))", .kill(.process(process), restartAfter: nil, newAddress: false))
    }

    /// A pod is deleted, or a bare process killed for good.
    package func lose(_ target: Target, named name: String) -> Scenario {
        if isKubernetes {
            return scenario("delete \(name)", .deletePod(target, graceSeconds: nil), horizon: 2 * horizon)
        }
        return scenario("kill \(name)", .kill(target, restartAfter: nil, newAddress: false))
    }

    /// A machine loses power for good.
    package func crash(_ machine: String) -> Scenario {
        scenario("lose \(machine)", .crashNode(.node(machine), duration: nil))
    }

    /// The server of all volumes answers nobody for a minute.
    package var storageOutage: Scenario {
        let length: Int64 = 60_000_000_000
        return scenario("storage away for 1 min", .nfs(.stall, .all, duration: length), horizon: horizon + length)
    }
}

extension KubernetesDeployment {
    /// Workers that a pod of the set could run on if it were alone.
    package var usableWorkers: [String] {
        var alone = objects
        var lone = statefulSet
        alone.pods.removeAll { $0.namespace == lone.namespace && lone.ordinal(ofPod: $0.name) != nil }
        lone.volumeClaimTemplates = []
        let decision = Scheduler(version: version).evaluate(pod: lone.pod(ordinal: 0, version: version), in: alone)
        return decision.nodes.filter(\.feasible).map(\.node)
    }
}
