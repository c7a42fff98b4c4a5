import DiscreteEvent
import Kubernetes
import RedisCluster
import SystemModel

/// Joins manifests and environment into a model whose servers are pods of a StatefulSet.
struct KubernetesModelReader {
    let directory: ModelDirectory
    /// Its engine is the image's where it names none.
    private(set) var file: EnvironmentFile
    let overrides: [Override]
    let log: DiagnosticLog
    private(set) var assumed: [CheckReport.Line] = []
    /// What was decided without a word in the files, and matters.
    private(set) var warnings: [Diagnostic] = []
    private(set) var conf: RedisConfReader
    /// In words, where redis.conf was found.
    private(set) var confOrigin: String
    private(set) var manifests: ManifestSet

    init(_ directory: ModelDirectory, _ file: EnvironmentFile, _ overrides: [Override], log: DiagnosticLog) {
        self.directory = directory
        self.file = file
        self.overrides = overrides
        self.log = log
        conf = RedisConfReader(engine: file.engine, log: log)
        confOrigin = "the defaults of \(file.engine.server)"
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
        guard let container = RedisChoice.container(of: set) else {
            log.error(
                at: place(of: set), "StatefulSet \(set.name) has no container", "nothing runs in its pods",
                instead: "write its template's containers")
            return nil
        }
        guard hasUsableNodes else { return nil }
        if file.statefulSet == nil, manifests.objects.statefulSets.count > 1 {
            assume(
                "statefulset/\(set.name)",
                "it runs Redis; redis: {statefulSet: NAME} in environment.yaml chooses another")
        }
        settleEngine(container)
        readConf(of: set, container, choice)
        guard let shape = shape(of: &set) else { return nil }
        var objects = manifests.objects
        for index in objects.statefulSets.indices
        where objects.statefulSets[index].name == set.name
            && objects.statefulSets[index].namespace == set.namespace
        {
            objects.statefulSets[index] = set
        }
        let data = DataVolume(of: set, objects, conf.conf)
        let deployment = KubernetesDeployment(
            version: version(), objects: objects, statefulSet: set, container: container, dataOnNFS: data.isNFS,
            nfsServerNode: data.servers.first.flatMap(node(ofServer:)), placement: placement(of: set))
        return (deployment, shape)
    }

    private func place(of set: StatefulSet) -> Place {
        manifests.source("StatefulSet", set.namespace, set.name)?.node.place ?? file.place
    }

    /// False, with an error logged, where there are no nodes, or too many.
    private var hasUsableNodes: Bool {
        let place = Place.start(of: directory.path + "/kubernetes")
        if manifests.objects.nodes.isEmpty {
            log.error(
                at: place, "no Node", "pods need workers to run on",
                instead: "add them: kubectl get nodes -o yaml > kubernetes/nodes.yaml")
            return false
        }
        return ModelLimits.admit(manifests.objects.nodes.count, "Nodes", at: place, log)
    }

    /// Where the pods are, by ordinal: as environment.yaml pins it, or as the Pod objects say. Nil unless every pod is
    /// accounted for: then the scheduler places them, anew in each replication.
    private mutating func placement(of set: StatefulSet) -> [String?]? {
        for pin in file.placement { check(pin, of: set) }
        let ordinals = 0..<max(0, set.replicas)
        let nodes = ordinals.map { ordinal in nodeName(ofPod: set.podName(ordinal: ordinal), of: set) }
        guard let missing = nodes.firstIndex(of: nil) else { return nodes }
        let known = nodes.count { $0 != nil }
        if file.isResized, known > 0 {
            assume("placement", "what the files say is for another size; the scheduler places the pods")
        } else if let pin = file.placement.first {
            log.error(
                at: pin.place, "a placement without \(set.podName(ordinal: missing))",
                "\(known) of \(nodes.count) pods have a node, and the scheduler places all or none",
                instead: "write a node for each pod, or delete the placement")
        } else if known > 0 {
            assume(
                "placement",
                "\(known) of \(nodes.count) pods are on a node; the scheduler places all of them anew")
        }
        return nil
    }

    private func check(_ pin: EnvironmentFile.Pin, of set: StatefulSet) {
        let ordinal = set.ordinal(ofPod: pin.pod)
        if ordinal == nil || ordinal ?? 0 >= set.replicas && !file.isResized {
            log.error(
                at: pin.place, "\(YAMLNode.shortened(pin.pod)) is no pod of StatefulSet \(set.name)",
                "only its pods are placed",
                instead: "write \(set.podName(ordinal: 0)) to \(set.podName(ordinal: max(0, set.replicas - 1)))")
        }
        if !isNode(pin.node) {
            log.error(
                at: pin.place, "\(YAMLNode.shortened(pin.node)) is no node", "the manifests have no Node of that name",
                instead: "write one of " + manifests.objects.nodes.map(\.name).joined(separator: ", "))
        }
    }

    /// The node of a pod as the placement or its Pod object says; a node that isn't there is an error.
    private func nodeName(ofPod name: String, of set: StatefulSet) -> String? {
        if let pin = file.placement.last(where: { $0.pod == name }) { return pin.node }
        let pod = manifests.objects.pods.first { $0.name == name && $0.namespace == set.namespace }
        guard let node = pod?.nodeName, !node.isEmpty else { return nil }
        if !isNode(node) {
            log.error(
                at: manifests.source("Pod", set.namespace, name)?.node.place ?? place(of: set),
                "pod \(name) is on \(YAMLNode.shortened(node))", "the manifests have no Node of that name",
                instead: "add the Node, or pin the pods to others under kubernetes.placement in environment.yaml")
        }
        return node
    }

    private func isNode(_ name: String) -> Bool { manifests.objects.nodes.contains { $0.name == name } }

    /// The node whose name or address is that of an NFS server.
    private func node(ofServer server: String) -> String? {
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
        if let storage = file.storage {
            log.error(
                at: storage.place, "storage in a model with manifests", "the volumes are those of the manifests",
                instead: "delete the line")
        }
        if let directive = file.directives.first {
            log.error(
                at: directive.place, "redisConf in a model with manifests", "the ConfigMap holds the configuration",
                instead: "write \(directive.name) there, or use --set \(directive.name)=\(directive.value)")
        }
    }

    private mutating func settleEngine(_ container: Container) {
        guard !file.engineIsGiven else { return }
        let image = ImageVersion(of: container.image)
        guard let engine = image?.engine else {
            let known = image.map { "\($0.product) \($0.version), its image, is not modelled" }
            assume("engine", "\(file.engine.rawValue) (\(known ?? "its image does not tell the version"))")
            return
        }
        file.engine = engine
        conf = RedisConfReader(engine: engine, log: log)
        confOrigin = "the defaults of \(engine.server)"
        assume("engine", "\(engine.rawValue), as image \(container.image) says")
    }

    private mutating func readConf(of set: StatefulSet, _ container: Container, _ choice: RedisChoice) {
        let place = place(of: set)
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
            assume("redis.conf", "none is named: \(confOrigin), and the container's own options")
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

    /// As the manifests' own command for creating the cluster says; else one replica each, two where only that comes
    /// out even, none where neither does. Fewer than three masters redis-cli refuses.
    private func impliedReplicas(_ set: StatefulSet) -> Int {
        if let hint { return hint.replicasPerMaster }
        if set.replicas % 2 == 0 { return 1 }
        return set.replicas % 3 == 0 && set.replicas >= 9 ? 2 : 0
    }

    private var hint: ShapeHint? { ShapeHint.find(in: directory.manifests) }

    private mutating func assumeShape(_ shape: ClusterShape, of set: StatefulSet) {
        if file.replicasPerMaster == nil, let hint {
            assumed.append(
                CheckReport.Line(
                    "cluster", "\(set.replicas) pods are \(shape.spoken), as the command that creates it says",
                    at: hint.place))
            return
        }
        assume("cluster", "\(set.replicas) pods are \(shape.spoken)")
        warnings.append(
            Diagnostic(
                at: place(of: set), "\(set.replicas) pods are taken for \(shape.spoken)",
                "nothing in the files says it",
                instead: "write cluster: {masters: \(shape.masters), replicasPerMaster: \(shape.replicasPerMaster)} "
                    + "under spec in environment.yaml, or other numbers there"))
    }

    /// The cluster's shape. `--set cluster.…` scales the StatefulSet; what the files say must agree with it.
    private mutating func shape(of set: inout StatefulSet) -> ClusterShape? {
        let place = place(of: set)
        guard set.replicas > 0 || file.masters != nil else {
            log.error(
                at: place, "StatefulSet \(set.name) has no replicas", "nothing runs", instead: "write replicas: 6")
            return nil
        }
        let perMaster = file.replicasPerMaster?.value ?? impliedReplicas(set)
        let masters = file.masters?.value ?? max(1, set.replicas / (1 + perMaster))
        let shape = ClusterShape(masters: masters, replicasPerMaster: perMaster)
        let isStated = file.masters != nil && file.replicasPerMaster != nil
        if !isStated { assumeShape(shape, of: set) }
        let given = [file.masters, file.replicasPerMaster].compactMap { $0?.place }
        guard ModelLimits.admit(shape, at: given.first ?? place, log) else { return nil }
        if file.isResized { set.replicas = shape.nodes }
        guard shape.nodes == set.replicas else {
            log.error(
                at: given.first ?? place,
                shape.spoken,
                "that is \(shape.nodes) pods, and StatefulSet \(set.name) has \(set.replicas)",
                instead: "write numbers that fit: masters × (1 + replicasPerMaster) = replicas")
            return nil
        }
        return paired(shape, isStated: isStated, set)
    }

    /// Nothing in manifests says who follows whom.
    private mutating func paired(_ shape: ClusterShape, isStated: Bool, _ set: StatefulSet) -> ClusterShape? {
        if file.follows != nil { return file.paired(shape, log) }
        let paired = isStated ? shape : shape.asCreatedByRedisCLI
        guard shape.nodes > shape.masters else { return shape }
        let pairs = (paired.masters..<paired.nodes).prefix(6).map { replica in
            "\(set.name)-\(replica) follows \(set.name)-\(paired.master(of: replica) ?? 0)"
        }
        let custom = isStated ? "in turn" : "as redis-cli --cluster create does"
        assume(
            "cluster",
            "replicas follow masters \(custom): \(pairs.joined(separator: ", "))"
                + "\(shape.nodes - shape.masters > 6 ? ", ..." : ""); if CLUSTER NODES says otherwise, write "
                + "follows: \(paired.pairing.prefix(12)) under cluster, with each one's master")
        return paired
    }

    /// The rules that apply: as given, else the nearest to the release that the nodes report.
    private mutating func version() -> KubernetesVersion {
        if let given = file.kubernetesVersion { return given.value }
        guard let release else {
            assume("kubernetes", "the current release (no node says its version)")
            return .current
        }
        if release != KubernetesRelease(major: 1, minor: 17) {
            let rules = release.rules == .v117 ? "v1.17" : "the current release"
            assume("kubernetes", "the rules of \(rules), for \(release) as the nodes report it")
        }
        return release.rules
    }

    /// The release that the nodes report, where the model doesn't say which rules apply.
    private var release: KubernetesRelease? {
        file.kubernetesVersion == nil ? KubernetesVersion.release(of: manifests.objects.nodes) : nil
    }

    /// The environment with what it leaves to the release and to the deployment.
    func completed(_ environment: Environment) -> Environment {
        var environment = environment
        if environment.kubernetes.nodeMonitorGrace == nil, let release {
            environment.kubernetes.nodeMonitorGrace = .constant(Double(release.nodeMonitorGraceSeconds) * 1e9)
            environment.restate(
                "kubernetesTimings.nodeMonitorGrace", "\(release.nodeMonitorGraceSeconds)s",
                "the default of \(release)")
        }
        // Pods talk over virtual networks with frames of 1500 bytes and less.
        environment.setDelayedAcknowledgements(byDefault: false)
        return environment
    }
}

extension RedisConfReader {
    /// Applies a `--set` that names a directive; others are not its business.
    mutating func apply(_ override: Override) {
        guard case .directive(let name) = override.reach else { return }
        apply(name, value: override.value, at: override.place)
    }
}
