import Randomness

/// Where the pods of a StatefulSet land when they are created one after another on the cluster as it is.
///
/// Each pod's claims are bound, the pod is scheduled and taken to be Running and Ready before the next is created.
/// Under OrderedReady a pod that stays pending ends the creation; under Parallel the others are still tried. Pods that
/// the set already has in the objects are left out; its claims are kept.
package struct PlacementStudy: Sendable {
    package let statefulSet: StatefulSet
    package let scheduler: Scheduler
    /// The cluster without the set's own pods, with all claims that they will have.
    let start: ClusterObjects
    /// By ordinal, not placed yet.
    let pods: [Pod]

    /// One deployment from scratch.
    package struct Trial: Sendable, Equatable {
        /// By ordinal.
        package var assignment: [Placement]
        /// For each ordinal the volumes of its claims, in the order of the claim templates; nil for one that is
        /// unbound.
        package var volumes: [[String?]]
    }

    package init(objects: ClusterObjects, statefulSet: StatefulSet, version: KubernetesVersion) {
        self.statefulSet = statefulSet
        scheduler = Scheduler(version: version)
        var start = objects
        start.pods.removeAll { $0.namespace == statefulSet.namespace && statefulSet.ordinal(ofPod: $0.name) != nil }
        let isListed = start.statefulSets.contains {
            $0.name == statefulSet.name && $0.namespace == statefulSet.namespace
        }
        if !isListed { start.statefulSets.append(statefulSet) }
        let ordinals = 0..<max(statefulSet.replicas, 0)
        for claim in ordinals.flatMap({ statefulSet.claims(ordinal: $0) }) {
            let exists = start.persistentVolumeClaims.contains {
                $0.name == claim.name && $0.namespace == claim.namespace
            }
            if !exists { start.persistentVolumeClaims.append(claim) }
        }
        self.start = start
        pods = ordinals.map { statefulSet.pod(ordinal: $0, version: version) }
    }

    // MARK: Trials

    /// Independent deployments; the same seed gives the same ones.
    package func run(trials: Int, seed: UInt64) -> [Trial] {
        var drawing = PlacementDrawing(self)
        return (0..<max(trials, 0)).map { index in
            var choice = RandomStream(seed: seed, replication: UInt64(index), purpose: .scheduler, entity: 0)
            var binding = RandomStream(seed: seed, replication: UInt64(index), purpose: .volumeBinding, entity: 0)
            return drawing.draw(choice: &choice, binding: &binding)
        }
    }

    // MARK: Exact

    /// Every assignment with its probability, by walking all ties; nil where more than `limit` ends would be reached.
    package func exact(limit: Int = 20_000) -> PlacementDistribution? {
        var walk = Walk(limit: limit)
        visit(volumes: start, path: [], probability: 1, fraction: .one, &walk)
        return walk.isComplete ? PlacementDistribution(outcomes: walk.outcomes, trials: nil) : nil
    }

    /// The exact distribution where it is small enough, else that of trials.
    package func distribution(trials: Int, seed: UInt64, limit: Int = 20_000) -> PlacementDistribution {
        if let exact = exact(limit: limit) { return exact }
        var walk = Walk(limit: .max)
        for trial in run(trials: trials, seed: seed) {
            walk.end(trial.assignment, 1 / Double(trials), Fraction(1, trials))
        }
        return PlacementDistribution(outcomes: walk.outcomes, trials: trials)
    }

    /// Trials where walking all coin flips is too much.
    private static let trialsIfNotExact = 10_000

    /// The distribution that whoever needs one asks for, so that all name the same likeliest placement of a model.
    package func likely(seed: UInt64 = 1) -> PlacementDistribution {
        distribution(trials: PlacementStudy.trialsIfNotExact, seed: seed)
    }

    private func visit(
        volumes: ClusterObjects, path: [Placement], probability: Double, fraction: Fraction?, _ walk: inout Walk
    ) {
        guard walk.isComplete else { return }
        guard path.count < pods.count, !isStopped(path) else {
            let rest = [Placement](repeating: .notCreated, count: pods.count - path.count)
            walk.end(path + rest, probability, fraction)
            return
        }
        let pod = pods[path.count]
        for bound in VolumeBranches.binding(pod, in: volumes, on: nil) {
            let decision = scheduler.evaluate(pod: pod, in: populated(bound.objects, path))
            let fraction = bound.fraction.flatMap { fraction?.times($0) }
            let probability = probability * bound.probability
            if decision.tied.isEmpty {
                visit(
                    volumes: bound.objects, path: path + [placement(nil, decision)], probability: probability,
                    fraction: fraction, &walk)
            }
            for node in decision.tied {
                for settled in bindingAfterPlacement(of: pod, on: node, in: bound.objects) {
                    let share = Fraction(1, decision.tied.count).flatMap { settled.fraction?.times($0) }
                    visit(
                        volumes: settled.objects, path: path + [.node(node)],
                        probability: probability * settled.probability / Double(decision.tied.count),
                        fraction: share.flatMap { fraction?.times($0) }, &walk)
                }
            }
        }
    }

    // MARK: One pod again

    /// What the scheduler thinks when one pod is created anew while the others are where `assignment` says.
    ///
    /// Claims that are not bound in the objects get the first volume that fits, in the order of the ordinals. An
    /// ordinal that the set does not have fits nowhere.
    ///
    /// - Parameter claimants: ordinals that have been placed before: they keep their volumes while they have no pod.
    package func recreate(
        ordinal: Int, given assignment: [Placement], claimants: Set<Int> = [], explainingAll: Bool = false
    ) -> Decision {
        guard pods.indices.contains(ordinal) else { return Decision(nodes: [], tied: [], unschedulableReason: nil) }
        var others = Array(assignment.prefix(pods.count))
        if others.indices.contains(ordinal) { others[ordinal] = .notCreated }
        var volumes = start
        for (index, (pod, placement)) in zip(pods, others).enumerated() {
            guard placement.node != nil || claimants.contains(index) else { continue }
            volumes = VolumeBranches.binding(pod, in: volumes, on: nil)[0].objects
            guard let node = placement.node else { continue }
            volumes = bindingAfterPlacement(of: pod, on: node, in: volumes)[0].objects
        }
        volumes = VolumeBranches.binding(pods[ordinal], in: volumes, on: nil)[0].objects
        return scheduler.evaluate(
            pod: pods[ordinal], in: populated(volumes, others), explainingAll: explainingAll)
    }

    // MARK: Steps

    func isStopped(_ path: [Placement]) -> Bool {
        guard statefulSet.podManagementPolicy == .orderedReady, let last = path.last else { return false }
        return last.node == nil
    }

    /// The objects with the pods running where the path says.
    func populated(_ objects: ClusterObjects, _ path: [Placement]) -> ClusterObjects {
        var populated = objects
        for (pod, placement) in zip(pods, path) {
            guard let node = placement.node else { continue }
            var placed = pod
            placed.nodeName = node
            placed.phase = .running
            placed.ready = true
            populated.pods.append(placed)
        }
        return populated
    }

    /// The ways of binding the claims that waited for the pod's node. Never empty.
    func bindingAfterPlacement(of pod: Pod, on node: String, in objects: ClusterObjects) -> [VolumeBranches] {
        guard let host = objects.nodes.first(where: { $0.name == node }) else {
            return [VolumeBranches(objects: objects)]
        }
        return VolumeBranches.binding(pod, in: objects, on: host)
    }

    private func placement(_ node: String?, _ decision: Decision) -> Placement {
        if let node { return .node(node) }
        return .pending(reason: decision.unschedulableReason ?? "")
    }
}

/// The ends of a walk, equal ones merged.
private struct Walk {
    let limit: Int
    var outcomes: [PlacementOutcome] = []
    var isComplete = true
    private var positions: [[Placement]: Int] = [:]
    private var ends = 0

    init(limit: Int) { self.limit = limit }

    mutating func end(_ assignment: [Placement], _ probability: Double, _ fraction: Fraction?) {
        ends += 1
        guard ends <= limit else {
            isComplete = false
            return
        }
        guard let position = positions[assignment] else {
            positions[assignment] = outcomes.count
            outcomes.append(PlacementOutcome(assignment: assignment, probability: probability, fraction: fraction))
            return
        }
        outcomes[position].probability += probability
        outcomes[position].fraction = fraction.flatMap { outcomes[position].fraction?.plus($0) }
    }
}
