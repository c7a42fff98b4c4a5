import Foundation
import Kubernetes
import Testing

/// One case of `Cases/scheduler-v1.17.json`, decoded as it stands there.
struct UpstreamCase: Decodable, Sendable, CustomTestStringConvertible {
    var id: String
    var priority: String
    var nodes: [CaseNode]
    var pod: CasePod
    var existingPods: [CasePod]
    var owners: [CaseOwner]?
    var expected: [String: Int]
    var hardPodAffinityWeight: Int?
    var featureGate: String?

    var testDescription: String { id }

    static func all() throws -> [UpstreamCase] {
        struct File: Decodable { var cases: [UpstreamCase] }
        let url = Bundle.module.url(forResource: "scheduler-v1.17", withExtension: "json", subdirectory: "Cases")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(File.self, from: Data(contentsOf: #require(url))).cases
    }

    /// The plugin that stands for the case's priority in v1.17.
    var plugin: String {
        switch priority {
        case "LeastRequested": "NodeResourcesLeastAllocated"
        case "BalancedResourceAllocation": "NodeResourcesBalancedAllocation"
        case "SelectorSpread": "DefaultPodTopologySpread"
        default: priority
        }
    }

    var scheduler: Scheduler {
        Scheduler(
            version: .v117, hardPodAffinityWeight: hardPodAffinityWeight ?? 1,
            balancesAttachedVolumes: featureGate != nil)
    }

    var objects: ClusterObjects {
        var objects = ClusterObjects(nodes: nodes.map(\.object))
        objects.pods = existingPods.enumerated().map { $1.object(name: "existing-\($0)") }
        for (index, owner) in (owners ?? []).enumerated() {
            let selector = LabelSelector(matchLabels: Labels(owner.selector.map { (key: $0.key, value: $0.value) }))
            switch owner.kind {
            case "Service":
                objects.services.append(
                    Service(namespace: owner.namespace, name: "owner-\(index)", selector: selector.matchLabels))
            case "StatefulSet":
                objects.statefulSets.append(
                    StatefulSet(namespace: owner.namespace, name: "owner-\(index)", selector: selector))
            default:
                objects.otherWorkloads.append(
                    OtherWorkload(
                        kind: owner.kind == "ReplicaSet" ? .replicaSet : .replicationController,
                        namespace: owner.namespace, name: "owner-\(index)", selector: selector))
            }
        }
        return objects
    }
}

struct CaseNode: Decodable, Sendable {
    struct Allocatable: Decodable, Sendable {
        var cpuMilli: Int
        var memoryBytes: Int
    }
    struct CaseTaint: Decodable, Sendable {
        var key: String
        var value: String
        var effect: String
    }
    struct Image: Decodable, Sendable {
        var name: String
        var sizeBytes: Int
    }
    struct Avoided: Decodable, Sendable {
        var kind: String
        var uid: String
    }
    struct Volumes: Decodable, Sendable {
        var requested: Int
        var allocatable: Int
    }

    var name: String
    var labels: [String: String]?
    var allocatable: Allocatable?
    var taints: [CaseTaint]?
    var images: [Image]?
    var avoid: [Avoided]?
    var volumes: Volumes?

    /// The cases fix inputs of one score each and say nothing of the filters, so the node takes any number of pods.
    var object: KubernetesNode {
        KubernetesNode(
            name: name, labels: Labels((labels ?? [:]).map { (key: $0.key, value: $0.value) }),
            taints: (taints ?? []).map {
                Taint(key: $0.key, value: $0.value, effect: Taint.Effect(rawValue: $0.effect) ?? .noSchedule)
            },
            allocatable: Resources(cpuMilli: allocatable?.cpuMilli ?? 0, memoryBytes: allocatable?.memoryBytes ?? 0),
            images: (images ?? []).map { NodeImage(names: [$0.name], sizeBytes: $0.sizeBytes) },
            avoidedOwners: (avoid ?? []).map { AvoidedOwner(kind: $0.kind, uid: $0.uid) },
            attachedVolumes: volumes.map { AttachedVolumes(requested: $0.requested, allocatable: $0.allocatable) })
    }
}

struct CaseOwner: Decodable, Sendable {
    var kind: String
    var namespace: String
    var selector: [String: String]
}

struct CasePod: Decodable, Sendable {
    struct CaseContainer: Decodable, Sendable {
        struct Requests: Decodable, Sendable {
            var cpuMilli: Int?
            var memoryBytes: Int?
        }
        var requests: Requests?
    }
    struct Expression: Decodable, Sendable {
        var key: String
        var `operator`: String
        var values: [String]?

        var object: LabelRequirement {
            LabelRequirement(key: key, operator: .init(rawValue: `operator`) ?? .exists, values: values ?? [])
        }
    }
    struct Selector: Decodable, Sendable {
        var matchExpressions: [Expression]
    }
    struct Term: Decodable, Sendable {
        var topologyKey: String
        var labelSelector: Selector
        var weight: Int?

        var object: PodAffinityTerm {
            PodAffinityTerm(
                labelSelector: LabelSelector(matchExpressions: labelSelector.matchExpressions.map(\.object)),
                topologyKey: topologyKey)
        }
    }
    struct Terms: Decodable, Sendable {
        var preferred: [Term]
        var required: [Term]

        var object: PodAffinity {
            PodAffinity(
                required: required.map(\.object),
                preferred: preferred.map { WeightedPodAffinityTerm(weight: $0.weight ?? 0, term: $0.object) })
        }
    }
    struct CaseAffinity: Decodable, Sendable {
        var podAffinity: Terms?
        var podAntiAffinity: Terms?
    }
    struct NodePreference: Decodable, Sendable {
        var weight: Int
        var matchExpressions: [Expression]
    }
    struct CaseToleration: Decodable, Sendable {
        var key: String
        var `operator`: String
        var value: String
        var effect: String
    }
    struct Owner: Decodable, Sendable {
        var kind: String
        var uid: String
        var controller: Bool
    }

    var namespace: String?
    var labels: [String: String]?
    var node: String?
    var containers: [CaseContainer]?
    var images: [String]?
    var affinity: CaseAffinity?
    var nodeAffinityPreferred: [NodePreference]?
    var tolerations: [CaseToleration]?
    var owner: Owner?

    func object(name: String) -> Pod {
        var spec = PodSpec()
        spec.containers = (containers ?? []).map { container in
            Container(
                requests: ContainerResources(
                    cpuMilli: container.requests?.cpuMilli, memoryBytes: container.requests?.memoryBytes))
        }
        spec.containers += (images ?? []).map { Container(image: $0) }
        spec.affinity.pod = affinity?.podAffinity?.object ?? PodAffinity()
        spec.affinity.podAnti = affinity?.podAntiAffinity?.object ?? PodAffinity()
        spec.affinity.node.preferred = (nodeAffinityPreferred ?? []).map {
            PreferredNodeTerm(
                weight: $0.weight, term: NodeSelectorTerm(matchExpressions: $0.matchExpressions.map(\.object)))
        }
        spec.tolerations = (tolerations ?? []).map {
            Toleration(
                key: $0.key, operator: .init(rawValue: $0.operator) ?? .equal, value: $0.value,
                effect: Taint.Effect(rawValue: $0.effect))
        }
        return Pod(
            namespace: namespace ?? "", name: name,
            labels: Labels((labels ?? [:]).map { (key: $0.key, value: $0.value) }),
            owners: owner.map { [OwnerReference(kind: $0.kind, name: "", uid: $0.uid, isController: $0.controller)] }
                ?? [],
            nodeName: node, spec: spec)
    }
}
