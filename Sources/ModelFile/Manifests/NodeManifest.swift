import Kubernetes

/// A Node object.
enum NodeManifest {
    static func read(_ object: ManifestFields) -> KubernetesNode {
        let metadata = Metadata(of: object)
        var node = KubernetesNode(name: metadata.name, labels: metadata.labels, annotations: metadata.annotations)
        if let spec = object.child("spec") {
            node.taints = spec.children("taints").compactMap(taint)
            node.unschedulable = spec.boolean("unschedulable")
            node.podCIDR = spec.text("podCIDR")
            spec.finish()
        }
        let status = object.child("status")
        readResources(status, of: object, into: &node)
        node.images = (status?.children("images") ?? []).map { image in
            let found = NodeImage(
                names: image.texts("names"), sizeBytes: image.integer("sizeBytes", in: 0...Int.max) ?? 0)
            image.finish()
            return found
        }
        node.ready = isTrue("Ready", in: status) ?? true
        node.kubeletVersion = status?.child("nodeInfo").flatMap(kubeletVersion)
        // Read from the document where they are needed, to find the NFS server's machine.
        status?.skip("addresses")
        status?.finish()
        return node
    }

    /// The other parts of nodeInfo say nothing to the model, and nobody wants them listed.
    private static func kubeletVersion(_ fields: ManifestFields) -> String? {
        guard let text = fields.text("kubeletVersion"), KubernetesRelease(text) == nil else {
            return fields.text("kubeletVersion")
        }
        fields.notes.log.error(
            at: fields.node["kubeletVersion"]?.place ?? fields.node.place,
            "the kubeletVersion \"\(YAMLNode.shortened(text))\"", "it is no release of Kubernetes",
            instead: "write one such as v1.29.3, or leave it out")
        return nil
    }

    private static func taint(_ fields: ManifestFields) -> Taint? {
        let key = fields.name("key")
        let value = fields.text("value") ?? ""
        let effect = fields.value("effect", Taint.Effect.self)
        fields.skip("timeAdded")
        fields.finish()
        return effect.map { Taint(key: key, value: value, effect: $0) }
    }

    /// `allocatable`, or `capacity` where a hand-written node has only that.
    private static func readResources(
        _ status: ManifestFields?, of object: ManifestFields, into node: inout KubernetesNode
    ) {
        let allocatable = status?.child("allocatable")
        let capacity = status?.child("capacity")
        guard let resources = allocatable ?? capacity else {
            object.notes.log.error(
                at: object.node.place, "node \(node.name) has no status.allocatable",
                "without cpu and memory no pod fits on it",
                instead: "add status: {allocatable: {cpu: \"2\", memory: 4Gi, pods: \"110\"}}")
            return
        }
        node.allocatable = Resources(
            cpuMilli: resources.quantity("cpu")?.milli ?? 0, memoryBytes: resources.quantity("memory")?.units ?? 0)
        node.allocatablePods = resources.quantity("pods")?.units ?? 110
        resources.finish()
    }

    /// Whether a condition of the status is True; nil where it isn't listed.
    static func isTrue(_ type: String, in status: ManifestFields?) -> Bool? {
        var answer: Bool?
        for condition in status?.children("conditions") ?? [] {
            let isTrue = condition.text("status") == "True"
            if condition.text("type") == type { answer = isTrue }
        }
        return answer
    }
}
