import RedisCluster
import SystemModel

/// Reads a model without manifests: bare processes on hosts.
struct ProcessModelReader {
    let directory: ModelDirectory
    let file: EnvironmentFile
    let overrides: [Override]
    let log: DiagnosticLog
    private(set) var assumed: [CheckReport.Line] = []
    private(set) var conf: RedisConfReader

    init(_ directory: ModelDirectory, _ file: EnvironmentFile, _ overrides: [Override], log: DiagnosticLog) {
        self.directory = directory
        self.file = file
        self.overrides = overrides
        self.log = log
        conf = RedisConfReader(engine: file.engine, log: log)
    }

    mutating func read() -> (deployment: ProcessDeployment, shape: ClusterShape)? {
        refuseKubernetesSettings()
        readConf()
        let shape = ClusterShape(
            masters: file.masters?.value ?? 3, replicasPerMaster: file.replicasPerMaster?.value ?? 1)
        if file.masters == nil || file.replicasPerMaster == nil {
            assume("cluster", shape.spoken)
        }
        let size = file.masters ?? file.replicasPerMaster
        guard ModelLimits.admit(shape, at: size?.place ?? file.place, log) else { return nil }
        if !file.engineIsGiven { assume("engine", file.engine.rawValue) }
        if file.storage == nil { assume("storage", "each process has a local disk") }
        if file.hosts.isEmpty { assume("hosts", "all processes run on one host, named host") }
        guard let placement = placement(shape) else { return nil }
        let deployment = ProcessDeployment(
            hosts: file.hosts.isEmpty ? ["host"] : file.hosts.map(\.name), placement: placement,
            storage: file.storage?.value ?? .local)
        return file.paired(shape, log).map { (deployment, $0) }
    }

    private mutating func assume(_ subject: String, _ text: String) {
        assumed.append(CheckReport.Line(subject, text))
    }

    private func refuseKubernetesSettings() {
        if let set = file.statefulSet {
            log.error(
                at: set.place, "a StatefulSet in a model without manifests", "there is no kubernetes/ to find it in",
                instead: "add the manifests, or delete the redis section")
        }
        if let version = file.kubernetesVersion {
            log.error(
                at: version.place, "a Kubernetes version in a model without manifests",
                "its processes run on bare hosts", instead: "leave it out, or add kubernetes/ with the manifests")
        }
        if let pin = file.placement.first {
            log.error(
                at: pin.place, "a placement of pods in a model without manifests", "its processes run on bare hosts",
                instead: "list processes under hosts, or add kubernetes/ with the manifests")
        }
    }

    private mutating func readConf() {
        conf.enableCluster()
        if let text = directory.redisConf { conf.read(RedisConfText(file: text)) }
        for directive in file.directives {
            conf.apply(directive.name, value: directive.value, at: directive.place)
        }
        for override in overrides { conf.apply(override) }
        if !conf.conf.clusterEnabled {
            log.error(
                at: conf.given.first { $0.name == "cluster-enabled" }?.place ?? file.place, "cluster-enabled is no",
                "without it there is no Redis Cluster", instead: "write cluster-enabled yes, or leave it out")
        }
    }

    /// The hosts' own lists where they were written for this size, else the rule.
    private mutating func placement(_ shape: ClusterShape) -> [Int]? {
        let hosts = file.hosts
        guard hosts.contains(where: { $0.processes != nil }) else {
            return HostPlacement.byRule(shape, hosts: max(1, hosts.count))
        }
        let listed = hosts.flatMap { $0.processes ?? [] }
        if file.isResized, listed.sorted() != Array(0..<shape.nodes) {
            assume(
                "hosts", "their lists are for another size; masters spread evenly, each replica away from its master")
            return HostPlacement.byRule(shape, hosts: hosts.count)
        }
        return HostPlacement.listed(hosts, shape, log)
    }
}
