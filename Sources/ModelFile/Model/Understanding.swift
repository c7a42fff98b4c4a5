import DiscreteEvent
import Kubernetes
import RedisCluster
import SystemModel

/// Says in a few lines how a model's files were understood.
enum Understanding {
    static func lines(of model: SystemModel, confOrigin: String, conf: RedisConfReader) -> [CheckReport.Line] {
        var lines: [CheckReport.Line] = []
        switch model.deployment {
        case .processes(let deployment): lines += processes(deployment)
        case .kubernetes(let deployment): lines += kubernetes(deployment)
        }
        let shape = model.shape
        lines.append(
            CheckReport.Line(
                "cluster",
                "\(shape.spoken), \(model.engine.rawValue)"
            ))
        lines += created(model)
        let given = conf.given.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        lines.append(CheckReport.Line("redis.conf", "\(confOrigin): \(given.isEmpty ? "nothing set" : given)"))
        return lines
    }

    /// Only what environment.yaml says of the cluster that exists.
    private static func created(_ model: SystemModel) -> [CheckReport.Line] {
        let standing = model.standing
        guard standing != StandingCluster() else { return [] }
        let layout = standing.layout(model.shape)
        let masters = (0..<model.shape.masters).map { master in
            let slots = standing.part(ofMaster: master).map { layout.parts[$0] }
            let range = slots.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "none"
            return "\(range) in epoch \(standing.configEpoch(ofMaster: master))"
        }
        let epoch = standing.currentEpoch(model.shape)
        return [
            CheckReport.Line(
                "cluster/created", "masters have \(masters.joined(separator: ", ")); current epoch \(epoch)")
        ]
    }

    private static func processes(_ deployment: ProcessDeployment) -> [CheckReport.Line] {
        deployment.hosts.enumerated().map { index, host in
            let indices = deployment.placement.indices.filter { deployment.placement[$0] == index }
            let storage = deployment.storage == .nfs ? "files on NFS" : "files on a local disk"
            return CheckReport.Line(
                "host/\(host)", "processes \(indices.map(String.init).joined(separator: ", ")); \(storage)")
        }
    }

    private static func kubernetes(_ deployment: KubernetesDeployment) -> [CheckReport.Line] {
        let objects = deployment.objects
        var lines = [
            CheckReport.Line(
                "kubernetes", "the rules of \(deployment.version == .v117 ? "v1.17" : "the current release")")
        ]
        for node in objects.nodes {
            let taints = node.taints.map { "\($0.key):\($0.effect.rawValue)" }
            let notes = taints + (node.unschedulable ? ["cordoned"] : []) + (node.ready ? [] : ["not ready"])
            let remarks = notes.isEmpty ? "" : "; " + notes.joined(separator: ", ")
            let memory = node.allocatable.memoryBytes >> 20
            lines.append(
                CheckReport.Line(
                    "node/\(node.name)",
                    "\(node.allocatable.cpuMilli)m cpu, \(memory) MiB\(remarks)"
                ))
        }
        let set = deployment.statefulSet
        lines.append(
            CheckReport.Line(
                "statefulset/\(set.name)",
                "\(set.replicas) pods, \(set.podManagementPolicy.rawValue), grace period "
                    + "\(set.template.spec.terminationGraceSeconds) s, data "
                    + "\(deployment.dataOnNFS ? "" : "not ")on NFS"
            ))
        if !objects.persistentVolumes.isEmpty {
            let servers = objects.persistentVolumes.compactMap { $0.nfs?.server }
            let distinct = servers.enumerated().filter { servers.firstIndex(of: $0.element) == $0.offset }.map(
                \.element)
            let from = distinct.isEmpty ? "" : ", NFS server \(distinct.joined(separator: ", "))"
            lines.append(CheckReport.Line("volumes", "\(objects.persistentVolumes.count) PersistentVolumes\(from)"))
        }
        for service in objects.services {
            let nodePorts = service.ports.compactMap(\.nodePort).map { " \($0)" }.joined()
            let kind = service.isHeadless ? "headless" : service.kind.rawValue + nodePorts
            lines.append(CheckReport.Line("service/\(service.name)", kind))
        }
        let bound = objects.pods.filter { $0.nodeName != nil }.count
        if bound > 0 { lines.append(CheckReport.Line("pods", "\(bound) already placed")) }
        return lines
    }

    /// Settings that the environment leaves at their defaults, of the sections that matter to the model.
    static func defaults(of model: SystemModel) -> [CheckReport.Line] {
        model.environment.provenance
            .filter { $0.source == Environment.Provenance.unstated && isRelevant($0.path, model) }
            .map { CheckReport.Line($0.path, $0.value) }
    }

    static func guesses(of model: SystemModel) -> [CheckReport.Line] {
        model.environment.provenance.filter { $0.isGuess && isRelevant($0.path, model) }
            .map { CheckReport.Line($0.path, "\($0.value) (\($0.source))") }
    }

    /// Whether anything in the model depends on a setting of the environment.
    static func isRelevant(_ path: String, _ model: SystemModel) -> Bool {
        switch model.deployment {
        case .processes(let deployment):
            let ofPods = ["network.backend", "network.staleNeighbour", "network.unreachableAfter"]
            if path.hasPrefix("kubernetesTimings.") || ofPods.contains(path) { return false }
            return deployment.storage == .nfs ? !path.hasPrefix("disk.") : !path.hasPrefix("nfs.")
        case .kubernetes(let deployment):
            return deployment.dataOnNFS ? !path.hasPrefix("disk.") : !path.hasPrefix("nfs.")
        }
    }
}
