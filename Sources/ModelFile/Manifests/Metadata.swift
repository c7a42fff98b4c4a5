import Kubernetes

/// `metadata` of a manifest.
struct Metadata {
    var namespace: String
    var name: String
    var uid: String
    var labels: Labels
    var annotations: Labels
    var isTerminating: Bool
    var owners: [OwnerReference]

    init(of object: ManifestFields) {
        let fields = object.child("metadata")
        if fields == nil {
            object.notes.log.error(
                at: object.node.place, "\(object.path) has no metadata", "everything refers to it by its name",
                instead: "add metadata: {name: NAME}")
        }
        namespace = fields?.text("namespace") ?? "default"
        name = fields?.name() ?? ""
        uid = fields?.text("uid") ?? ""
        labels = fields?.labels("labels") ?? [:]
        annotations = fields?.labels("annotations") ?? [:]
        isTerminating = fields?.has("deletionTimestamp") ?? false
        owners = (fields?.children("ownerReferences") ?? []).map { owner in
            let reference = OwnerReference(
                kind: owner.text("kind") ?? "", name: owner.name(), uid: owner.text("uid") ?? "",
                isController: owner.boolean("controller"))
            owner.skip("apiVersion", "blockOwnerDeletion")
            owner.finish()
            return reference
        }
        fields?.finish()
    }
}

extension ManifestFields {
    /// A label selector; nil where the manifest has none.
    func selector(_ key: String) -> LabelSelector? {
        guard let fields = child(key) else { return nil }
        let labels = fields.labels("matchLabels") ?? [:]
        let expressions = fields.requirements("matchExpressions")
        fields.finish()
        return LabelSelector(matchLabels: labels, matchExpressions: expressions)
    }

    func requirements(_ key: String) -> [LabelRequirement] {
        children(key).compactMap { fields in
            let name = fields.name("key")
            let relation = fields.value("operator", LabelRequirement.Operator.self)
            let values = fields.texts("values")
            fields.finish()
            return relation.map { LabelRequirement(key: name, operator: $0, values: values) }
        }
    }

    func nodeSelectorTerms(_ key: String) -> [NodeSelectorTerm] { children(key).map { $0.nodeSelectorTerm() } }

    func nodeSelectorTerm() -> NodeSelectorTerm {
        let term = NodeSelectorTerm(
            matchExpressions: requirements("matchExpressions"), matchFields: requirements("matchFields"))
        finish()
        return term
    }
}
