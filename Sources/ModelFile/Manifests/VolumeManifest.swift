import Kubernetes

/// PersistentVolumes, claims and storage classes.
enum VolumeManifest {
    static func volume(_ object: ManifestFields) -> PersistentVolume {
        let metadata = Metadata(of: object)
        var volume = PersistentVolume(
            name: metadata.name, labels: metadata.labels, capacityBytes: 0, accessModes: [])
        if let spec = object.child("spec") {
            let capacity = spec.child("capacity")
            volume.capacityBytes = capacity?.quantity("storage")?.units ?? 0
            capacity?.finish()
            volume.accessModes = accessModes(spec)
            volume.storageClass = spec.text("storageClassName") ?? ""
            volume.volumeMode = spec.value("volumeMode", VolumeMode.self) ?? .filesystem
            volume.reclaimPolicy = spec.value("persistentVolumeReclaimPolicy", ReclaimPolicy.self) ?? .retain
            volume.mountOptions = spec.texts("mountOptions")
            if let nfs = spec.child("nfs") {
                volume.nfs = NFSExport(server: nfs.name("server"), path: nfs.name("path"))
                nfs.finish()
            }
            if let claim = spec.child("claimRef") {
                volume.claim = ClaimReference(
                    namespace: claim.text("namespace") ?? "default", name: claim.name(), uid: claim.text("uid"))
                claim.finish()
            }
            if let affinity = spec.child("nodeAffinity") {
                volume.nodeAffinity = affinity.child("required")?.nodeSelectorTerms("nodeSelectorTerms")
                affinity.finish()
            }
            spec.finish()
        }
        let status = object.child("status")
        volume.phase = status?.value("phase", PersistentVolume.Phase.self) ?? .available
        status?.finish()
        return volume
    }

    static func claim(_ object: ManifestFields) -> PersistentVolumeClaim {
        let metadata = Metadata(of: object)
        var claim = PersistentVolumeClaim(
            namespace: metadata.namespace, name: metadata.name, uid: metadata.uid.isEmpty ? nil : metadata.uid,
            labels: metadata.labels, requestBytes: 0, accessModes: [])
        if let spec = object.child("spec") {
            claim.accessModes = accessModes(spec)
            let resources = spec.child("resources")
            let requests = resources?.child("requests")
            claim.requestBytes = requests?.quantity("storage")?.units ?? 0
            requests?.finish()
            resources?.finish()
            claim.storageClass = spec.text("storageClassName")
            claim.volumeMode = spec.value("volumeMode", VolumeMode.self) ?? .filesystem
            claim.selector = spec.selector("selector")
            claim.volumeName = spec.text("volumeName")
            spec.finish()
        }
        let status = object.child("status")
        claim.phase = status?.value("phase", PersistentVolumeClaim.Phase.self) ?? .pending
        status?.finish()
        return claim
    }

    static func storageClass(_ object: ManifestFields) -> StorageClass {
        let metadata = Metadata(of: object)
        let defaults = [
            "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
        ]
        return StorageClass(
            name: metadata.name, provisioner: object.name("provisioner"),
            bindingMode: object.value("volumeBindingMode", StorageClass.BindingMode.self) ?? .immediate,
            isDefault: defaults.contains { metadata.annotations[$0] == "true" })
    }

    private static func accessModes(_ spec: ManifestFields) -> [AccessMode] {
        spec.elements("accessModes").compactMap { node in
            if let mode = node.text.flatMap(AccessMode.init(rawValue:)) { return mode }
            let legal = AccessMode.allCases.map(\.rawValue)
            spec.refuse(
                node, "accessModes[]", "Kubernetes knows \(legal.joined(separator: ", "))",
                Suggestion.sentence(for: node.text ?? "", among: legal, noun: "access mode"))
            return nil
        }
    }
}
