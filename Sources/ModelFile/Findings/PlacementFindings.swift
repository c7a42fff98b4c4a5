import Kubernetes
import SystemModel

/// What follows from where the scheduler may put the pods.
struct PlacementFindings {
    let model: SystemModel
    let deployment: KubernetesDeployment
    private let distribution: PlacementDistribution
    /// Workers that a pod of the set could run on if it were alone.
    private let usableWorkers: [String]

    init(model: SystemModel, deployment: KubernetesDeployment) {
        self.model = model
        self.deployment = deployment
        distribution = Self.distribution(of: deployment)
        usableWorkers = Self.usableWorkers(of: deployment)
    }

    private var set: StatefulSet { deployment.statefulSet }
    private var object: String { "statefulset/\(set.name)" }
    private var objects: ClusterObjects { deployment.objects }

    var all: [Finding] { pending + majority + sharedWorker + present + preference + ignoredSpread + spreadTrap }

    /// Where the pods are already known to be: which worker is the one not to lose.
    private var present: [Finding] {
        guard let placement = deployment.placement, placement.count == model.shape.nodes else { return [] }
        let shape = model.shape
        var findings: [Finding] = []
        for worker in objects.nodes.map(\.name) {
            let masters = (0..<shape.masters).filter { placement[$0] == worker }
            if shape.masters > 1, shape.masters - masters.count < shape.quorum {
                findings.append(
                    Finding(
                        .problem, "node/\(worker)",
                        "as placed it holds \(masters.count) of the \(shape.masters) masters: when it is lost, "
                            + "nothing is promoted",
                        advice: "move a master: CLUSTER FAILOVER on a replica that is on another worker"))
            }
            for master in masters where shape.replicasPerMaster > 0 {
                let replicas = shape.replicas(of: master)
                guard replicas.allSatisfy({ placement[$0] == worker }) else { continue }
                let names = replicas.map { "\(set.name)-\($0)" }.joined(separator: ", ")
                let whom = replicas.count == 1 ? "its only replica" : "all its replicas"
                findings.append(
                    Finding(
                        .problem, "node/\(worker)",
                        "as placed it holds \(set.name)-\(master) and \(whom), \(names): their slots are lost with it",
                        advice: "swap the replica with one on another worker"))
            }
        }
        return findings
    }

    /// Exact where the tree of coin flips is small; else from trials, as many as keep `check` within a second or two:
    /// what one costs grows with the square of the pods and with the nodes.
    private static func distribution(of deployment: KubernetesDeployment) -> PlacementDistribution {
        let set = deployment.statefulSet
        let study = PlacementStudy(objects: deployment.objects, statefulSet: set, version: deployment.version)
        let (pods, nodes) = (max(set.replicas, 1), max(deployment.objects.nodes.count, 1))
        if pods * nodes <= 60, let exact = study.exact(limit: 300) { return exact }
        let trials = min(max(trialWork / (pods * pods * nodes), 10), 1000)
        return study.distribution(trials: trials, seed: 1, limit: 1)
    }

    /// Pods × pods × nodes of all trials together.
    private static let trialWork = 200_000

    private static func usableWorkers(of deployment: KubernetesDeployment) -> [String] {
        var alone = deployment.objects
        var lone = deployment.statefulSet
        alone.pods.removeAll { $0.namespace == lone.namespace && lone.ordinal(ofPod: $0.name) != nil }
        // Its claims are another finding's business.
        lone.volumeClaimTemplates = []
        let decision = Scheduler(version: deployment.version).evaluate(
            pod: lone.pod(ordinal: 0, version: deployment.version), in: alone)
        return decision.nodes.filter(\.feasible).map(\.node)
    }

    private var pending: [Finding] {
        for ordinal in 0..<set.replicas {
            let isPending = distribution.probability { assignment in
                if case .pending = assignment[ordinal] { true } else { false }
            }
            guard isPending > 0 else { continue }
            let reason = distribution.outcomes.lazy.compactMap { outcome -> String? in
                if case .pending(let reason) = outcome.assignment[ordinal] { reason } else { nil }
            }.first
            let isOrdered = set.podManagementPolicy == .orderedReady && ordinal + 1 < set.replicas
            let rest =
                isOrdered ? ", and under OrderedReady \(set.name)-\(ordinal + 1) and all above are never created" : ""
            return [
                Finding(
                    .problem, "pod/\(set.name)-\(ordinal)",
                    "\(isPending > 0.999 ? "it stays Pending" : "it may stay Pending")\(rest): "
                        + "\(reason ?? "no node takes it")",
                    advice: "give it a node and a volume that fit, or demand less")
            ]
        }
        return []
    }

    /// Whether the loss of a single worker can leave less than a majority of the masters.
    private var majority: [Finding] {
        let masters = model.shape.masters
        let quorum = model.shape.quorum
        let workers = usableWorkers.count
        guard masters > 1, workers > 0 else { return [] }
        let largest = (masters + workers - 1) / workers
        if masters - largest < quorum {
            let whole =
                workers == 1
                ? "the only worker holds all \(masters) masters"
                : """
                one of the \(workers) workers always holds at least \(largest) of the \(masters) masters
                """
            return [
                Finding(
                    .problem, "cluster",
                    "\(whole): when it is lost, less than a majority is left and nothing is promoted",
                    advice: "spread the masters over three workers at least")
            ]
        }
        let chance = distribution.probability { assignment in
            usableWorkers.contains { worker in
                let held = assignment.prefix(masters).filter { $0.node == worker }.count
                return masters - held < quorum
            }
        }
        guard chance > 0 else { return [] }
        return [
            Finding(
                .warning, "cluster",
                "\(likelihood(chance)) one worker holds so many masters that its loss leaves no majority",
                advice: "forbid it: topologySpreadConstraints, or required anti-affinity")
        ]
    }

    private var sharedWorker: [Finding] {
        let shape = model.shape
        guard shape.replicasPerMaster > 0 else { return [] }
        func shares(_ master: Int, _ assignment: [Placement]) -> Bool {
            guard let worker = assignment[master].node else { return false }
            return shape.replicas(of: master).allSatisfy { assignment[$0].node == worker }
        }
        guard set.replicas == shape.nodes else { return [] }
        let chance = distribution.probability { assignment in
            (0..<shape.masters).contains { shares($0, assignment) }
        }
        guard chance > 0 else { return [] }
        let example = (0..<shape.masters).first { master in
            distribution.probability { shares(master, $0) } > 0
        }
        let pair = example.map { master in
            let replicas = shape.replicas(of: master).map(set.podName(ordinal:)).joined(separator: ", ")
            return " (such as \(set.podName(ordinal: master)) and \(replicas))"
        }
        let whom = shape.replicasPerMaster == 1 ? "its only replica" : "all its replicas"
        return [
            Finding(
                .problem, "cluster",
                "a master can share a worker with \(whom)\(pair ?? ""): \(likelihood(chance)) at least one does, "
                    + "and its slots are lost with that worker",
                advice: "place masters and replicas by separate StatefulSets, or check the placement and move replicas")
        ]
    }

    /// An exact probability as a share; one from trials as what it is.
    private func likelihood(_ probability: Double) -> String {
        if let trials = distribution.trials {
            return "in \(Int((probability * Double(trials)).rounded())) of \(trials) trial placements"
        }
        let tenths = (probability * 1000).rounded() / 10
        return "with probability \(probability > 0 && tenths == 0 ? "under 0.1" : "\(tenths)") %"
    }

    private func isAntiAffinity(_ term: PodAffinityTerm) -> Bool {
        term.matches(set.pod(ordinal: 0, version: deployment.version), ofOwnerIn: set.namespace)
    }

    /// Preferred anti-affinity between more pods than there are domains.
    private var preference: [Finding] {
        let terms = set.template.spec.affinity.podAnti.preferred.map(\.term).filter(isAntiAffinity)
        for term in terms {
            let workers = objects.nodes.filter { usableWorkers.contains($0.name) }
            let values = workers.compactMap { $0.labels[term.topologyKey] }
            let domains = values.enumerated().filter { values.firstIndex(of: $0.element) == $0.offset }.count
            guard domains > 0, set.replicas > domains else { continue }
            return [
                Finding(
                    .warning, object,
                    "preferred anti-affinity over \(term.topologyKey) can't hold: \(set.replicas) pods, \(domains) "
                        + "\(domains == 1 ? "place" : "places") to keep them apart; it only evens the numbers out",
                    advice: "count on several pods a worker, or add workers")
            ]
        }
        return []
    }

    /// v1.17 has the field but not the feature: EvenPodsSpread is an alpha gate there, and off.
    private var ignoredSpread: [Finding] {
        guard deployment.version == .v117, !set.template.spec.topologySpreadConstraints.isEmpty else { return [] }
        return [
            Finding(
                .warning, object,
                "topologySpreadConstraints have no effect in v1.17: the feature is behind a gate that is off",
                advice: "use anti-affinity, or a newer release")
        ]
    }

    /// A tainted node counts as an empty domain, so that maxSkew holds the others down (nodeTaintsPolicy is Ignore).
    private var spreadTrap: [Finding] {
        guard deployment.version == .current else { return [] }
        let tainted = objects.nodes.filter { node in
            !usableWorkers.contains(node.name) && node.taints.contains { $0.effect != .preferNoSchedule }
        }
        let pending = distribution.probability { $0.contains { $0.node == nil } }
        for constraint in set.template.spec.topologySpreadConstraints
        where constraint.whenUnsatisfiable == .doNotSchedule
            && constraint.nodeTaintsPolicy == .ignore && pending > 0
        {
            guard let node = tainted.first(where: { $0.labels[constraint.topologyKey] != nil }) else { continue }
            return [
                Finding(
                    .problem, object,
                    "node \(node.name), which is tainted, counts as an empty domain of \(constraint.topologyKey): "
                        + "maxSkew "
                        + "\(constraint.maxSkew) then allows \(constraint.maxSkew) pods in each other domain",
                    advice: "add nodeTaintsPolicy: Honor to the constraint")
            ]
        }
        return []
    }
}
