import DiscreteEvent
import Kubernetes
import SystemModel

/// Another value for a guess, as `--set` takes it.
package struct GuessVariation: Sendable, Equatable {
    /// The path below `environment.`
    package var path: String
    /// The guess itself.
    package var value: String
    package var source: String
    /// Half of it; the other position of a switch. Nil where there is none.
    package var low: String?
    /// Double of it, at most 1 for a probability.
    package var high: String?

    package static func override(_ path: String, _ value: String) -> String { "environment.\(path)=\(value)" }
}

extension LoadedModel {
    /// Each guess behind the model, halved and doubled, in the environment's order. The load is left out: it is what
    /// is asked of the cluster, not how it behaves.
    package var guessVariations: [GuessVariation] {
        model.environment.provenance.compactMap { entry in
            guard Assumption.Kind(source: entry.source) == .guess, Understanding.isRelevant(entry.path, model),
                entry.path != "load"
            else { return nil }
            let (low, high) = Self.neighbours(of: entry)
            guard low != nil || high != nil else { return nil }
            return GuessVariation(path: entry.path, value: entry.value, source: entry.source, low: low, high: high)
        }
    }

    private static func neighbours(of entry: Environment.Provenance) -> (low: String?, high: String?) {
        if let other = otherPosition(of: entry) { return (other, nil) }
        if let number = Double(entry.value) {
            guard number > 0 else { return (nil, nil) }
            return ("\(number / 2)", number * 2 <= 1 ? "\(number * 2)" : number < 1 ? "1" : nil)
        }
        let node = YAMLNode(content: .scalar(entry.value, .plain), place: .option(entry.path))
        guard let reading = DistributionReader(noun: entry.path, log: DiagnosticLog()).read(node) else {
            return (nil, nil)
        }
        func scaled(_ factor: Double) -> String? {
            guard let text = (try? reading.distribution.scaled(by: factor))?.description else { return nil }
            return text == entry.value ? nil : text
        }
        return (scaled(0.5), scaled(2))
    }

    /// Of a setting with two positions.
    private static func otherPosition(of entry: Environment.Provenance) -> String? {
        let positions: [String] =
            switch entry.path {
            case "network.delayedAcknowledgements": ["true", "false"]
            case "network.backend": PodNetwork.allCases.map(\.rawValue)
            case "nfs.export": Environment.NFS.Export.allCases.map(\.rawValue)
            case "nfs.version": Environment.NFS.Version.allCases.map(\.rawValue)
            default: []
            }
        return positions.contains(entry.value) ? positions.first { $0 != entry.value } : nil
    }
}
