package enum AccessMode: String, Sendable, CaseIterable {
    case readWriteOnce = "ReadWriteOnce"
    case readOnlyMany = "ReadOnlyMany"
    case readWriteMany = "ReadWriteMany"
    case readWriteOncePod = "ReadWriteOncePod"
}

package enum VolumeMode: String, Sendable, CaseIterable {
    case filesystem = "Filesystem"
    case block = "Block"
}

package enum ReclaimPolicy: String, Sendable, CaseIterable {
    case retain = "Retain"
    case recycle = "Recycle"
    case delete = "Delete"
}

package struct NFSExport: Sendable, Equatable {
    package var server: String
    package var path: String

    package init(server: String, path: String) {
        self.server = server
        self.path = path
    }
}

/// The claim that a volume is bound to or reserved for.
package struct ClaimReference: Sendable, Equatable {
    package var namespace: String
    package var name: String
    /// Nil where an administrator reserved the volume by name.
    package var uid: String?

    package init(namespace: String, name: String, uid: String? = nil) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
    }
}

package struct PersistentVolume: Sendable, Equatable {
    package enum Phase: String, Sendable, CaseIterable {
        case pending = "Pending"
        case available = "Available"
        case bound = "Bound"
        case released = "Released"
        case failed = "Failed"
    }

    package var name: String
    package var labels: Labels
    package var capacityBytes: Int
    package var accessModes: [AccessMode]
    /// Empty is no class.
    package var storageClass: String
    package var volumeMode: VolumeMode
    package var reclaimPolicy: ReclaimPolicy
    package var nfs: NFSExport?
    package var mountOptions: [String]
    package var claim: ClaimReference?
    package var phase: Phase
    /// Nil: every node can mount it.
    package var nodeAffinity: [NodeSelectorTerm]?

    package init(
        name: String, labels: Labels = [:], capacityBytes: Int, accessModes: [AccessMode], storageClass: String = "",
        volumeMode: VolumeMode = .filesystem, reclaimPolicy: ReclaimPolicy = .retain, nfs: NFSExport? = nil,
        mountOptions: [String] = [], claim: ClaimReference? = nil, phase: Phase = .available,
        nodeAffinity: [NodeSelectorTerm]? = nil
    ) {
        self.name = name
        self.labels = labels
        self.capacityBytes = capacityBytes
        self.accessModes = accessModes
        self.storageClass = storageClass
        self.volumeMode = volumeMode
        self.reclaimPolicy = reclaimPolicy
        self.nfs = nfs
        self.mountOptions = mountOptions
        self.claim = claim
        self.phase = phase
        self.nodeAffinity = nodeAffinity
    }
}

package struct PersistentVolumeClaim: Sendable, Equatable {
    package enum Phase: String, Sendable, CaseIterable {
        case pending = "Pending"
        case bound = "Bound"
        case lost = "Lost"
    }

    package var namespace: String
    package var name: String
    package var uid: String?
    package var labels: Labels
    package var requestBytes: Int
    package var accessModes: [AccessMode]
    /// Nil takes the default class where the cluster has one; empty asks for no class.
    package var storageClass: String?
    package var volumeMode: VolumeMode
    package var selector: LabelSelector?
    /// The volume bound to it, or asked for by name.
    package var volumeName: String?
    package var phase: Phase

    package init(
        namespace: String = "default", name: String, uid: String? = nil, labels: Labels = [:], requestBytes: Int,
        accessModes: [AccessMode], storageClass: String? = nil, volumeMode: VolumeMode = .filesystem,
        selector: LabelSelector? = nil, volumeName: String? = nil, phase: Phase = .pending
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.labels = labels
        self.requestBytes = requestBytes
        self.accessModes = accessModes
        self.storageClass = storageClass
        self.volumeMode = volumeMode
        self.selector = selector
        self.volumeName = volumeName
        self.phase = phase
    }
}

package struct StorageClass: Sendable, Equatable {
    package enum BindingMode: String, Sendable, CaseIterable {
        case immediate = "Immediate"
        case waitForFirstConsumer = "WaitForFirstConsumer"
    }

    package var name: String
    package var provisioner: String
    package var bindingMode: BindingMode
    /// Annotated as the cluster's default.
    package var isDefault: Bool

    package init(name: String, provisioner: String, bindingMode: BindingMode = .immediate, isDefault: Bool = false) {
        self.name = name
        self.provisioner = provisioner
        self.bindingMode = bindingMode
        self.isDefault = isDefault
    }

    /// Volumes are made on demand; `kubernetes.io/no-provisioner` is the class of volumes that exist beforehand.
    package var provisions: Bool { provisioner != "kubernetes.io/no-provisioner" }
}
