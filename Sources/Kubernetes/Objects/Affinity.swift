/// A pod (anti-)affinity term: near (or far from) pods that match, in the topology of a node label.
package struct PodAffinityTerm: Sendable, Equatable {
    /// Nil matches no pod; an empty selector matches every pod.
    package var labelSelector: LabelSelector?
    /// Empty means the namespace of the pod that has the term.
    package var namespaces: [String]
    package var topologyKey: String

    package init(labelSelector: LabelSelector?, namespaces: [String] = [], topologyKey: String) {
        self.labelSelector = labelSelector
        self.namespaces = namespaces
        self.topologyKey = topologyKey
    }

    /// Whether `pod` is one that this term of a pod in namespace `owner` speaks of.
    package func matches(_ pod: Pod, ofOwnerIn owner: String) -> Bool {
        let inNamespace = namespaces.isEmpty ? pod.namespace == owner : namespaces.contains(pod.namespace)
        guard inNamespace, let labelSelector else { return false }
        return labelSelector.matches(pod.labels)
    }
}

package struct WeightedPodAffinityTerm: Sendable, Equatable {
    /// 1...100 in a valid object.
    package var weight: Int
    package var term: PodAffinityTerm

    package init(weight: Int, term: PodAffinityTerm) {
        self.weight = weight
        self.term = term
    }
}

package struct PodAffinity: Sendable, Equatable {
    package var required: [PodAffinityTerm]
    package var preferred: [WeightedPodAffinityTerm]

    package init(required: [PodAffinityTerm] = [], preferred: [WeightedPodAffinityTerm] = []) {
        self.required = required
        self.preferred = preferred
    }

    package var isEmpty: Bool { required.isEmpty && preferred.isEmpty }
}

package struct PreferredNodeTerm: Sendable, Equatable {
    /// 1...100 in a valid object.
    package var weight: Int
    package var term: NodeSelectorTerm

    package init(weight: Int, term: NodeSelectorTerm) {
        self.weight = weight
        self.term = term
    }
}

package struct NodeAffinity: Sendable, Equatable {
    /// One of the terms must match; nil demands nothing.
    package var required: [NodeSelectorTerm]?
    package var preferred: [PreferredNodeTerm]

    package init(required: [NodeSelectorTerm]? = nil, preferred: [PreferredNodeTerm] = []) {
        self.required = required
        self.preferred = preferred
    }
}

package struct Affinity: Sendable, Equatable {
    package var node: NodeAffinity
    package var pod: PodAffinity
    package var podAnti: PodAffinity

    package init(
        node: NodeAffinity = NodeAffinity(), pod: PodAffinity = PodAffinity(), podAnti: PodAffinity = PodAffinity()
    ) {
        self.node = node
        self.pod = pod
        self.podAnti = podAnti
    }
}

package struct Toleration: Sendable, Equatable {
    package enum Operator: String, Sendable, CaseIterable {
        case equal = "Equal"
        case exists = "Exists"
    }

    /// Empty, with `exists`, tolerates every key.
    package var key: String
    package var `operator`: Operator
    package var value: String
    /// Nil tolerates every effect.
    package var effect: Taint.Effect?
    /// How long a NoExecute taint is borne; nil is for ever, zero or less not at all.
    package var seconds: Int?

    package init(
        key: String = "", operator: Operator = .equal, value: String = "", effect: Taint.Effect? = nil,
        seconds: Int? = nil
    ) {
        self.key = key
        self.operator = `operator`
        self.value = value
        self.effect = effect
        self.seconds = seconds
    }

    /// Upstream's Toleration.ToleratesTaint.
    package func tolerates(_ taint: Taint) -> Bool {
        if let effect, effect != taint.effect { return false }
        if !key.isEmpty && key != taint.key { return false }
        switch `operator` {
        case .equal: return value == taint.value
        case .exists: return true
        }
    }
}

package struct TopologySpreadConstraint: Sendable, Equatable {
    package enum WhenUnsatisfiable: String, Sendable, CaseIterable {
        case doNotSchedule = "DoNotSchedule"
        case scheduleAnyway = "ScheduleAnyway"
    }

    /// Which nodes count as domains: those that the pod's affinity (or tolerations) admits, or all.
    package enum NodeInclusion: String, Sendable, CaseIterable {
        case honor = "Honor"
        case ignore = "Ignore"
    }

    package var maxSkew: Int
    package var topologyKey: String
    package var whenUnsatisfiable: WhenUnsatisfiable
    package var labelSelector: LabelSelector?
    package var minDomains: Int
    package var nodeAffinityPolicy: NodeInclusion
    package var nodeTaintsPolicy: NodeInclusion
    package var matchLabelKeys: [String]

    package init(
        maxSkew: Int, topologyKey: String, whenUnsatisfiable: WhenUnsatisfiable = .doNotSchedule,
        labelSelector: LabelSelector? = nil, minDomains: Int = 1, nodeAffinityPolicy: NodeInclusion = .honor,
        nodeTaintsPolicy: NodeInclusion = .ignore, matchLabelKeys: [String] = []
    ) {
        self.maxSkew = maxSkew
        self.topologyKey = topologyKey
        self.whenUnsatisfiable = whenUnsatisfiable
        self.labelSelector = labelSelector
        self.minDomains = minDomains
        self.nodeAffinityPolicy = nodeAffinityPolicy
        self.nodeTaintsPolicy = nodeTaintsPolicy
        self.matchLabelKeys = matchLabelKeys
    }
}
