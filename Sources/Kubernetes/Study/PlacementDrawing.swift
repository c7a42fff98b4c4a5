package import Randomness

/// Deployments from scratch, drawn one at a time: what one costs is the scheduling of its pods, and nothing is paid for
/// deployments that nobody draws.
///
/// A draw depends on the study and the two streams only. Decisions of earlier draws are remembered, which changes
/// nothing but the time.
package struct PlacementDrawing {
    private let study: PlacementStudy
    private var memory: DecisionMemory

    package init(_ study: PlacementStudy) {
        self.study = study
        memory = DecisionMemory(
            isSound: study.start.storageClasses.allSatisfy { $0.bindingMode == .immediate },
            distinguishesVolumes: study.start.persistentVolumes.contains { $0.nodeAffinity != nil })
    }

    /// - Parameters:
    ///   - choice: breaks the scheduler's ties.
    ///   - binding: breaks the volume binder's.
    package mutating func draw(choice: inout RandomStream, binding: inout RandomStream) -> PlacementStudy.Trial {
        var volumes = study.start
        var trial = PlacementStudy.Trial(assignment: [], volumes: [])
        for pod in study.pods {
            if study.isStopped(trial.assignment) {
                trial.assignment.append(.notCreated)
                trial.volumes.append([])
                continue
            }
            for name in pod.spec.claimNames {
                _ = VolumeBinder.bind(claim: name, namespace: pod.namespace, in: &volumes, random: &binding)
            }
            let verdict = memory.verdict(trial.assignment, PlacementDrawing.claims(of: pod, in: volumes)) {
                study.scheduler.evaluate(pod: pod, in: study.populated(volumes, trial.assignment))
            }
            let node = Scheduler.choose(among: verdict.tied, random: &choice)
            if let node {
                volumes = pick(study.bindingAfterPlacement(of: pod, on: node, in: volumes), &binding)
            }
            trial.assignment.append(node.map { .node($0) } ?? .pending(reason: verdict.unschedulableReason))
            trial.volumes.append(
                PlacementDrawing.claims(of: pod, in: volumes).map { $0?.phase == .bound ? $0?.volumeName : nil })
        }
        return trial
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

    private static func claims(of pod: Pod, in objects: ClusterObjects) -> [PersistentVolumeClaim?] {
        pod.spec.claimNames.map { name in
            objects.persistentVolumeClaims.first { $0.name == name && $0.namespace == pod.namespace }
        }
    }
}

/// Decisions already made for the same pods at the same places. A decision depends on which of the pod's claims are
/// bound, and on the volumes that they are bound to only where volumes are tied to nodes. Claims that wait for the
/// pod's node make it depend on all volumes that are left; nothing is remembered then.
private struct DecisionMemory {
    struct Key: Hashable {
        let path: [Placement]
        /// For each claim: nil where unbound, the volume's name where that matters, else empty.
        let claims: [String?]
    }

    /// Of a decision, what a draw needs.
    struct Verdict {
        let tied: [String]
        let unschedulableReason: String
    }

    /// Beyond this many, new ones are made anew each time: a million draws must not fill memory.
    private static let limit = 50_000

    let isSound: Bool
    let distinguishesVolumes: Bool
    private var verdicts: [Key: Verdict] = [:]

    init(isSound: Bool, distinguishesVolumes: Bool) {
        self.isSound = isSound
        self.distinguishesVolumes = distinguishesVolumes
    }

    mutating func verdict(
        _ path: [Placement], _ claims: [PersistentVolumeClaim?], _ evaluate: () -> Decision
    ) -> Verdict {
        let bound = claims.map { claim in
            claim?.phase == .bound ? (distinguishesVolumes ? claim?.volumeName : "") : nil
        }
        let key = Key(path: path, claims: bound)
        if isSound, let known = verdicts[key] { return known }
        let decision = evaluate()
        let verdict = Verdict(tied: decision.tied, unschedulableReason: decision.unschedulableReason ?? "")
        if isSound, verdicts.count < DecisionMemory.limit { verdicts[key] = verdict }
        return verdict
    }
}
