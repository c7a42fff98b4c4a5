/// The ways in which the pending claims of a pod can be bound.
///
/// Volumes that differ in nothing but their names lead to the same placements, so they share a branch.
struct VolumeBranches {
    var objects: ClusterObjects
    var probability = 1.0
    /// The same exactly; nil where it leaves 64 bits.
    var fraction: Fraction? = .one

    /// Claims that bind at once where `node` is nil, those that waited for the pod's node otherwise. Never empty.
    static func binding(_ pod: Pod, in objects: ClusterObjects, on node: KubernetesNode?) -> [VolumeBranches] {
        var branches = [VolumeBranches(objects: objects)]
        for name in pod.spec.claimNames {
            branches = branches.flatMap { branch in branch.binding(name, namespace: pod.namespace, on: node) }
        }
        return branches
    }

    private func binding(_ name: String, namespace: String, on node: KubernetesNode?) -> [VolumeBranches] {
        let index = objects.persistentVolumeClaims.firstIndex { $0.name == name && $0.namespace == namespace }
        guard let index else { return [self] }
        let claim = objects.persistentVolumeClaims[index]
        let waits = VolumeBinder.waitsForConsumer(claim, in: objects)
        guard claim.phase != .bound, waits == (node != nil) else { return [self] }
        let candidates = VolumeBinder.candidates(for: claim, in: objects, on: node)
        guard !candidates.isEmpty else {
            var branch = self
            _ = VolumeBinder.provision(claim: index, in: &branch.objects)
            return [branch]
        }
        var classes: [(kind: PersistentVolume, first: String, count: Int)] = []
        for candidate in candidates {
            let kind = candidate.anonymous
            if let known = classes.firstIndex(where: { $0.kind == kind }) {
                classes[known].count += 1
            } else {
                classes.append((kind: kind, first: candidate.name, count: 1))
            }
        }
        return classes.map { kind in
            var branch = self
            VolumeBinder.join(claim: index, to: kind.first, in: &branch.objects)
            branch.probability *= Double(kind.count) / Double(candidates.count)
            branch.fraction = Fraction(kind.count, candidates.count).flatMap { branch.fraction?.times($0) }
            return branch
        }
    }
}

extension PersistentVolume {
    /// Itself without what tells equal volumes apart.
    fileprivate var anonymous: PersistentVolume {
        var volume = self
        volume.name = ""
        volume.nfs = nil
        return volume
    }
}
