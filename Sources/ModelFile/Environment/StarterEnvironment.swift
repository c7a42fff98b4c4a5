import Kubernetes
package import SystemModel

/// An environment.yaml to begin with: everything that the model's forecasts depend on, at the values that it has now,
/// each with where it comes from. Reading it back changes nothing.
package enum StarterEnvironment {
    package static func text(of model: SystemModel) -> String {
        var lines = [
            "# How long things take, which manifests can't say. Replace the guesses by what you measure, and name your",
            "# sources.",
            "apiVersion: \(FileHeader.apiVersion)", "kind: Environment",
            "metadata: {name: \(quoted(model.name))}", "spec:", "  # engine: INFO server tells its version.",
            "  engine: \(model.engine.rawValue)",
        ]
        if case .kubernetes(let deployment) = model.deployment {
            lines.append("  redis: {statefulSet: \(quoted(deployment.statefulSet.name))}")
        }
        let shape = model.shape
        lines.append("  # follows: the master of each replica, by number. CLUSTER NODES tells it.")
        lines.append(
            "  cluster: {masters: \(shape.masters), replicasPerMaster: \(shape.replicasPerMaster), "
                + "follows: \(shape.pairing)}")
        var section = ""
        for setting in model.environment.provenance where Understanding.isRelevant(setting.path, model) {
            guard let value = value(of: setting) else { continue }
            let parts = setting.path.split(separator: ".").map(String.init)
            guard parts.count == 2 else {
                lines.append("  \(setting.path): \(value)")
                continue
            }
            if parts[0] != section { lines.append("  \(parts[0]):") }
            section = parts[0]
            lines.append("    \(parts[1]): \(value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let switches = [
        "network.delayedAcknowledgements", "network.backend", "nfs.export", "nfs.version",
        "kubernetesTimings.startRetryProbability", "load",
    ]

    /// A setting as the file takes it; nil for what the release decides.
    private static func value(of setting: Environment.Provenance) -> String? {
        let isBuiltIn = setting.source.hasPrefix("guess (")
        let source = isBuiltIn ? "guess" : quoted(setting.source)
        if switches.contains(setting.path) {
            if setting.source == Environment.Provenance.unstated { return quoted(setting.value) }
            return "{value: \(quoted(setting.value)), source: \(source)}"
        }
        if setting.source == Environment.Provenance.unstated { return nil }
        return "{\(distribution(setting.value)), source: \(source)}"
    }

    /// `lognormal(p50 4ms, p99 90ms)` as the mapping `lognormal: {p50: 4ms, p99: 90ms}`.
    private static func distribution(_ text: String) -> String {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return "constant: \(text)" }
        let names = ["min", "max"]
        let arguments = text[text.index(after: open)...].dropLast().split(separator: ",").enumerated()
            .map { index, argument in
                let words = argument.split(separator: " ")
                return words.count > 1 ? "\(words[0]): \(words[1])" : "\(names[min(index, 1)]): \(words.joined())"
            }
        return "\(text[..<open]): {\(arguments.joined(separator: ", "))}"
    }

    /// In double quotes, as JSON and YAML have them.
    private static func quoted(_ text: String) -> String {
        let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }
        return "\"\(escaped.joined())\""
    }
}
