/// What a StatefulSet gives each of its pods: a stable name, host name and claims (stateful_set_utils.go).
extension StatefulSet {
    package func podName(ordinal: Int) -> String { "\(name)-\(ordinal)" }

    /// The ordinal of a pod of this set; nil where the name does not belong to it.
    package func ordinal(ofPod podName: String) -> Int? {
        guard podName.hasPrefix(name + "-"), let ordinal = Int(podName.dropFirst(name.count + 1)), ordinal >= 0,
            podName == self.podName(ordinal: ordinal)
        else { return nil }
        return ordinal
    }

    package func claimName(template: PersistentVolumeClaim, ordinal: Int) -> String {
        "\(template.name)-\(podName(ordinal: ordinal))"
    }

    /// The claims of one pod. The controller creates those that are missing and never deletes one by itself.
    package func claims(ordinal: Int) -> [PersistentVolumeClaim] {
        volumeClaimTemplates.map { template in
            var claim = template
            claim.namespace = namespace
            claim.name = claimName(template: template, ordinal: ordinal)
            claim.labels = claim.labels.merging(selector.matchLabels)
            claim.phase = .pending
            return claim
        }
    }

    /// The pod that the controller creates for an ordinal, at a revision named by its hash
    /// (`controller-revision-hash`).
    ///
    /// A volume of the template that has a claim template's name is replaced by that claim.
    package func pod(ordinal: Int, revision: String = "", version: KubernetesVersion = .current) -> Pod {
        let podName = podName(ordinal: ordinal)
        var labels = template.labels
        labels["statefulset.kubernetes.io/pod-name"] = podName
        if !revision.isEmpty { labels["controller-revision-hash"] = revision }
        // The index label came with 1.28.
        if version == .current { labels["apps.kubernetes.io/pod-index"] = String(ordinal) }
        var spec = template.spec
        spec.hostname = podName
        spec.subdomain = serviceName
        let claimed = volumeClaimTemplates.map { template in
            PodVolume(name: template.name, source: .claim(claimName(template: template, ordinal: ordinal)))
        }
        spec.volumes = claimed + spec.volumes.filter { volume in !claimed.contains { $0.name == volume.name } }
        return Pod(
            namespace: namespace, name: podName, labels: labels,
            owners: [OwnerReference(kind: "StatefulSet", name: name, uid: uid)], spec: spec)
    }
}
