import RedisCluster
import SystemModel

/// `--set` options that don't do what they seem to.
enum OverrideWarnings {
    static func all(of overrides: [Override], _ model: SystemModel) -> [Diagnostic] {
        overrides.enumerated().compactMap { index, override in
            if let later = overrides[(index + 1)...].last(where: { $0.reach == override.reach }) {
                return Diagnostic(
                    at: override.place, "set twice", "the last one counts, --set \(later.text)",
                    instead: "leave one out")
            }
            return ineffective(override, model).map {
                Diagnostic(at: override.place, "changes nothing", $0, instead: "leave it out")
            }
        }
    }

    /// Why nothing depends on it; nil where something does.
    private static func ineffective(_ override: Override, _ model: SystemModel) -> String? {
        switch override.reach {
        case .parameter: return nil
        case .directive(let name):
            guard let directive = RedisDirectives.find(name, model.engine),
                !RedisDirectives.withoutEffect.contains(directive.name)
            else { return "\(name) is a directive that the model doesn't follow" }
            if name == "appendfsync", !model.conf.appendOnly { return "there is no AOF: appendonly is no" }
            if name == "appendfsync", model.environment.load == 0 {
                return "the model writes nothing: environment.load is 0"
            }
            return nil
        case .environment(let path):
            if Understanding.isRelevant(path.joined(separator: "."), model) { return nil }
            switch path[0] {
            case "nfs": return "the data is on local disks"
            case "disk": return "the data is on NFS"
            default: return "the servers are bare processes"
            }
        }
    }
}
