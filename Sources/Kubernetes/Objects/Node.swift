/// Cpu and memory, requested or available.
package struct Resources: Sendable, Equatable {
    /// Milli-cores.
    package var cpuMilli: Int
    /// Bytes.
    package var memoryBytes: Int

    package init(cpuMilli: Int = 0, memoryBytes: Int = 0) {
        self.cpuMilli = cpuMilli
        self.memoryBytes = memoryBytes
    }
}

package struct Taint: Sendable, Equatable {
    package enum Effect: String, Sendable, CaseIterable {
        case noSchedule = "NoSchedule"
        case preferNoSchedule = "PreferNoSchedule"
        case noExecute = "NoExecute"
    }

    package var key: String
    package var value: String
    package var effect: Effect

    package init(key: String, value: String = "", effect: Effect) {
        self.key = key
        self.value = value
        self.effect = effect
    }
}

/// An image that a node reports as present, under each of its names.
package struct NodeImage: Sendable, Equatable {
    package var names: [String]
    package var sizeBytes: Int

    package init(names: [String], sizeBytes: Int) {
        self.names = names
        self.sizeBytes = sizeBytes
    }
}

/// An entry of the annotation `scheduler.alpha.kubernetes.io/preferAvoidPods` (read by v1.17 only).
package struct AvoidedOwner: Sendable, Equatable {
    package var kind: String
    package var uid: String

    package init(kind: String, uid: String) {
        self.kind = kind
        self.uid = uid
    }
}

/// Attachable volumes on a node, as the alpha gate BalanceAttachedNodeVolumes of v1.17 counts them.
package struct AttachedVolumes: Sendable, Equatable {
    package var requested: Int
    package var allocatable: Int

    package init(requested: Int, allocatable: Int) {
        self.requested = requested
        self.allocatable = allocatable
    }
}

/// A Node object: what scheduling and the node life cycle read of it.
package struct KubernetesNode: Sendable, Equatable {
    package var name: String
    package var labels: Labels
    package var annotations: Labels
    package var taints: [Taint]
    /// `spec.unschedulable`: cordoned.
    package var unschedulable: Bool
    /// `spec.podCIDR`: the range of its pods' addresses.
    package var podCIDR: String?
    package var allocatable: Resources
    /// How many pods the node takes; kubelets default to 110.
    package var allocatablePods: Int
    package var images: [NodeImage]
    /// The Ready condition.
    package var ready: Bool
    package var avoidedOwners: [AvoidedOwner]
    package var attachedVolumes: AttachedVolumes?
    /// `status.nodeInfo.kubeletVersion`, such as `v1.29.3`; nil where the object doesn't say.
    package var kubeletVersion: String?

    package init(
        name: String, labels: Labels = [:], annotations: Labels = [:], taints: [Taint] = [],
        unschedulable: Bool = false, podCIDR: String? = nil,
        allocatable: Resources = Resources(), allocatablePods: Int = 110, images: [NodeImage] = [], ready: Bool = true,
        avoidedOwners: [AvoidedOwner] = [], attachedVolumes: AttachedVolumes? = nil
    ) {
        self.name = name
        self.labels = labels
        self.annotations = annotations
        self.taints = taints
        self.unschedulable = unschedulable
        self.podCIDR = podCIDR
        self.allocatable = allocatable
        self.allocatablePods = allocatablePods
        self.images = images
        self.ready = ready
        self.avoidedOwners = avoidedOwners
        self.attachedVolumes = attachedVolumes
    }
}

extension KubernetesNode {
    /// kubeadm marks the machines of the control plane by label and taint, both of one prefix.
    package var isControlPlane: Bool {
        let roles = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"]
        return roles.contains { role in labels[role] != nil || taints.contains { $0.key == role } }
    }
}
