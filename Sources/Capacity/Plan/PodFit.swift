import Kubernetes
package import SystemModel

/// How many pods of the StatefulSet's shape the workers take, by the scheduler itself, one pod after another.
package struct PodFit: Sendable, Equatable {
    package struct Count: Sendable, Equatable {
        /// Fewest and most over the deployments tried: the scheduler's coin flips may matter.
        package let least: Int
        package let most: Int
        /// Why the next one stays pending, in the scheduler's words; nil where none did up to `PodFit.most`.
        package let reason: String?
    }

    /// Nil with all workers, else the one that is lost.
    package let lost: String?
    package let pods: Count
    /// The same if there were as many volumes as pods.
    package let podsWithVolumes: Count

    /// Pods asked for at most.
    package static let most = 500
    /// Workers whose loss is tried: beyond that many one more or less hardly matters.
    static let mostWorkers = 12
    private static let trials = 5

    /// With all workers, and with each one that runs a pod lost.
    package static func all(_ deployment: KubernetesDeployment, workers: [String], seed: UInt64) -> [PodFit] {
        [fit(deployment, without: nil, seed: seed)] + workers.map { fit(deployment, without: $0, seed: seed) }
    }

    private static func fit(_ deployment: KubernetesDeployment, without lost: String?, seed: UInt64) -> PodFit {
        var objects = deployment.objects
        objects.nodes.removeAll { $0.name == lost }
        var set = deployment.statefulSet
        // Beyond what the nodes admit nothing fits, whatever the scheduler thinks.
        let admitted = objects.nodes.reduce(0) { $0 + $1.allocatablePods }
        set.replicas = min(most, max(admitted + 1, set.replicas))
        let asTheyAre = count(set, objects, deployment.version, seed)
        set.volumeClaimTemplates = []
        return PodFit(
            lost: lost, pods: asTheyAre, podsWithVolumes: count(set, objects, deployment.version, seed))
    }

    private static func count(
        _ set: StatefulSet, _ objects: ClusterObjects, _ version: KubernetesVersion, _ seed: UInt64
    ) -> Count {
        var serial = set
        // One by one, so that the first that fits nowhere ends it.
        serial.podManagementPolicy = .orderedReady
        let study = PlacementStudy(objects: objects, statefulSet: serial, version: version)
        var counts: [Int] = []
        var reason: String?
        for trial in study.run(trials: trials, seed: seed) {
            counts.append(trial.assignment.count { $0.node != nil })
            for case .pending(let why) in trial.assignment where reason == nil { reason = why }
        }
        return Count(least: counts.min() ?? 0, most: counts.max() ?? 0, reason: reason)
    }
}
