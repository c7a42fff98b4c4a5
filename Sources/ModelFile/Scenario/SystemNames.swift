import Kubernetes
import SystemModel

/// The names in a model that a scenario may use: pods, nodes or hosts, processes by number.
struct SystemNames {
    let pods: [String]
    /// Workers, or hosts of bare processes.
    let nodes: [String]
    let processCount: Int
    let isKubernetes: Bool

    init(_ model: SystemModel) {
        processCount = model.shape.nodes
        switch model.deployment {
        case .processes(let deployment):
            pods = []
            nodes = deployment.hosts
            isKubernetes = false
        case .kubernetes(let deployment):
            pods = (0..<model.shape.nodes).map(deployment.statefulSet.podName(ordinal:))
            nodes = deployment.objects.nodes.map(\.name)
            isKubernetes = true
        }
    }

    @discardableResult
    func checkPod(_ node: YAMLNode, _ log: DiagnosticLog) -> String? {
        guard let name = Scalars.text(node, "pod", log) else { return nil }
        if pods.contains(name) { return name }
        log.error(
            at: node.place, "no pod \(YAMLNode.shortened(name))",
            isKubernetes
                ? "the StatefulSet has \(pods.first ?? "none") to \(pods.last ?? "none")"
                : "the model has bare processes",
            instead: isKubernetes
                ? Suggestion.sentence(for: name, among: pods, noun: "pod") : "write process: 0, or role: master")
        return nil
    }

    @discardableResult
    func checkNode(_ node: YAMLNode, _ log: DiagnosticLog) -> String? {
        guard let name = Scalars.text(node, "node", log) else { return nil }
        if nodes.contains(name) { return name }
        log.error(
            at: node.place, "no node \(YAMLNode.shortened(name))", "the model has \(nodes.joined(separator: ", "))",
            instead: Suggestion.sentence(for: name, among: nodes, noun: "node"))
        return nil
    }

    func process(_ node: YAMLNode, _ log: DiagnosticLog) -> Int? {
        Scalars.count(node, "process", in: 0...(processCount - 1), log)
    }
}
