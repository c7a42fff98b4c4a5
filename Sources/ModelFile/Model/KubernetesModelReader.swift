import Kubernetes
import RedisCluster
import SystemModel

/// Joins manifests and environment into a model whose servers are pods of a StatefulSet.
struct KubernetesModelReader {
    let directory: ModelDirectory
    let file: EnvironmentFile
    let overrides: [Override]
    let log: DiagnosticLog
    private(set) var assumed: [CheckReport.Line] = []
    private(set) var conf: RedisConfReader
    /// In words, where redis.conf was found.
    private(set) var confOrigin = "the defaults of redis-server 7.0"
    private(set) var manifests: ManifestSet

    init(_ directory: ModelDirectory, _ file: EnvironmentFile, _ overrides: [Override], log: DiagnosticLog) {
        self.directory = directory
        self.file = file
        self.overrides = overrides
        self.log = log
        conf = RedisConfReader(log: log)
        manifests = ManifestSet(notes: ManifestNotes(log: log))
    }

    /// Nil, with errors logged, where the files don't describe a Redis Cluster.
    mutating func read() -> (deployment: KubernetesDeployment, shape: ClusterShape)? {
        for document in directory.manifests { manifests.add(document) }
        refuseProcessSettings()
        // A field that can't be read has a default now, which would contradict the rest.
        guard log.errors.isEmpty else { return nil }
        let choice = RedisChoice(manifests: manifests, directory: directory, log: log)
        guard var set = choice.statefulSet(named: file.statefulSet) else { return nil }
        guard !manifests.objects.nodes.isEmpty else {
            log.error(
                at: .start(of: directory.path + "/kubernetes"), "no Node", "pods need workers to run on",
                instead: "add them: kubectl get nodes -o yaml > kubernetes/nodes.yaml")
            return nil
        }
        if file.statefulSet == nil, manifests.objects.statefulSets.count > 1 {
            assume(
                "statefulset/\(set.name)",
                "it runs Redis; redis: {statefulSet: NAME} in environment.yaml chooses another")
        }
        readConf(of: set, choice)
        guard let shape = shape(of: &set) else { return nil }
        var objects = manifests.objects
        for index in objects.statefulSets.indices
        where objects.statefulSets[index].name == set.name
            && objects.statefulSets[index].namespace == set.namespace
        {
            objects.statefulSets[index] = set
        }
        let deployment = KubernetesDeployment(
            version: version(), objects: objects, statefulSet: set.name,
            dataOnNFS: DataVolume(of: set, objects, conf.conf).isNFS, nfsServerNode: nfsServerNode,
            placement: placement(of: set))
        return (deployment, shape)
    }

    /// Where the pods are, by ordinal: as environment.yaml pins it, or as the Pod objects say. Nil unless every pod is
    /// accounted for: then the scheduler places them, anew in each replication.
    private func placement(of set: StatefulSet) -> [String?]? {
        for pin in file.placement {
            if set.ordinal(ofPod: pin.pod) == nil {
                log.error(
                    at: pin.place, "\(pin.pod) is no pod of StatefulSet \(set.name)", "only its pods are placed",
                    instead: "write \(set.podName(ordinal: 0)) to \(set.podName(ordinal: max(0, set.replicas - 1)))")
            }
            if !manifests.objects.nodes.contains(where: { $0.name == pin.node }) {
                log.error(
                    at: pin.place, "\(pin.node) is no node", "the manifests have no Node of that name",
                    instead: "write one of " + manifests.objects.nodes.map(\.name).joined(separator: ", "))
            }
        }
        let nodes = (0..<max(0, set.replicas)).map { ordinal -> String? in
            let name = set.podName(ordinal: ordinal)
            if let pin = file.placement.last(where: { $0.pod == name }) { return pin.node }
            return manifests.objects.pods.first { $0.name == name && $0.namespace == set.namespace }?.nodeName
        }
        return nodes.allSatisfy { $0 != nil } ? nodes : nil
    }

    /// The node whose name or address is that of the volumes' NFS server.
    private var nfsServerNode: String? {
        guard let server = manifests.objects.persistentVolumes.lazy.compactMap({ $0.nfs?.server }).first else {
            return nil
        }
        let node = manifests.sources.first { source in
            guard source.kind == "Node" else { return false }
            let addresses = source.node["status"]?["addresses"]?.elements ?? []
            return source.name == server || addresses.contains { $0["address"]?.text == server }
        }
        return node?.name
    }

    private mutating func assume(_ subject: String, _ text: String) {
        assumed.append(CheckReport.Line(subject, text))
    }

    private func refuseProcessSettings() {
        let why = "the manifests say where the pods run"
        if let host = file.hosts.first {
            log.error(at: host.place, "hosts in a model with manifests", why, instead: "delete the hosts")
        }
        if file.storage != nil {
            log.error(
                at: file.place, "storage in a model with manifests", "the volumes are those of the manifests",
                instead: "delete the line")
        }
        if let directive = file.directives.first {
            log.error(
                at: directive.place, "redisConf in a model with manifests", "the ConfigMap holds the configuration",
                instead: "write \(directive.name) there, or use --set \(directive.name)=\(directive.value)")
        }
    }

    private mutating func readConf(of set: StatefulSet, _ choice: RedisChoice) {
        guard let container = RedisChoice.container(of: set) else { return }
        let place = manifests.source("StatefulSet", set.namespace, set.name)?.node.place ?? file.place
        let command = RedisChoice.commandLine(of: container)
        let found = command.file.flatMap { choice.configuration(at: $0, in: container, of: set) }
        if let node = found?.node {
            conf.read(RedisConfText(value: node, in: file(of: node.place)))
            confOrigin = "ConfigMap \(found?.map ?? "")"
        } else if let text = directory.redisConf {
            conf.read(RedisConfText(file: text))
            confOrigin = text.path
            let reason =
                found.map { "ConfigMap \($0.map) is not among the manifests" } ?? "no ConfigMap is mounted for it"
            assume("redis.conf", "\(text.path) is what the pods read (\(reason))")
        } else if let path = command.file {
            log.error(
                at: place, "the configuration \(path) of StatefulSet \(set.name)",
                found.map { "ConfigMap \($0.map) or its key is not among the manifests" }
                    ?? "no ConfigMap is mounted there",
                instead: "add the ConfigMap, or put redis.conf into kubernetes/")
        } else {
            assume("redis.conf", "none is named: the defaults of 7.0, and the container's own options")
        }
        let isRead = !conf.given.isEmpty
        conf.read(options: command.options, at: place)
        for override in overrides { conf.apply(override) }
        guard !conf.conf.clusterEnabled else { return }
        if isRead {
            log.error(
                at: conf.given.first { $0.name == "cluster-enabled" }?.place ?? place, "cluster-enabled is not yes",
                "without it there is no Redis Cluster", instead: "write cluster-enabled yes in redis.conf")
        } else {
            assume("redis.conf", "cluster-enabled is yes, set by the image")
            conf.enableCluster()
        }
    }

    private func file(of place: Place) -> SourceFile? {
        guard case .file(let path, _, _) = place else { return nil }
        return directory.files[path]
    }

    /// The cluster's shape. `--set cluster.…` scales the StatefulSet; what the files say must agree with it.
    private mutating func shape(of set: inout StatefulSet) -> ClusterShape? {
        let place = manifests.source("StatefulSet", set.namespace, set.name)?.node.place ?? file.place
        guard set.replicas > 0 || file.masters != nil else {
            log.error(
                at: place, "StatefulSet \(set.name) has no replicas", "nothing runs", instead: "write replicas: 6")
            return nil
        }
        let perMaster = file.replicasPerMaster?.value ?? (set.replicas % 2 == 0 ? 1 : 0)
        let masters = file.masters?.value ?? max(1, set.replicas / (1 + perMaster))
        let shape = ClusterShape(masters: masters, replicasPerMaster: perMaster)
        if file.masters == nil || file.replicasPerMaster == nil {
            assume(
                "cluster",
                "\(set.replicas) pods are \(shape.spoken)"
            )
        }
        let given = [file.masters, file.replicasPerMaster].compactMap { $0?.place }
        let isOverridden = given.contains { if case .option = $0 { true } else { false } }
        if isOverridden { set.replicas = shape.nodes }
        guard shape.nodes == set.replicas else {
            log.error(
                at: given.first ?? place,
                shape.spoken,
                "that is \(shape.nodes) pods, and StatefulSet \(set.name) has \(set.replicas)",
                instead: "write numbers that fit: masters × (1 + replicasPerMaster) = replicas")
            return nil
        }
        return shape
    }

    /// The release whose rules apply: as given, else the nearest to what the nodes say of themselves.
    private mutating func version() -> KubernetesVersion {
        if let given = file.kubernetesVersion { return given }
        let reported = manifests.sources.lazy.filter { $0.kind == "Node" }
            .compactMap { $0.node["status"]?["nodeInfo"]?["kubeletVersion"]?.text }.first
        guard let reported else {
            assume("kubernetes", "the current release (no node says its version)")
            return .current
        }
        if reported.hasPrefix("v1.17.") || reported == "v1.17" { return .v117 }
        assume("kubernetes", "the rules of the current release, for \(reported) as the nodes report it")
        return .current
    }
}

extension RedisConfReader {
    /// Applies a `--set` that names a directive; others are not its business.
    mutating func apply(_ override: Override) {
        guard case .directive(let name) = override.reach else { return }
        let words = RedisConfText.words(of: override.value)?.map(\.text) ?? [override.value]
        apply(
            name, words.isEmpty ? [""] : words, directivePlace: override.place, valuePlace: override.place)
    }
}
