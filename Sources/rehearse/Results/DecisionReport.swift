import Kubernetes

/// Which scheduler was used, and why.
struct SchedulerRules {
    let version: KubernetesVersion
    let reason: String

    var spoken: String { "scheduler of Kubernetes \(version.rawValue), \(reason)" }

    /// By the newest kubelet among the nodes; that of the reference deployment where none says its version.
    static func nearest(to nodes: [KubernetesNode]) -> SchedulerRules {
        guard let release = KubernetesVersion.release(of: nodes) else {
            return SchedulerRules(
                version: .v117, reason: "because no node says its version (--set kubernetes=current for the other)")
        }
        return SchedulerRules(version: release.rules, reason: "the nearest to the nodes' \(release)")
    }
}

/// One scheduling cycle, explained.
struct DecisionReport {
    let pod: Pod
    let rules: SchedulerRules
    let decision: Decision
    /// Nil where the pod stays pending.
    let chosen: String?

    /// `nodes`, `chosen` and `tied` are a promise; so are the keys of a node.
    var document: Document {
        .object([
            ("format", .text("rehearse.place-one/v1")), ("pod", .text(pod.name)),
            ("kubernetes", .text(rules.version.rawValue)), ("kubernetesReason", .text(rules.reason)),
            ("nodes", .list(decision.nodes.map(node))), ("chosen", chosen.map { .text($0) } ?? .null),
            ("tied", .texts(decision.tied)),
            ("unschedulable", decision.unschedulableReason.map { .text($0) } ?? .null),
        ])
    }

    private func node(_ verdict: NodeVerdict) -> Document {
        let scores = verdict.scores.map { (key: $0.name, value: Document.integer($0.score)) }
        let filters = verdict.filters.map { filter in
            (key: filter.name, value: Document.text(filter.passes ? "passes" : filter.reasons.joined(separator: "; ")))
        }
        return .object([
            ("node", .text(verdict.node)), ("feasible", .boolean(verdict.feasible)),
            ("reasons", .texts(verdict.reasons)),
            ("scores", .object(scores)), ("total", .integer(verdict.total)), ("filters", .object(filters)),
        ])
    }

    func writeText(explaining: Bool, to stream: ResultStream) {
        if let chosen {
            let others = decision.tied.count - 1
            let why =
                others > 0
                ? "by a coin flip among \(decision.tied.joined(separator: ", "))"
                : decision.decidedByScore ? "by its score" : "the only node that passes the filters"
            stream.line("\(pod.name) goes to \(chosen), \(why) (\(rules.spoken))")
        } else {
            stream.line(
                "\(pod.name) stays Pending (\(rules.spoken)): \(decision.unschedulableReason ?? "")")
        }
        guard explaining else { return }
        for verdict in decision.nodes { write(verdict, to: stream) }
        guard decision.nodes.contains(where: { !$0.feasible && !$0.scores.isEmpty }) else { return }
        stream.line()
        stream.line("Scores of a node that is out show what it would have had; the scheduler never computes them.")
    }

    private func write(_ verdict: NodeVerdict, to stream: ResultStream) {
        stream.line()
        stream.line(Console.heading(verdict.node) + (verdict.feasible ? ": total \(verdict.total)" : ": out"))
        var filters = TextTable(left: [0, 1])
        for filter in verdict.filters {
            filters.add([filter.name, filter.passes ? "passes" : filter.reasons.joined(separator: "; ")])
        }
        stream.table(filters)
        var scores = TextTable(left: [0, 2])
        for score in verdict.scores { scores.add([score.name, "\(score.score)", "x \(score.weight)"]) }
        stream.table(scores)
    }
}
