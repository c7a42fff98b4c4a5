import SystemModel

/// Reads whom a step hits.
///
/// In a step's own mapping by one of the keys `pod`, `process`, `node`, `role` (with `count`), `shard`, `replicasOf`,
/// `sameAs`, `target`; where a target stands alone also as text: `one`, `all`, `master`, `replica`, `shard`,
/// `pod/NAME`, `node/NAME`, `process/N`; several as a list.
struct TargetReader {
    private static let keys = ["pod", "process", "node", "role", "shard", "replicasOf", "sameAs", "target"]
    private static let example = "write role: master, pod: NAME, process: 0 or node: NAME"

    private enum Role: String, CaseIterable { case master, replica }

    let shape: ClusterShape
    let names: SystemNames
    /// Labels of the steps before this one, by position; nil where a step has none.
    let labels: [String?]
    let log: DiagnosticLog

    /// The target among the keys of a step; nil, with an error logged, where there is none.
    func read(_ fields: Fields) -> Target? {
        let present = fields.keys.filter { Self.keys.contains($0) }
        guard let entry = fields.firstKey(among: Self.keys) else {
            log.error(
                at: fields.node.place, "\(fields.noun) without a target", "it must hit somebody", instead: Self.example)
            return nil
        }
        guard present.count == 1 else {
            log.error(
                at: fields.node.place, "\(fields.noun) with \(present.joined(separator: " and "))",
                "a step has one target",
                instead: "keep one, or write target: [...] with several")
            return nil
        }
        let node = entry.value
        switch entry.key {
        case "pod": return names.checkPod(node, log).map { .pod($0) }
        case "process": return names.process(node, log).map { .process($0) }
        case "node": return names.checkNode(node, log).map { .node($0) }
        case "role": return role(node, count: fields.take("count"))
        case "shard": return shard(node)
        case "replicasOf": return replicasOf(node)
        case "sameAs": return sameAs(node)
        default: return alone(node)
        }
    }

    /// A target that stands alone: text, a mapping with one of the keys, or a list of these.
    func alone(_ node: YAMLNode) -> Target? {
        if let elements = node.elements {
            let targets = elements.compactMap { alone($0) }
            if targets.isEmpty {
                log.error(at: node.place, "an empty list of targets", "it must hit somebody", instead: Self.example)
                return nil
            }
            return targets.count == elements.count ? .union(targets) : nil
        }
        guard let text = node.text else {
            guard let fields = Fields(node, "a target", log) else { return nil }
            let target = read(fields)
            fields.finish()
            return target
        }
        return named(text, node)
    }

    private func named(_ text: String, _ node: YAMLNode) -> Target? {
        switch text {
        case "all": return .all
        case "one", "master": return masters(1, node)
        case "replica": return replicas(1, node)
        case "shard": return .shard
        default: break
        }
        if let slash = text.firstIndex(of: "/") {
            let name = YAMLNode(content: .scalar(String(text[text.index(after: slash)...]), .plain), place: node.place)
            switch text[..<slash] {
            case "pod": return names.checkPod(name, log).map { .pod($0) }
            case "node": return names.checkNode(name, log).map { .node($0) }
            case "process": return names.process(name, log).map { .process($0) }
            default: break
            }
        }
        log.error(
            at: node.place, "\(node.spoken) as a target", "it names nothing in the model",
            instead: "write one, all, master, replica, shard, pod/NAME, node/NAME or process/N")
        return nil
    }

    private func role(_ node: YAMLNode, count: YAMLNode?) -> Target? {
        guard let role = Scalars.choice(node, "role", Role.self, log) else { return nil }
        var number = 1
        if let count {
            guard let given = Scalars.count(count, "count", in: 1...20_000, log) else { return nil }
            number = given
        }
        return role == .master ? masters(number, count ?? node) : replicas(number, count ?? node)
    }

    private func masters(_ count: Int, _ node: YAMLNode) -> Target? {
        guard count <= shape.masters else {
            log.error(
                at: node.place, "\(count) masters", "the cluster has \(shape.masters)",
                instead: "write \(shape.masters) or less")
            return nil
        }
        return .masters(count: count)
    }

    private func replicas(_ count: Int, _ node: YAMLNode) -> Target? {
        let present = shape.nodes - shape.masters
        guard count <= present else {
            log.error(
                at: node.place, "\(count) replicas", "the cluster has \(present == 0 ? "none" : "\(present)")",
                instead: present == 0 ? "set cluster.replicas-per-master, or hit a master" : "write \(present) or less")
            return nil
        }
        return .replicas(count: count)
    }

    private func replicasOf(_ node: YAMLNode) -> Target? {
        guard shape.replicasPerMaster > 0 else {
            log.error(
                at: node.place, "replicasOf where nobody has a replica", "the step would hit nobody",
                instead: "set cluster.replicas-per-master, or hit a master")
            return nil
        }
        guard let target = alone(node) else { return nil }
        guard !isOfReplicas(target) else {
            log.error(
                at: node.place, "replicasOf a replica", "it has none itself, and the step would hit nobody",
                instead: "name a master")
            return nil
        }
        return .replicasOf(target)
    }

    /// By role, or, in the first step, by number.
    private func isOfReplicas(_ target: Target) -> Bool {
        switch target {
        case .replicas: true
        case .process(let index): labels.isEmpty && index >= shape.masters
        case .pod(let name): labels.isEmpty && (names.pods.firstIndex(of: name) ?? 0) >= shape.masters
        default: false
        }
    }

    private func shard(_ node: YAMLNode) -> Target? {
        if node.text == "any" { return .shard }
        log.error(
            at: node.place, "\(node.spoken) as shard", "a shard is drawn at random",
            instead: "write shard: any, or name a process and replicasOf it")
        return nil
    }

    private func sameAs(_ node: YAMLNode) -> Target? {
        guard let label = Scalars.text(node, "sameAs", log) else { return nil }
        if let step = labels.firstIndex(of: label) { return .sameAs(step: step) }
        log.error(
            at: node.place, "no earlier step is called \(YAMLNode.shortened(label))",
            "sameAs refers to a step's \"as\"",
            instead: "write as: \(YAMLNode.shortened(label)) in the step that hit them first")
        return nil
    }
}
