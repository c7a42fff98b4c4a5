import Kubernetes
import ModelFile
import Statistics
import SystemModel
import Testing

@testable import Advice

@Suite("What a proposal is judged by and what it prints are what was simulated")
struct JudgementTests {
    private static func kubernetes(_ change: (inout KubernetesDeployment) -> Void) throws -> SystemModel {
        var model = try Models.load("two-nodes-six-pods")
        guard case .kubernetes(var deployment) = model.deployment else { return model }
        change(&deployment)
        model.deployment = .kubernetes(deployment)
        return model
    }

    private static func part(_ disturbance: Disturbance, _ value: Double, error: Double) -> FalseFailovers.Part {
        let interval = Interval(low: value - error, high: value + error)
        return .init(disturbance: disturbance, perMonth: 10, probability: Estimate(value: value, interval: interval))
    }

    /// Fork and copy-on-write pauses rest on the same simulated strata: where one errs, so does the other.
    @Test("Errors of the same simulations add up, those of others join as squares")
    func errors() {
        let alike = FalseFailovers(parts: [
            Self.part(.fork, 0.3, error: 0.03), Self.part(.copyOnWrite, 0.3, error: 0.04),
        ])
        #expect((alike.total.interval.high - alike.total.value - 0.7).magnitude < 1e-9)
        let apart = FalseFailovers(parts: [
            Self.part(.fork, 0.3, error: 0.03), Self.part(.network, 0.3, error: 0.04),
        ])
        #expect((apart.total.interval.high - apart.total.value - 0.5).magnitude < 1e-9)
    }

    @Test("The printed selector is the set's whole one, and preferences stay")
    func selector() throws {
        let preferred = WeightedPodAffinityTerm(
            weight: 7, term: PodAffinityTerm(labelSelector: LabelSelector(), topologyKey: "zone"))
        let model = try Self.kubernetes { deployment in
            deployment.statefulSet.selector = LabelSelector(
                matchLabels: ["app": "redis", "release": "7"],
                matchExpressions: [LabelRequirement(key: "tier", operator: .isIn, values: ["cache", "on"])])
            deployment.statefulSet.template.spec.affinity.podAnti.preferred = [preferred]
        }
        let proposals = AdvicePlan(model).proposals
        let rule = try #require(proposals.first { $0.kind == .requiredAntiAffinity })
        let lines = [
            "matchLabels: {app: redis, release: \"7\"}", "matchExpressions:",
            "  - {key: tier, operator: In, values: [cache, \"on\"]}",
        ]
        #expect(Array(rule.apply.suffix(3)) == lines.map { String(repeating: " ", count: 10) + $0 })
        guard case .kubernetes(let simulated) = rule.model.deployment else { return }
        let rules = simulated.statefulSet.template.spec.affinity.podAnti
        #expect(rules.preferred == [preferred])
        #expect(rules.required.map(\.labelSelector) == [simulated.statefulSet.selector])
        let budget = try #require(proposals.first { $0.kind == .disruptionBudget })
        #expect(Array(budget.apply.suffix(3)) == lines.map { "    " + $0 })
    }

    @Test("Where no machine can take a server nothing is said about losing one")
    func noMachine() throws {
        let model = try Self.kubernetes { deployment in
            for index in deployment.objects.nodes.indices { deployment.objects.nodes[index].unschedulable = true }
        }
        let effort = Effort(replications: 1, seed: 1, workers: 1)
        let figures = try #require(Judge.Figures(model, SafetyTable(model), effort))
        #expect(figures.recovered == nil)
        let names = Judge(model: model, before: figures, effort: effort).measures(figures).map(\.name)
        #expect(!names.contains("recovers from the loss of a machine") && names.count == 4)
    }
}
