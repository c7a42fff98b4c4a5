package import Randomness

/// The persistent volume controller's matching of claims and volumes.
///
/// kubernetes v1.17 pkg/controller/volume/persistentvolume: util/util.go FindMatchingVolume, index.go,
/// pv_controller.go.
package enum VolumeBinder {
    /// What becomes of one claim.
    package enum Outcome: Sendable, Equatable {
        /// Bound to this volume; already, or now.
        case bound(volume: String)
        /// The class makes a volume for it.
        case provisioned(volume: String)
        /// It waits for the pod that uses it to be scheduled.
        case waitsForConsumer
        /// Nothing fits; the claim stays Pending.
        case pending
    }

    /// The volumes that the controller may choose for a pending claim, in the objects' order: all of the smallest
    /// capacity that fits, or the one reserved for the claim. Empty where none fits.
    ///
    /// The controller looks at volumes with the fewest access modes first and keeps the first of the smallest that it
    /// meets; it meets them in the order of a Go map, so each of the smallest is equally likely here.
    package static func candidates(
        for claim: PersistentVolumeClaim, in objects: ClusterObjects, on node: KubernetesNode? = nil
    ) -> [PersistentVolume] {
        let fitting = objects.persistentVolumes.filter { volume in
            volume.volumeMode == claim.volumeMode && volume.capacityBytes >= claim.requestBytes
                && claim.accessModes.allSatisfy(volume.accessModes.contains) && mounts(volume, node)
        }
        if let wanted = claim.volumeName {
            return fitting.filter { $0.name == wanted && ($0.claim == nil || isReserved($0, for: claim)) && isFree($0) }
        }
        let modes = fitting.filter { isReserved($0, for: claim) || isOpen($0, to: claim, in: objects) }
            .map(\.accessModes.count).min()
        let group = fitting.filter { $0.accessModes.count == modes }
        if let reserved = group.first(where: { isReserved($0, for: claim) }) { return [reserved] }
        let open = group.filter { isOpen($0, to: claim, in: objects) }
        let smallest = open.map(\.capacityBytes).min()
        return open.filter { $0.capacityBytes == smallest }
    }

    /// Settles one claim, choosing at random among equal volumes, and writes the outcome into `objects`.
    package static func bind(
        claim name: String, namespace: String, in objects: inout ClusterObjects, random: inout RandomStream
    ) -> Outcome {
        guard let index = index(of: name, namespace, in: objects) else { return .pending }
        let claim = objects.persistentVolumeClaims[index]
        if claim.phase == .bound, let volume = claim.volumeName { return .bound(volume: volume) }
        if waitsForConsumer(claim, in: objects) { return .waitsForConsumer }
        let candidates = candidates(for: claim, in: objects)
        if !candidates.isEmpty {
            let chosen = candidates[candidates.count == 1 ? 0 : random.below(candidates.count)].name
            join(claim: index, to: chosen, in: &objects)
            return .bound(volume: chosen)
        }
        return provision(claim: index, in: &objects)
    }

    /// Binds a claim to a volume of the given name, in both objects.
    package static func join(claim index: Int, to volume: String, in objects: inout ClusterObjects) {
        guard objects.persistentVolumeClaims.indices.contains(index),
            let position = objects.persistentVolumes.firstIndex(where: { $0.name == volume })
        else { return }
        let claim = objects.persistentVolumeClaims[index]
        objects.persistentVolumeClaims[index].volumeName = volume
        objects.persistentVolumeClaims[index].phase = .bound
        objects.persistentVolumes[position].phase = .bound
        objects.persistentVolumes[position].claim = ClaimReference(
            namespace: claim.namespace, name: claim.name, uid: claim.uid)
    }

    /// Whether the claim's class binds only when a pod that uses it is scheduled.
    package static func waitsForConsumer(_ claim: PersistentVolumeClaim, in objects: ClusterObjects) -> Bool {
        storageClass(of: claim, in: objects)?.bindingMode == .waitForFirstConsumer && claim.volumeName == nil
    }

    /// Whether a claim that waits for its consumer could be bound if the pod came to `node`.
    package static func canBind(
        _ claim: PersistentVolumeClaim, on node: KubernetesNode, in objects: ClusterObjects
    ) -> Bool {
        !candidates(for: claim, in: objects, on: node).isEmpty
            || storageClass(of: claim, in: objects)?.provisions == true
    }

    static func provision(claim index: Int, in objects: inout ClusterObjects) -> Outcome {
        let claim = objects.persistentVolumeClaims[index]
        guard claim.volumeName == nil, let storage = storageClass(of: claim, in: objects), storage.provisions else {
            return .pending
        }
        let name = "pvc-\(claim.uid ?? "\(claim.namespace)-\(claim.name)")"
        objects.persistentVolumes.append(
            PersistentVolume(
                name: name, capacityBytes: claim.requestBytes, accessModes: claim.accessModes,
                storageClass: storage.name,
                volumeMode: claim.volumeMode, reclaimPolicy: .delete))
        join(claim: index, to: name, in: &objects)
        return .provisioned(volume: name)
    }

    /// The claim's class; a claim that names none takes the default class, if there is one.
    private static func className(of claim: PersistentVolumeClaim, in objects: ClusterObjects) -> String {
        claim.storageClass ?? objects.storageClasses.first(where: \.isDefault)?.name ?? ""
    }

    private static func storageClass(of claim: PersistentVolumeClaim, in objects: ClusterObjects) -> StorageClass? {
        let name = className(of: claim, in: objects)
        return objects.storageClasses.first { $0.name == name }
    }

    private static func isReserved(_ volume: PersistentVolume, for claim: PersistentVolumeClaim) -> Bool {
        guard let reference = volume.claim, isFree(volume) else { return false }
        guard reference.name == claim.name, reference.namespace == claim.namespace else { return false }
        return reference.uid == nil || reference.uid == claim.uid
    }

    private static func isFree(_ volume: PersistentVolume) -> Bool {
        volume.phase == .available || volume.phase == .pending
    }

    private static func isOpen(
        _ volume: PersistentVolume, to claim: PersistentVolumeClaim, in objects: ClusterObjects
    ) -> Bool {
        guard volume.phase == .available, volume.claim == nil else { return false }
        if let selector = claim.selector, !selector.matches(volume.labels) { return false }
        return volume.storageClass == className(of: claim, in: objects)
    }

    private static func mounts(_ volume: PersistentVolume, _ node: KubernetesNode?) -> Bool {
        guard let node, let terms = volume.nodeAffinity else { return true }
        return terms.contains { $0.matches(node) }
    }

    private static func index(of name: String, _ namespace: String, in objects: ClusterObjects) -> Int? {
        objects.persistentVolumeClaims.firstIndex { $0.name == name && $0.namespace == namespace }
    }
}
