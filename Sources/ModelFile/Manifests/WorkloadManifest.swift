import Kubernetes

/// StatefulSets, the workloads whose selectors take part in spreading, budgets, Services and ConfigMaps.
enum WorkloadManifest {
    /// More pods than this in one StatefulSet are taken for a slip of the keyboard.
    static let replicaLimit = 5000

    static func statefulSet(_ object: ManifestFields) -> StatefulSet {
        let metadata = Metadata(of: object)
        var set = StatefulSet(namespace: metadata.namespace, name: metadata.name, uid: metadata.uid)
        if let spec = object.child("spec") {
            set.replicas = spec.integer("replicas", in: 0...replicaLimit) ?? 1
            set.selector = spec.selector("selector") ?? LabelSelector()
            set.serviceName = spec.text("serviceName") ?? ""
            set.podManagementPolicy = spec.value("podManagementPolicy", PodManagementPolicy.self) ?? .orderedReady
            if let strategy = spec.child("updateStrategy") { set.updateStrategy = updateStrategy(strategy) }
            if let template = spec.child("template") { set.template = PodManifest.template(template) }
            set.volumeClaimTemplates = spec.children("volumeClaimTemplates").map { template in
                template.skip("apiVersion", "kind")
                let claim = VolumeManifest.claim(template)
                template.finish()
                return claim
            }
            spec.finish()
        }
        object.skip("status")
        return set
    }

    private static func updateStrategy(_ fields: ManifestFields) -> StatefulSetUpdateStrategy {
        let type = fields.text("type") ?? "RollingUpdate"
        let rolling = fields.child("rollingUpdate")
        let partition = rolling?.integer("partition") ?? 0
        rolling?.finish()
        fields.finish()
        return type == "OnDelete" ? .onDelete : .rollingUpdate(partition: partition)
    }

    static func other(_ object: ManifestFields, kind: OtherWorkload.Kind) -> OtherWorkload {
        let metadata = Metadata(of: object)
        let spec = object.child("spec")
        // A ReplicationController's selector is a plain mapping of labels.
        let selector =
            kind == .replicationController
            ? spec?.labels("selector").map { LabelSelector(matchLabels: $0) } : spec?.selector("selector")
        let replicas = spec?.integer("replicas") ?? 1
        spec?.skip("template")
        spec?.finish()
        object.skip("status")
        return OtherWorkload(
            kind: kind, namespace: metadata.namespace, name: metadata.name, replicas: replicas,
            selector: selector ?? LabelSelector())
    }

    static func disruptionBudget(_ object: ManifestFields) -> PodDisruptionBudget {
        let metadata = Metadata(of: object)
        let spec = object.child("spec")
        let selector = spec?.selector("selector")
        let minimum = spec.flatMap { amount("minAvailable", $0) }
        let maximum = spec.flatMap { amount("maxUnavailable", $0) }
        spec?.finish()
        object.skip("status")
        let rule: PodDisruptionBudget.Rule = maximum.map { .maxUnavailable($0) } ?? .minAvailable(minimum ?? .count(1))
        return PodDisruptionBudget(namespace: metadata.namespace, name: metadata.name, selector: selector, rule: rule)
    }

    private static func amount(_ key: String, _ fields: ManifestFields) -> PodDisruptionBudget.Amount? {
        guard let node = fields.value(key) else { return nil }
        if let text = node.text {
            if let count = Int(text), count >= 0 { return .count(count) }
            if text.hasSuffix("%"), let percent = Int(text.dropLast()), (0...100).contains(percent) {
                return .percent(percent)
            }
        }
        fields.refuse(node, key, "a number of pods or a percentage is needed", "write 1 or \"50%\"")
        return nil
    }

    static func service(_ object: ManifestFields) -> Service {
        let metadata = Metadata(of: object)
        var service = Service(namespace: metadata.namespace, name: metadata.name)
        if let spec = object.child("spec") {
            service.selector = spec.labels("selector")
            service.isHeadless = spec.text("clusterIP") == "None"
            service.kind = spec.value("type", Service.Kind.self) ?? .clusterIP
            service.ports = spec.children("ports").map { port in
                let number = port.integer("port", in: 1...65_535) ?? 0
                // A named target port means the container's port of that name; its number isn't modelled.
                let target = port.text("targetPort").flatMap { Int($0) }
                let found = ServicePort(
                    name: port.text("name") ?? "", port: number, targetPort: target,
                    nodePort: port.integer("nodePort", in: 1...65_535))
                port.skip("protocol")
                port.finish()
                return found
            }
            spec.finish()
        }
        object.skip("status")
        return service
    }

    static func configMap(_ object: ManifestFields) -> ConfigMap {
        let metadata = Metadata(of: object)
        return ConfigMap(namespace: metadata.namespace, name: metadata.name, data: object.labels("data") ?? [:])
    }
}
