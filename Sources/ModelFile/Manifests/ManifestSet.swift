import Kubernetes

/// All manifests of a model: the objects, where each stands, and what was not read.
struct ManifestSet {
    /// One object as it stands in a file, for what the typed objects don't carry.
    struct Source {
        var kind: String
        var namespace: String
        var name: String
        var node: YAMLNode
    }

    private(set) var objects = ClusterObjects()
    private(set) var sources: [Source] = []
    private var known: Set<String> = []
    private let notes: ManifestNotes

    init(notes: ManifestNotes) { self.notes = notes }

    var ignored: [IgnoredField] { notes.ignored }

    func source(_ kind: String, _ namespace: String, _ name: String) -> Source? {
        sources.first { $0.kind == kind && $0.namespace == namespace && $0.name == name }
    }

    /// Adds a document: an object, or a list of objects as kubectl prints it.
    mutating func add(_ document: YAMLNode) {
        guard document.entries != nil else {
            notes.log.error(
                at: document.place, "\(document.spoken) where an object is expected",
                "kubernetes/ holds manifests only",
                instead: "write a Kubernetes object, with apiVersion, kind and metadata")
            return
        }
        addObject(document, kind: document["kind"]?.text)
    }

    private mutating func addObject(_ node: YAMLNode, kind: String?) {
        guard let kind, !kind.isEmpty else {
            notes.log.error(
                at: node.place, "an object without a kind", "nothing says what it describes",
                instead: "add kind: StatefulSet, Node, Service, ...")
            return
        }
        if node["apiVersion"]?.text?.hasPrefix("rehearse/") == true {
            notes.log.error(
                at: node.place, "a file of Rehearse's own among the manifests",
                "kubernetes/ holds what the cluster holds", instead: "move it up, to environment.yaml or scenarios/")
            return
        }
        if kind.hasSuffix("List"), let items = node["items"] {
            addItems(items, kind: String(kind.dropLast(4)))
            return
        }
        guard let fields = ManifestFields(node, kind, notes) else { return }
        fields.skip("apiVersion", "kind")
        guard let name = read(fields, kind: kind) else {
            notes.ignore("\(kind) objects", at: node.place)
            return
        }
        fields.finish()
        register(kind: kind, name: name, node)
    }

    private mutating func addItems(_ items: YAMLNode, kind: String) {
        if items.isNull { return }
        guard let elements = items.elements else {
            notes.log.error(
                at: items.place, "items is \(items.spoken)", "a List holds its objects as a list",
                instead: "write each object after \"- \"")
            return
        }
        // Items of a plain List say their kind; those of a typed list (PodList) need not.
        for element in elements { addObject(element, kind: element["kind"]?.text ?? kind) }
    }

    /// Reads one object into its place; nil for a kind that the model doesn't know.
    private mutating func read(_ fields: ManifestFields, kind: String) -> (namespace: String, name: String)? {
        switch kind {
        case "Node": objects.nodes.append(NodeManifest.read(fields))
        case "Pod": objects.pods.append(PodManifest.read(fields))
        case "StatefulSet": objects.statefulSets.append(WorkloadManifest.statefulSet(fields))
        case "Service": objects.services.append(WorkloadManifest.service(fields))
        case "ConfigMap": objects.configMaps.append(WorkloadManifest.configMap(fields))
        case "PersistentVolume": objects.persistentVolumes.append(VolumeManifest.volume(fields))
        case "PersistentVolumeClaim": objects.persistentVolumeClaims.append(VolumeManifest.claim(fields))
        case "StorageClass": objects.storageClasses.append(VolumeManifest.storageClass(fields))
        case "PodDisruptionBudget": objects.podDisruptionBudgets.append(WorkloadManifest.disruptionBudget(fields))
        case "ReplicaSet", "ReplicationController", "Deployment":
            guard let kind = OtherWorkload.Kind(rawValue: kind) else { return nil }
            objects.otherWorkloads.append(WorkloadManifest.other(fields, kind: kind))
        default: return nil
        }
        let metadata = fields.node["metadata"]
        return (metadata?["namespace"]?.text ?? "default", metadata?["name"]?.text ?? "")
    }

    private mutating func register(kind: String, name: (namespace: String, name: String), _ node: YAMLNode) {
        let source = Source(kind: kind, namespace: name.namespace, name: name.name, node: node)
        guard known.insert("\(kind)/\(name.namespace)/\(name.name)").inserted else {
            let first = self.source(kind, name.namespace, name.name)?.node.place
            notes.log.error(
                at: node.place, "\(kind) \(name.name) is described twice",
                "a cluster has only one\(first.map { ", and \($0.fileAndLine) describes it too" } ?? "")",
                instead: "delete one of the two")
            return
        }
        sources.append(source)
    }
}
