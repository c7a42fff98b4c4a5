import Kubernetes
package import SystemModel

/// One thing that two models, or two scenarios, have otherwise.
package struct ModelDifference: Sendable, Equatable {
    package enum Section: String, Sendable, CaseIterable {
        case topology, directive, environment, scenario
    }

    package let section: Section
    package let name: String
    /// Nil where the first has none.
    package let first: String?
    package let second: String?

    private typealias Named = [(name: String, value: String)]

    /// What differs between two models, by name: topology, redis.conf as it is in force, and the environment's numbers.
    package static func all(_ first: LoadedModel, _ second: LoadedModel) -> [ModelDifference] {
        let (one, other) = (first.model, second.model)
        return compare(.topology, topology(first), topology(second))
            + compare(.directive, DirectiveTexts.all(of: one.conf), DirectiveTexts.all(of: other.conf))
            + compare(.environment, numbers(one), numbers(other))
    }

    /// What differs between two scenarios: parameters, steps and how long they are watched.
    package static func all(_ first: Scenario, _ second: Scenario) -> [ModelDifference] {
        compare(.scenario, parts(first), parts(second))
    }

    /// Names that only one side has come where that side has them; the first's order leads.
    private static func compare(_ section: Section, _ first: Named, _ second: Named) -> [ModelDifference] {
        let onlySecond = second.map(\.name).filter { name in !first.contains { $0.name == name } }
        return (first.map(\.name) + onlySecond).compactMap { name in
            let one = first.first { $0.name == name }?.value
            let other = second.first { $0.name == name }?.value
            return one == other ? nil : ModelDifference(section: section, name: name, first: one, second: other)
        }
    }

    /// As `check` understands it, without redis.conf, and where pods are pinned to.
    private static func topology(_ loaded: LoadedModel) -> Named {
        var lines: Named = loaded.understood.filter { $0.subject != "redis.conf" }.map { ($0.subject, $0.text) }
        if case .kubernetes(let deployment) = loaded.model.deployment {
            let set = deployment.statefulSet
            lines += (deployment.placement ?? []).enumerated().compactMap { ordinal, node in
                node.map { ("placement of \(set.name)-\(ordinal)", $0) }
            }
            for (name, resources) in [
                ("requests", deployment.container.requests), ("limits", deployment.container.limits),
            ] {
                let cpu = resources.cpuMilli.map { "\($0)m cpu" }
                let memory = resources.memoryBytes.map { "\($0 >> 20) MiB" }
                let text = [cpu, memory].compactMap(\.self).joined(separator: ", ")
                if !text.isEmpty { lines.append(("\(name) of \(set.name)", text)) }
            }
        }
        return lines
    }

    private static func numbers(_ model: SystemModel) -> Named {
        model.environment.provenance.map { ($0.path, $0.value) }
    }

    private static func parts(_ scenario: Scenario) -> Named {
        scenario.parameters.map { ("scenario.\($0.name)", $0.value) }
            + scenario.timeline.enumerated().map { index, step in
                ("step \(index + 1)", "at \(DurationText.text(ofNanoseconds: Double(step.at))): \(step.action)")
            } + [("watched for", DurationText.text(ofNanoseconds: Double(scenario.horizon)))]
    }
}
