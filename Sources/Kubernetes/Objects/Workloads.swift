/// Whether pods start and stop one after another, or all at once.
package enum PodManagementPolicy: String, Sendable, CaseIterable {
    case orderedReady = "OrderedReady"
    case parallel = "Parallel"
}

package enum StatefulSetUpdateStrategy: Sendable, Equatable {
    case onDelete
    /// Ordinals below the partition stay at the old revision.
    case rollingUpdate(partition: Int)
}

package struct StatefulSet: Sendable, Equatable {
    package var namespace: String
    package var name: String
    package var uid: String
    package var replicas: Int
    package var selector: LabelSelector
    package var serviceName: String
    package var podManagementPolicy: PodManagementPolicy
    package var updateStrategy: StatefulSetUpdateStrategy
    package var template: PodTemplate
    /// Each becomes a claim named after it and the pod; `name` is the template's.
    package var volumeClaimTemplates: [PersistentVolumeClaim]

    package init(
        namespace: String = "default", name: String, uid: String = "", replicas: Int = 1,
        selector: LabelSelector = LabelSelector(), serviceName: String = "",
        podManagementPolicy: PodManagementPolicy = .orderedReady,
        updateStrategy: StatefulSetUpdateStrategy = .rollingUpdate(partition: 0), template: PodTemplate = PodTemplate(),
        volumeClaimTemplates: [PersistentVolumeClaim] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.replicas = replicas
        self.selector = selector
        self.serviceName = serviceName
        self.podManagementPolicy = podManagementPolicy
        self.updateStrategy = updateStrategy
        self.template = template
        self.volumeClaimTemplates = volumeClaimTemplates
    }
}

/// A ReplicaSet, ReplicationController or Deployment: only its selector takes part in spreading.
package struct OtherWorkload: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case replicaSet = "ReplicaSet"
        case replicationController = "ReplicationController"
        case deployment = "Deployment"
    }

    package var kind: Kind
    package var namespace: String
    package var name: String
    package var replicas: Int
    package var selector: LabelSelector

    package init(kind: Kind, namespace: String = "default", name: String, replicas: Int = 1, selector: LabelSelector) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.replicas = replicas
        self.selector = selector
    }
}

package struct PodDisruptionBudget: Sendable, Equatable {
    /// A number of pods, or a share of the expected ones in percent.
    package enum Amount: Sendable, Equatable {
        case count(Int)
        case percent(Int)
    }

    package enum Rule: Sendable, Equatable {
        case minAvailable(Amount)
        case maxUnavailable(Amount)
    }

    package var namespace: String
    package var name: String
    /// Nil selects no pod.
    package var selector: LabelSelector?
    package var rule: Rule

    package init(namespace: String = "default", name: String, selector: LabelSelector?, rule: Rule) {
        self.namespace = namespace
        self.name = name
        self.selector = selector
        self.rule = rule
    }
}
