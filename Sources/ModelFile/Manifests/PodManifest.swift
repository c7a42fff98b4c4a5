import Kubernetes

/// Pods, pod templates, and what their containers say.
enum PodManifest {
    static func read(_ object: ManifestFields) -> Pod {
        let metadata = Metadata(of: object)
        var pod = Pod(
            namespace: metadata.namespace, name: metadata.name, uid: metadata.uid, labels: metadata.labels,
            owners: metadata.owners, isTerminating: metadata.isTerminating)
        if let spec = object.child("spec") {
            pod.nodeName = spec.text("nodeName")
            pod.spec = podSpec(spec)
        }
        if let status = object.child("status") {
            pod.phase = status.value("phase", Pod.Phase.self) ?? (pod.nodeName == nil ? .pending : .running)
            pod.podIP = status.text("podIP")
            pod.ready = NodeManifest.isTrue("Ready", in: status) ?? false
            status.finish()
        } else if pod.nodeName != nil {
            pod.phase = .running
            pod.ready = true
        }
        return pod
    }

    static func template(_ fields: ManifestFields) -> PodTemplate {
        var template = PodTemplate()
        if let metadata = fields.child("metadata") {
            template.labels = metadata.labels("labels") ?? [:]
            template.annotations = metadata.labels("annotations") ?? [:]
            metadata.finish()
        }
        if let spec = fields.child("spec") { template.spec = podSpec(spec) }
        fields.finish()
        return template
    }

    private static func podSpec(_ fields: ManifestFields) -> PodSpec {
        var spec = PodSpec()
        spec.containers = fields.children("containers").map(container)
        spec.initContainers = fields.children("initContainers").map(container)
        spec.nodeSelector = fields.labels("nodeSelector") ?? [:]
        spec.affinity = fields.child("affinity").map(AffinityManifest.read) ?? Affinity()
        spec.tolerations = fields.children("tolerations").map(AffinityManifest.toleration)
        spec.topologySpreadConstraints = fields.children("topologySpreadConstraints").map(AffinityManifest.spread)
        spec.volumes = fields.children("volumes").map(volume)
        spec.terminationGraceSeconds = fields.integer("terminationGracePeriodSeconds") ?? 30
        spec.priority = fields.integer("priority", in: Int(Int32.min)...Int(Int32.max)) ?? 0
        spec.hostNetwork = fields.boolean("hostNetwork")
        spec.hostname = fields.text("hostname")
        spec.subdomain = fields.text("subdomain")
        fields.finish()
        return spec
    }

    private static func container(_ fields: ManifestFields) -> Container {
        var container = Container(
            name: fields.name(), image: fields.text("image") ?? "", command: fields.texts("command"),
            arguments: fields.texts("args"))
        if let resources = fields.child("resources") {
            container.requests = resources.child("requests").map(amounts) ?? ContainerResources()
            container.limits = resources.child("limits").map(amounts) ?? ContainerResources()
            resources.finish()
        }
        container.ports = fields.children("ports").map { port in
            let found = ContainerPort(
                name: port.text("name") ?? "", containerPort: port.integer("containerPort", in: 1...65_535) ?? 0,
                hostPort: port.integer("hostPort", in: 0...65_535).flatMap { $0 == 0 ? nil : $0 },
                hostIP: port.text("hostIP") ?? "0.0.0.0", protocol: port.text("protocol") ?? "TCP")
            port.finish()
            return found
        }
        container.mounts = fields.children("volumeMounts").map { mount in
            let found = VolumeMount(volume: mount.name(), path: path(mount.text("mountPath") ?? ""))
            mount.finish()
            return found
        }
        container.imagePullPolicy = fields.text("imagePullPolicy")
        if let lifecycle = fields.child("lifecycle") {
            container.hasPreStop = lifecycle.has("preStop")
            lifecycle.finish()
        }
        container.hasReadinessProbe = fields.has("readinessProbe")
        fields.finish()
        return container
    }

    /// A mount path without slashes at its end; `/` itself stays.
    private static func path(_ written: String) -> String {
        guard let last = written.lastIndex(where: { $0 != "/" }) else { return written.isEmpty ? "" : "/" }
        return String(written[...last])
    }

    private static func amounts(_ fields: ManifestFields) -> ContainerResources {
        let amounts = ContainerResources(
            cpuMilli: fields.quantity("cpu")?.milli, memoryBytes: fields.quantity("memory")?.units)
        fields.finish()
        return amounts
    }

    private static func volume(_ fields: ManifestFields) -> PodVolume {
        let name = fields.name()
        if let claim = fields.child("persistentVolumeClaim") {
            defer { claim.finish() }
            return PodVolume(name: name, source: .claim(claim.name("claimName")))
        }
        if let map = fields.child("configMap") {
            // The items (which key becomes which file) are read where redis.conf is looked for.
            map.skip("items", "defaultMode")
            defer { map.finish() }
            return PodVolume(name: name, source: .configMap(map.name()))
        }
        let source = fields.node.entries?.first { $0.key != "name" }?.key ?? "emptyDir"
        return PodVolume(name: name, source: .other(source))
    }
}
