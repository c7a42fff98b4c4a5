/// What a pod's claims allow: the scheduler's VolumeBinding filter, and the checks before it.
enum VolumeFilter {
    static let unboundReason = "pod has unbound immediate PersistentVolumeClaims"

    /// What ends the cycle before any node is looked at; nil where nothing does.
    ///
    /// Claims that do not exist do so in both versions. Unbound claims do so in the current release only, whose
    /// VolumeBinding has a PreFilter.
    static func preliminaryProblem(of pod: Pod, in objects: ClusterObjects, version: KubernetesVersion) -> String? {
        for name in pod.spec.claimNames where claim(name, of: pod, in: objects) == nil {
            return "persistentvolumeclaim \"\(name)\" not found"
        }
        guard version == .current, hasUnboundImmediateClaim(pod, in: objects) else { return nil }
        return unboundReason
    }

    /// In v1.17 an unbound claim is an error of the filter, not a verdict: where any node gets as far as that filter,
    /// the error ends the cycle and is all that the event says.
    static func abortingProblem(
        of pod: Pod, in objects: ClusterObjects, version: KubernetesVersion, verdicts: [NodeVerdict]
    ) -> String? {
        guard version == .v117, verdicts.contains(where: { $0.reasons == [unboundReason] }) else { return nil }
        return "error while running \"VolumeBinding\" filter plugin for pod \"\(pod.name)\": \(unboundReason)"
    }

    /// The filter's verdict on one node.
    static func reasons(
        of pod: Pod, on node: KubernetesNode, in objects: ClusterObjects, version: KubernetesVersion
    ) -> [String] {
        if hasUnboundImmediateClaim(pod, in: objects) { return [unboundReason] }
        for name in pod.spec.claimNames {
            guard let claim = claim(name, of: pod, in: objects) else { continue }
            if claim.phase == .bound {
                guard let volume = objects.persistentVolumes.first(where: { $0.name == claim.volumeName }) else {
                    continue
                }
                if admits(volume, node) { continue }
                switch version {
                case .v117: return ["node(s) had volume node affinity conflict"]
                case .current: return ["node(s) didn't match PersistentVolume's node affinity"]
                }
            }
            // A claim that waits for its first consumer: a volume that this node can mount, or a class that makes one.
            if !VolumeBinder.canBind(claim, on: node, in: objects) {
                return ["node(s) didn't find available persistent volumes to bind"]
            }
        }
        return []
    }

    private static func hasUnboundImmediateClaim(_ pod: Pod, in objects: ClusterObjects) -> Bool {
        pod.spec.claimNames.contains { name in
            guard let claim = claim(name, of: pod, in: objects) else { return false }
            return claim.phase != .bound && !VolumeBinder.waitsForConsumer(claim, in: objects)
        }
    }

    private static func claim(_ name: String, of pod: Pod, in objects: ClusterObjects) -> PersistentVolumeClaim? {
        objects.persistentVolumeClaims.first { $0.name == name && $0.namespace == pod.namespace }
    }

    private static func admits(_ volume: PersistentVolume, _ node: KubernetesNode) -> Bool {
        guard let terms = volume.nodeAffinity else { return true }
        return terms.contains { $0.matches(node) }
    }
}
