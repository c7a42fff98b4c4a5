import Kubernetes
import SystemModel

/// What environment.yaml says, with `--set` applied, before it meets the manifests.
struct EnvironmentFile {
    /// A number with its place, so that a later contradiction can be shown where it was written.
    struct Count {
        var value: Int
        var place: Place
    }

    struct Host {
        var name: String
        /// Creation indices of its processes; nil leaves them to the placement rule.
        var processes: [Int]?
        var place: Place
    }

    /// A pod and the node it is on.
    struct Pin {
        var pod: String
        var node: String
        var place: Place
    }

    struct Directive {
        var name: String
        var value: String
        var place: Place
    }

    var name: String?
    var engine = Engine.redis70
    var engineIsGiven = false
    var kubernetesVersion: (value: KubernetesVersion, place: Place)?
    /// The StatefulSet that runs Redis, as NAME or NAMESPACE/NAME, with the place where the file names it.
    var statefulSet: (name: String, place: Place)?
    /// Where pods run when a replication begins, where the file pins it.
    var placement: [Pin] = []
    var masters: Count?
    var replicasPerMaster: Count?
    /// The master of each replica, by number; checked against the shape once that is known.
    var follows: (masters: [Int], place: Place)?
    /// What `cluster.created` says; checked against the shape once that is known.
    var created: StandingClusterReader?
    var hosts: [Host] = []
    var storage: (value: ProcessDeployment.Storage, place: Place)?
    var directives: [Directive] = []
    var environment = Environment()
    /// The start of the file (or of the directory, where there is none).
    var place: Place

    /// `--set cluster.…` asks for another size than the files were written for: lists by process don't fit it.
    var isResized: Bool {
        [masters, replicasPerMaster].contains { count in
            if case .option = count?.place { true } else { false }
        }
    }

    /// Reads the document; problems go to the log.
    init(_ root: YAMLNode, log: DiagnosticLog) {
        place = root.place
        guard let fields = Fields(root, "environment.yaml", log) else { return }
        FileHeader.check(fields, kind: "Environment")
        name = FileHeader.name(fields)
        let spec = fields.section("spec", "spec")
        fields.finish()
        readSystem(spec, log)
        var settings = SettingsReader(log: log)
        let empty = Fields(YAMLNode(content: .mapping([]), place: root.place), "spec", log)
        if let spec = spec ?? empty {
            settings.read(spec)
            spec.finish()
        }
        environment = settings.environment
    }

    private mutating func readSystem(_ spec: Fields?, _ log: DiagnosticLog) {
        guard let spec else { return }
        if let engine = spec.choice("engine", Engine.self) {
            self.engine = engine
            engineIsGiven = true
        }
        if let kubernetes = spec.section("kubernetes", "the kubernetes section") {
            kubernetesVersion = kubernetes.placedChoice("version", KubernetesVersion.self)
            readPlacement(kubernetes)
            kubernetes.finish()
        }
        if let redis = spec.section("redis", "the redis section") {
            if let node = redis.take("statefulSet"), let name = Scalars.text(node, "statefulSet", log) {
                statefulSet = (name, node.place)
            }
            redis.finish()
        }
        if let cluster = spec.section("cluster", "the cluster section") {
            masters = count(cluster, "masters", in: 1...1000)
            replicasPerMaster = count(cluster, "replicasPerMaster", in: 0...20)
            if let node = cluster.take("follows"), let masters = readIndices(node, log) {
                follows = (masters, node.place)
            }
            created = cluster.section("created", "the created section").map { StandingClusterReader($0) }
            cluster.finish()
        }
        storage = spec.placedChoice("storage", ProcessDeployment.Storage.self)
        readHosts(spec, log)
        readDirectives(spec)
    }

    private mutating func readPlacement(_ kubernetes: Fields) {
        let pins = kubernetes.texts(
            "placement", "pods with their nodes are needed",
            instead: "write redis-app-0: node1 under it, or delete it to let the scheduler place the pods")
        placement = pins.map { Pin(pod: $0.key, node: $0.text, place: $0.place) }
    }

    private func count(_ fields: Fields, _ key: String, in range: ClosedRange<Int>) -> Count? {
        guard let node = fields.take(key), let value = Scalars.count(node, key, in: range, fields.log) else {
            return nil
        }
        return Count(value: value, place: node.place)
    }

    private mutating func readHosts(_ spec: Fields, _ log: DiagnosticLog) {
        guard let node = spec.take("hosts") else { return }
        guard let elements = node.elements, !elements.isEmpty else {
            log.error(
                at: node.place, "\(node.spoken) as hosts", "a list of hosts is needed",
                instead: "write - {name: a, processes: [0, 1, 2]} for each host")
            return
        }
        guard ModelLimits.admit(elements.count, "hosts", at: node.place, log) else { return }
        for element in elements {
            guard let fields = Fields(element, "a host", log) else { continue }
            let name = fields.require("name", "scenarios refer to hosts by name", instead: "add name: a")
                .flatMap { Scalars.text($0, "name", log) }
            let processes = fields.take("processes").flatMap { readIndices($0, log) }
            fields.finish()
            guard let name else { continue }
            if hosts.contains(where: { $0.name == name }) {
                log.error(at: element.place, "two hosts named \(name)", "names must differ", instead: "rename one")
            }
            hosts.append(Host(name: name, processes: processes, place: element.place))
        }
    }

    private func readIndices(_ node: YAMLNode, _ log: DiagnosticLog) -> [Int]? {
        guard let elements = node.elements else {
            log.error(
                at: node.place, "\(node.spoken) as processes", "a list of process numbers is needed",
                instead: "write [0, 1, 2]")
            return nil
        }
        return elements.compactMap { Scalars.count($0, "a process number", in: 0...20_999, log) }
    }

    private mutating func readDirectives(_ spec: Fields) {
        let given = spec.texts(
            "redisConf", "directives with their values are needed",
            instead: "write cluster-node-timeout: 5000 under it")
        directives = given.map { Directive(name: $0.key, value: $0.text, place: $0.place) }
    }
}

/// `apiVersion`, `kind` and `metadata`, which every file of ours has.
enum FileHeader {
    static let apiVersion = "rehearse/v1"

    static func check(_ fields: Fields, kind: String) {
        expect(fields, "apiVersion", apiVersion)
        expect(fields, "kind", kind)
    }

    private static func expect(_ fields: Fields, _ key: String, _ value: String) {
        guard let node = fields.require(key, "every file of a model says what it is", instead: "add \(key): \(value)"),
            node.text != value
        else { return }
        fields.log.error(
            at: node.place, "\(node.spoken) as \(key)", "this file must be \(key) \(value)",
            instead: "write \(key): \(value)")
    }

    static func name(_ fields: Fields) -> String? {
        guard let metadata = fields.section("metadata", "metadata") else {
            if fields.node["metadata"] == nil {
                fields.log.error(
                    at: fields.node.place, "no \"metadata\" in \(fields.noun)", "reports call the model by its name",
                    instead: "add metadata: {name: NAME}")
            }
            return nil
        }
        let name = metadata.require("name", "reports call it by its name", instead: "add name: NAME")
            .flatMap { Scalars.text($0, "name", fields.log) }
        metadata.finish()
        return name
    }
}
