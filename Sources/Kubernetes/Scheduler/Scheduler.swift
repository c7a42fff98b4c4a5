package import Randomness

/// The default scheduler as a function: a pod and the cluster's objects in, a verdict on each node out.
///
/// Follows v1.17 (pkg/scheduler/core/generic_scheduler.go with the default algorithm provider) and v1.34.1
/// (pkg/scheduler/schedule_one.go with the default plugins). Filters and scores carry the names of the framework
/// plugins under which both versions register them. In v1.17 the older priority names (`LeastRequestedPriority`,
/// `SelectorSpreadPriority`, ...) are only keys of the policy API, mapped to these plugins before anything runs
/// (framework/plugins/default_registry.go).
///
/// Every node is examined, as upstream does below 100 nodes. Preemption, nominated pods, extenders, and the filters for
/// cloud disks, CSI limits and volume zones are not modelled.
package struct Scheduler: Sendable {
    package var version: KubernetesVersion
    /// `hardPodAffinitySymmetricWeight` (v1.17) or `hardPodAffinityWeight` (current); 1 by default in both.
    package var hardPodAffinityWeight: Int
    /// The alpha gate BalanceAttachedNodeVolumes of v1.17, off by default; current releases have dropped it.
    package var balancesAttachedVolumes: Bool

    package init(version: KubernetesVersion, hardPodAffinityWeight: Int = 1, balancesAttachedVolumes: Bool = false) {
        self.version = version
        self.hardPodAffinityWeight = hardPodAffinityWeight
        self.balancesAttachedVolumes = balancesAttachedVolumes
    }

    /// Judges every node for `pod`. Pods in `objects` count where they are bound and not finished.
    ///
    /// With `explainingAll`, nodes that fail a filter have scores too: those that they would have if every node passed.
    /// They explain and decide nothing; upstream never computes them.
    package func evaluate(pod: Pod, in objects: ClusterObjects, explainingAll: Bool = false) -> Decision {
        guard !objects.nodes.isEmpty else {
            return Decision(nodes: [], tied: [], unschedulableReason: "no nodes available to schedule pods")
        }
        let snapshot = ClusterSnapshot(objects: objects, version: version)
        if let problem = VolumeFilter.preliminaryProblem(of: pod, in: objects, version: version) {
            return refusal(everywhere: problem, of: pod, in: objects)
        }
        var verdicts = filter(pod, snapshot)
        if explainingAll {
            score(pod, snapshot, &verdicts, where: { _ in true })
            for index in verdicts.indices where verdicts[index].feasible { verdicts[index].scores = [] }
            for index in verdicts.indices { verdicts[index].total = 0 }
        }
        if let failure = VolumeFilter.abortingProblem(of: pod, in: objects, version: version, verdicts: verdicts) {
            for index in verdicts.indices { verdicts[index].feasible = false }
            return Decision(nodes: verdicts, tied: [], unschedulableReason: failure)
        }
        score(pod, snapshot, &verdicts, where: \.feasible)
        let best = verdicts.filter(\.feasible).map(\.total).max()
        let tied = verdicts.filter { $0.feasible && $0.total == best }.map(\.node)
        return Decision(nodes: verdicts, tied: tied, unschedulableReason: tied.isEmpty ? fitError(verdicts) : nil)
    }

    /// The node that a cycle picks: uniformly random among the tied, one draw for each node after the first.
    ///
    /// Reservoir sampling as upstream's selectHost: the k-th of the tied replaces the choice with probability 1/k.
    package func choose(_ decision: Decision, random: inout RandomStream) -> String? {
        Self.choose(among: decision.tied, random: &random)
    }

    static func choose(among tied: [String], random: inout RandomStream) -> String? {
        guard var chosen = tied.first else { return nil }
        for (index, node) in tied.enumerated().dropFirst() where random.below(index + 1) == 0 { chosen = node }
        return chosen
    }

    private func filter(_ pod: Pod, _ snapshot: ClusterSnapshot) -> [NodeVerdict] {
        let filters = Filters(pod: pod, snapshot: snapshot, version: version)
        return snapshot.nodes.map { node in
            let verdicts = filters.verdicts(on: node)
            let reasons = verdicts.first { !$0.passes }?.reasons ?? []
            return NodeVerdict(
                node: node.name, feasible: reasons.isEmpty, filters: verdicts, reasons: reasons, scores: [], total: 0)
        }
    }

    private func score(
        _ pod: Pod, _ snapshot: ClusterSnapshot, _ verdicts: inout [NodeVerdict], where admits: (NodeVerdict) -> Bool
    ) {
        let indices = verdicts.indices.filter { admits(verdicts[$0]) }
        let cycle = ScoringCycle(
            pod: pod, feasible: indices.map { snapshot.nodes[$0] }, snapshot: snapshot, scheduler: self)
        for plugin in ScorePlugin.defaults(of: version) {
            let scores = plugin.score(cycle)
            for (position, index) in indices.enumerated() {
                verdicts[index].scores.append(
                    PluginScore(name: plugin.name, score: scores[position], weight: plugin.weight))
                verdicts[index].total &+= scores[position] &* plugin.weight
            }
        }
    }

    private func refusal(everywhere problem: String, of pod: Pod, in objects: ClusterObjects) -> Decision {
        let nodes = objects.nodes.map { node in
            NodeVerdict(
                node: node.name, feasible: false, filters: [FilterVerdict(name: "VolumeBinding", reasons: [problem])],
                reasons: [problem], scores: [], total: 0)
        }
        let text =
            switch version {
            case .v117: problem
            case .current: "0/\(objects.nodes.count) nodes are available: \(problem)."
            }
        return Decision(nodes: nodes, tied: [], unschedulableReason: text)
    }

    /// Upstream's FitError: each reason with the number of nodes that gave it, sorted as text.
    private func fitError(_ verdicts: [NodeVerdict]) -> String {
        var counts: Labels = [:]
        for reason in verdicts.flatMap(\.reasons) {
            counts[reason] = String((counts[reason].flatMap { Int($0) } ?? 0) + 1)
        }
        let parts = counts.entries.map { "\($0.value) \($0.key)" }.sorted()
        return "0/\(verdicts.count) nodes are available: \(parts.joined(separator: ", "))."
    }
}
