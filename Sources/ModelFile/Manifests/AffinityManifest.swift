import Kubernetes

/// What a pod says about the nodes and pods that it wants to be near, far from, or tolerates.
enum AffinityManifest {
    private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
    private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

    static func read(_ fields: ManifestFields) -> Affinity {
        var affinity = Affinity()
        if let node = fields.child("nodeAffinity") {
            if let demanded = node.child(required) {
                affinity.node.required = demanded.nodeSelectorTerms("nodeSelectorTerms")
                demanded.finish()
            }
            affinity.node.preferred = node.children(preferred).map { term in
                defer { term.finish() }
                return PreferredNodeTerm(
                    weight: term.integer("weight", in: 1...100) ?? 1,
                    term: term.child("preference")?.nodeSelectorTerm() ?? NodeSelectorTerm())
            }
            node.finish()
        }
        affinity.pod = fields.child("podAffinity").map(podAffinity) ?? PodAffinity()
        affinity.podAnti = fields.child("podAntiAffinity").map(podAffinity) ?? PodAffinity()
        fields.finish()
        return affinity
    }

    private static func podAffinity(_ fields: ManifestFields) -> PodAffinity {
        let demanded = fields.children(required).map(podTerm)
        let wished = fields.children(preferred).map { wish in
            defer { wish.finish() }
            return WeightedPodAffinityTerm(
                weight: wish.integer("weight", in: 1...100) ?? 1,
                term: wish.child("podAffinityTerm").map(podTerm) ?? PodAffinityTerm(labelSelector: nil, topologyKey: "")
            )
        }
        fields.finish()
        return PodAffinity(required: demanded, preferred: wished)
    }

    private static func podTerm(_ fields: ManifestFields) -> PodAffinityTerm {
        let term = PodAffinityTerm(
            labelSelector: fields.selector("labelSelector"), namespaces: fields.texts("namespaces"),
            topologyKey: fields.name("topologyKey"))
        fields.finish()
        return term
    }

    static func toleration(_ fields: ManifestFields) -> Toleration {
        let toleration = Toleration(
            key: fields.text("key") ?? "", operator: fields.value("operator", Toleration.Operator.self) ?? .equal,
            value: fields.text("value") ?? "", effect: fields.value("effect", Taint.Effect.self),
            seconds: fields.integer("tolerationSeconds", in: -Int(Int32.max)...Int(Int32.max)))
        fields.finish()
        return toleration
    }

    static func spread(_ fields: ManifestFields) -> TopologySpreadConstraint {
        var spread = TopologySpreadConstraint(
            maxSkew: fields.integer("maxSkew", in: 1...Int(Int32.max)) ?? 1, topologyKey: fields.name("topologyKey"))
        typealias Constraint = TopologySpreadConstraint
        spread.whenUnsatisfiable =
            fields.value("whenUnsatisfiable", Constraint.WhenUnsatisfiable.self) ?? .doNotSchedule
        spread.labelSelector = fields.selector("labelSelector")
        spread.minDomains = fields.integer("minDomains", in: 1...Int(Int32.max)) ?? 1
        spread.nodeAffinityPolicy = fields.value("nodeAffinityPolicy", Constraint.NodeInclusion.self) ?? .honor
        spread.nodeTaintsPolicy = fields.value("nodeTaintsPolicy", Constraint.NodeInclusion.self) ?? .ignore
        spread.matchLabelKeys = fields.texts("matchLabelKeys")
        fields.finish()
        return spread
    }
}
