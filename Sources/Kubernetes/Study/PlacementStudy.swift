import Randomness

/// Where the pods of a StatefulSet land when they are created one after another on the cluster as it is.
///
/// Each pod's claims are bound, the pod is scheduled and taken to be Running and Ready before the next is created. Under
/// OrderedReady a pod that stays pending ends the creation; under Parallel the others are still tried. Pods that the set
/// already has in the objects are left out; its claims are kept.
package struct PlacementStudy: Sendable {
    package let statefulSet: StatefulSet
    package let scheduler: Scheduler
    /// The cluster without the set's own pods.
    private let start: ClusterObjects

    /// One deployment from scratch.
    package struct Trial: Sendable, Equatable {
        /// By ordinal.
        package var assignment: [Placement]
        /// For each ordinal the volumes of its claims, in the order of the claim templates; nil for one that is unbound.
        package var volumes: [[String?]]
    }

    package init(objects: ClusterObjects, statefulSet: StatefulSet, version: KubernetesVersion) {
        self.statefulSet = statefulSet
        scheduler = Scheduler(version: version)
        var start = objects
        start.pods.removeAll { $0.namespace == statefulSet.namespace && statefulSet.ordinal(ofPod: $0.name) != nil }
        let isListed = start.statefulSets.contains { $0.name == statefulSet.name && $0.namespace == statefulSet.namespace }
        if !isListed { start.statefulSets.append(statefulSet) }
        self.start = start
    }

    private var ordinals: Range<Int> { 0..<max(statefulSet.replicas, 0) }

    // MARK: Trials

    /// Independent deployments; the same seed gives the same ones.
    package func run(trials: Int, seed: UInt64) -> [Trial] {
        var memory = DecisionMemory(
            isSound: start.storageClasses.allSatisfy { $0.bindingMode == .immediate },
            distinguishesVolumes: start.persistentVolumes.contains { $0.nodeAffinity != nil })
        return (0..<max(trials, 0)).map { index in
            var choice = RandomStream(seed: seed, replication: UInt64(index), purpose: .scheduler, entity: 0)
            var binding = RandomStream(seed: seed, replication: UInt64(index), purpose: .volumeBinding, entity: 0)
            return trial(&memory, &choice, &binding)
        }
    }

    private func trial(
        _ memory: inout DecisionMemory, _ choice: inout RandomStream, _ binding: inout RandomStream
    ) -> Trial {
        var objects = start
        var trial = Trial(assignment: [], volumes: [])
        for ordinal in ordinals {
            if isStopped(trial.assignment) {
                trial.assignment.append(.notCreated)
                trial.volumes.append([])
                continue
            }
            let pod = create(ordinal, &objects)
            for name in pod.spec.claimNames {
                _ = VolumeBinder.bind(claim: name, namespace: pod.namespace, in: &objects, random: &binding)
            }
            let decision = memory.decision(trial.assignment, claims(of: pod, in: objects)) {
                scheduler.evaluate(pod: pod, in: objects)
            }
            let node = scheduler.choose(decision, random: &choice)
            if let node { objects = pick(settled(pod, on: node, in: objects), &binding) }
            trial.assignment.append(placement(node, decision))
            trial.volumes.append(claims(of: pod, in: objects).map { $0?.phase == .bound ? $0?.volumeName : nil })
        }
        return trial
    }

    // MARK: Exact

    /// Every assignment with its probability, by walking all ties; nil where more than `limit` ends would be reached.
    package func exact(limit: Int = 20_000) -> PlacementDistribution? {
        var walk = Walk(limit: limit)
        visit(0, objects: start, path: [], probability: 1, fraction: .one, &walk)
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

    private func visit(
        _ ordinal: Int, objects: ClusterObjects, path: [Placement], probability: Double, fraction: Fraction?,
        _ walk: inout Walk
    ) {
        guard walk.isComplete else { return }
        guard ordinals.contains(ordinal), !isStopped(path) else {
            let rest = [Placement](repeating: .notCreated, count: ordinals.count - path.count)
            walk.end(path + rest, probability, fraction)
            return
        }
        var created = objects
        let pod = create(ordinal, &created)
        for bound in VolumeBranches.binding(pod, in: created, on: nil) {
            let decision = scheduler.evaluate(pod: pod, in: bound.objects)
            let fraction = bound.fraction.flatMap { fraction?.times($0) }
            let probability = probability * bound.probability
            if decision.tied.isEmpty {
                visit(
                    ordinal + 1, objects: bound.objects, path: path + [placement(nil, decision)], probability: probability,
                    fraction: fraction, &walk)
            }
            for node in decision.tied {
                for settled in settled(pod, on: node, in: bound.objects) {
                    let share = Fraction(1, decision.tied.count).flatMap { settled.fraction?.times($0) }
                    visit(
                        ordinal + 1, objects: settled.objects, path: path + [.node(node)],
                        probability: probability * settled.probability / Double(decision.tied.count),
                        fraction: share.flatMap { fraction?.times($0) }, &walk)
                }
            }
        }
    }

    // MARK: One pod again

    /// What the scheduler thinks when one pod is created anew while the others are where `assignment` says.
    ///
    /// Claims that are not bound in the objects get the first volume that fits.
    package func recreate(ordinal: Int, given assignment: [Placement], explainingAll: Bool = false) -> Decision {
        var objects = start
        for (other, placement) in assignment.enumerated() where other != ordinal {
            guard let node = placement.node else { continue }
            let pod = bound(create(other, &objects), in: &objects)
            objects = settled(pod, on: node, in: objects)[0].objects
        }
        let pod = bound(create(ordinal, &objects), in: &objects)
        return scheduler.evaluate(pod: pod, in: objects, explainingAll: explainingAll)
    }

    private func bound(_ pod: Pod, in objects: inout ClusterObjects) -> Pod {
        if let first = VolumeBranches.binding(pod, in: objects, on: nil).first { objects = first.objects }
        return pod
    }

    // MARK: Steps

    private func isStopped(_ path: [Placement]) -> Bool {
        guard statefulSet.podManagementPolicy == .orderedReady, let last = path.last else { return false }
        return last.node == nil
    }

    /// The pod, with the claims that it lacks added to the objects.
    private func create(_ ordinal: Int, _ objects: inout ClusterObjects) -> Pod {
        for claim in statefulSet.claims(ordinal: ordinal) {
            let exists = objects.persistentVolumeClaims.contains {
                $0.name == claim.name && $0.namespace == claim.namespace
            }
            if !exists { objects.persistentVolumeClaims.append(claim) }
        }
        return statefulSet.pod(ordinal: ordinal, version: scheduler.version)
    }

    /// The objects with the pod running on the node, for each way of binding the claims that waited for it. Never empty.
    private func settled(_ pod: Pod, on node: String, in objects: ClusterObjects) -> [VolumeBranches] {
        var placed = pod
        placed.nodeName = node
        placed.phase = .running
        placed.ready = true
        let host = objects.nodes.first { $0.name == node }
        return VolumeBranches.binding(pod, in: objects, on: host).map { branch in
            var branch = branch
            branch.objects.pods.append(placed)
            return branch
        }
    }

    private func pick(_ branches: [VolumeBranches], _ random: inout RandomStream) -> ClusterObjects {
        guard branches.count > 1 else { return branches[0].objects }
        var rest = random.uniform()
        for branch in branches {
            rest -= branch.probability
            if rest < 0 { return branch.objects }
        }
        return branches[branches.count - 1].objects
    }

    private func claims(of pod: Pod, in objects: ClusterObjects) -> [PersistentVolumeClaim?] {
        pod.spec.claimNames.map { name in
            objects.persistentVolumeClaims.first { $0.name == name && $0.namespace == pod.namespace }
        }
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

/// Decisions already made for the same pods at the same places. A decision depends on which of the pod's claims are bound,
/// and on the volumes that they are bound to only where volumes are tied to nodes. Claims that wait for the pod's node make
/// it depend on all volumes that are left; nothing is remembered then.
private struct DecisionMemory {
    struct Key: Hashable {
        let path: [Placement]
        /// For each claim: nil where unbound, the volume's name where that matters, else empty.
        let claims: [String?]
    }

    let isSound: Bool
    let distinguishesVolumes: Bool
    private var decisions: [Key: Decision] = [:]

    init(isSound: Bool, distinguishesVolumes: Bool) {
        self.isSound = isSound
        self.distinguishesVolumes = distinguishesVolumes
    }

    mutating func decision(
        _ path: [Placement], _ claims: [PersistentVolumeClaim?], _ evaluate: () -> Decision
    ) -> Decision {
        guard isSound else { return evaluate() }
        let bound = claims.map { claim in
            claim?.phase == .bound ? (distinguishesVolumes ? claim?.volumeName : "") : nil
        }
        let key = Key(path: path, claims: bound)
        if let known = decisions[key] { return known }
        let decision = evaluate()
        decisions[key] = decision
        return decision
    }
}
