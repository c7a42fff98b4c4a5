import SystemModel

/// Reads one step of a timeline: when, and one verb.
struct StepReader {
    static let verbs = [
        "delete", "kill", "terminate", "freeze", "crash", "cut", "partition", "nfs", "link", "failover", "loseVolume",
        "rollout", "drain", "preStop", "create",
    ]

    private enum NFSKind: String, CaseIterable { case slow, stall, drop, restart }

    let model: SystemModel
    let targets: TargetReader
    let log: DiagnosticLog

    private var names: SystemNames { targets.names }

    /// The step and its label; nil, with errors logged, where it isn't one.
    func read(_ node: YAMLNode) -> (step: Scenario.Step, label: String?)? {
        guard let fields = Fields(node, "a step", log) else { return nil }
        let at = fields.require("at", "a step happens at a time", instead: "add at: 0s")
            .flatMap { Scalars.duration($0, "at", log) }
        let label = fields.text("as")
        let present = fields.keys.filter { Self.verbs.contains($0) }
        let verb = fields.firstKey(among: Self.verbs)
        let errors = log.errors.count
        fields.finish()
        guard let verb, present.count == 1 else {
            // A misspelt verb has been reported as an unknown key.
            if present.isEmpty, log.errors.count > errors { return nil }
            let count = present.isEmpty ? "no verb" : present.joined(separator: " and ")
            log.error(
                at: node.place, "a step with \(count)", "each step does one thing",
                instead: present.isEmpty
                    ? "add one of \(Self.verbs.joined(separator: ", "))" : "write a step for each, with the same at:")
            return nil
        }
        guard let at, let action = action(verb) else { return nil }
        return (Scenario.Step(at: at, action: action), label)
    }

    private func action(_ verb: YAMLNode.Entry) -> Action? {
        if verb.key == "rollout" { return rollout(verb) }
        if verb.key == "preStop" { return preStop(verb) }
        if verb.key == "create" { return create(verb) }
        guard let fields = Fields(verb.value, verb.key, log) else { return nil }
        let errors = log.errors.count
        let action = action(verb.key, fields, verb.keyPlace)
        // After an error not every key has been asked for.
        if log.errors.count == errors { fields.finish() }
        return log.errors.count == errors ? action : nil
    }

    private func action(_ verb: String, _ fields: Fields, _ place: Place) -> Action? {
        switch verb {
        case "delete": return delete(fields, place)
        case "kill":
            let (after, isNew) = restart(fields)
            return targets.read(fields).map { .kill($0, restartAfter: after, newAddress: isNew) }
        case "terminate":
            let (after, isNew) = restart(fields)
            return targets.read(fields).map { .terminate($0, restartAfter: after, newAddress: isNew) }
        case "freeze":
            let duration = duration(fields)
            return targets.read(fields).map { .freeze($0, duration: duration) }
        case "crash":
            let duration = duration(fields)
            return node(fields).map { .crashNode($0, duration: duration) }
        case "cut":
            let duration = duration(fields)
            return node(fields).map { .cutNode($0, duration: duration) }
        case "drain":
            requireKubernetes(place, "drain", "only a worker of Kubernetes can be drained")
            return node(fields).map { .drain($0) }
        case "partition": return partition(fields)
        case "nfs": return nfs(fields, place)
        case "link": return link(fields)
        case "failover":
            let mode = fields.choice("mode", FailoverMode.self) ?? .plain
            return targets.read(fields).flatMap { failover($0, mode, fields.node.place) }
        default:
            let after = restartAfter(fields)
            return targets.read(fields).map { .loseVolume($0, restartAfter: after) }
        }
    }

    private func delete(_ fields: Fields, _ place: Place) -> Action? {
        guard names.isKubernetes else {
            log.error(
                at: place, "delete in a model of bare processes", "only Kubernetes has pods to delete",
                instead: "write kill (SIGKILL) or terminate (SIGTERM)")
            return nil
        }
        let grace = fields.take("gracePeriod").flatMap(graceSeconds)
        return targets.read(fields).map { .deletePod($0, graceSeconds: grace) }
    }

    /// Kubernetes counts grace periods in whole seconds.
    private func graceSeconds(_ node: YAMLNode) -> Int64? {
        guard let duration = Scalars.duration(node, "gracePeriod", log) else { return nil }
        let (seconds, rest) = duration.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest == 0 { return seconds }
        log.error(
            at: node.place, "\(node.spoken) as gracePeriod", "Kubernetes takes whole seconds",
            instead: "write \(seconds)s or \(seconds + 1)s")
        return nil
    }

    private func rollout(_ verb: YAMLNode.Entry) -> Action? {
        guard names.isKubernetes else {
            log.error(
                at: verb.keyPlace, "rollout in a model of bare processes", "only a StatefulSet can be rolled out",
                instead: "write terminate steps with restartAfter")
            return nil
        }
        if verb.value.text == "restart" { return .rollingRestart }
        log.error(
            at: verb.value.place, "\(verb.value.spoken) as rollout", "only a restart can be rolled out",
            instead: "write rollout: restart")
        return nil
    }

    private func preStop(_ verb: YAMLNode.Entry) -> Action? {
        requireKubernetes(verb.keyPlace, "preStop", "only pods have hooks")
        if verb.value.text == "failover" { return .handOverBeforeStop }
        log.error(
            at: verb.value.place, "\(verb.value.spoken) as preStop", "a hook can only hand the master's role over",
            instead: "write preStop: failover")
        return nil
    }

    private func requireKubernetes(_ place: Place, _ verb: String, _ why: String) {
        guard !names.isKubernetes else { return }
        log.error(
            at: place, "\(verb) in a model of bare processes", why,
            instead: "write terminate steps with restartAfter")
    }

    private func create(_ verb: YAMLNode.Entry) -> Action? {
        if verb.value.text == "cluster" { return .create }
        log.error(
            at: verb.value.place, "\(verb.value.spoken) as create", "only the cluster can be created",
            instead: "write create: cluster")
        return nil
    }

    private func restart(_ fields: Fields) -> (after: Int64?, newAddress: Bool) {
        let after = restartAfter(fields)
        guard let node = fields.take("newAddress") else { return (after, false) }
        let isNew = Scalars.boolean(node, "newAddress", log) ?? false
        if names.isKubernetes {
            log.error(
                at: node.place, "newAddress in a model with manifests",
                "a container that is started again keeps its pod's address", instead: "leave it out, or delete the pod")
        } else if isNew, fields.take("restartAfter") == nil {
            log.error(
                at: node.place, "newAddress without restartAfter", "a process that stays away has no address",
                instead: "add restartAfter: 3s")
        }
        return (after, isNew)
    }

    private func restartAfter(_ fields: Fields) -> Int64? {
        guard let node = fields.take("restartAfter") else { return nil }
        if names.isKubernetes {
            log.error(
                at: node.place, "restartAfter in a model with manifests", "the kubelet restarts what dies",
                instead: "leave it out")
        }
        return Scalars.duration(node, "restartAfter", log)
    }

    /// How long a fault lasts; nil is for good, which is also meant where the step doesn't say.
    private func duration(_ fields: Fields) -> Int64? {
        guard let node = fields.take("for"), node.text != "forever",
            let duration = Scalars.duration(node, "for", log)
        else { return nil }
        if duration == 0 {
            log.error(at: node.place, "for 0s", "a fault that lasts no time is none", instead: "write 1s, or forever")
        }
        return duration
    }

    private func node(_ fields: Fields) -> Target? {
        guard
            let name = fields.require(
                "node", "machines fail by name", instead: "add node: \(names.nodes.first ?? "NAME")")
        else { return nil }
        return names.checkNode(name, log).map { .node($0) }
    }

    private func partition(_ fields: Fields) -> Action? {
        let duration = duration(fields)
        guard
            let node = fields.require(
                "groups", "packets vanish between groups", instead: "add groups: [node/a, node/b]")
        else { return nil }
        guard let elements = node.elements, elements.count >= 2 else {
            log.error(
                at: node.place, "\(node.spoken) as groups", "a partition has two sides at least",
                instead: "write groups: [node/a, [process/3, process/4]]")
            return nil
        }
        let groups = elements.compactMap { targets.alone($0) }
        for (index, group) in groups.enumerated() {
            for (position, other) in groups.enumerated().dropFirst(index + 1) {
                guard let shared = extent.overlap(group, other), position < elements.count else { continue }
                log.error(
                    at: elements[position].place, "\(shared) in two groups", "nothing can be cut off from itself",
                    instead: "name everybody in one group only")
                return nil
            }
        }
        return groups.count == elements.count ? .partition(groups, duration: duration) : nil
    }

    private var extent: TargetExtent { TargetExtent(model: model, names: names) }

    /// Roles change with time: only the first step knows them by number.
    private func failover(_ target: Target, _ mode: FailoverMode, _ place: Place) -> Action? {
        var isOfMasters = targets.labels.isEmpty && extent.isMastersOnly(target)
        if case .masters = target { isOfMasters = true }
        guard isOfMasters else { return .failover(target, mode) }
        log.error(
            at: place, "failover of a master", "CLUSTER FAILOVER is sent to the replica that shall take over",
            instead: model.shape.replicasPerMaster == 0
                ? "give the masters replicas: cluster.replicasPerMaster"
                : "write replicasOf: {role: master}, or role: replica")
        return nil
    }

    private func nfs(_ fields: Fields, _ place: Place) -> Action? {
        guard hasNFS else {
            log.error(
                at: place, "nfs in a model without NFS", "its data is on local disks",
                instead: "write storage: nfs in environment.yaml, or use volumes with nfs")
            return nil
        }
        let kind = fields.require("kind", "storage fails in different ways", instead: "add kind: stall")
            .flatMap { Scalars.choice($0, "kind", NFSKind.self, log) }
        let delay = fields.take("by")
        let duration = duration(fields)
        let target = fields.take("target").map { targets.alone($0) } ?? .all
        guard let kind, let target else { return nil }
        if kind != .slow, let delay {
            log.error(
                at: delay.place, "by in an nfs fault of kind \(kind.rawValue)", "only slow has a delay",
                instead: "leave it out")
        }
        switch kind {
        case .stall: return .nfs(.stall, target, duration: duration)
        case .drop: return .nfs(.drop, target, duration: duration)
        case .restart: return .nfs(.restart, target, duration: duration)
        case .slow:
            guard let delay else {
                log.error(
                    at: fields.node.place, "slow without by", "each request takes longer by some time",
                    instead: "add by: 200ms")
                return nil
            }
            return Scalars.duration(delay, "by", log).map { .nfs(.slow($0), target, duration: duration) }
        }
    }

    private var hasNFS: Bool {
        switch model.deployment {
        case .processes(let deployment): deployment.storage == .nfs
        case .kubernetes(let deployment): deployment.dataOnNFS
        }
    }

    private func link(_ fields: Fields) -> Action? {
        let duration = duration(fields)
        let delay = fields.take("delay").flatMap { Scalars.duration($0, "delay", log) }
        guard let node = fields.require("between", "a link has two ends", instead: "add between: [node/a, node/b]")
        else {
            return nil
        }
        guard let ends = node.elements, ends.count == 2 else {
            log.error(
                at: node.place, "\(node.spoken) as between", "a link has two ends", instead: "write [node/a, node/b]")
            return nil
        }
        guard let first = targets.alone(ends[0]), let second = targets.alone(ends[1]) else { return nil }
        if let shared = extent.overlap(first, second) {
            log.error(
                at: ends[1].place, "\(shared) at both ends of a link", "there is no link from something to itself",
                instead: "name two that are apart")
            return nil
        }
        return .link(first, second, delay: delay, duration: duration)
    }
}
