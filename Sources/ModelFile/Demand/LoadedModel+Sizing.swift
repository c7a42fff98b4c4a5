import Kubernetes
import RedisCluster
package import SystemModel

/// What sizing asks of a model besides what a rehearsal needs.
extension LoadedModel {
    package func sizingDirectives() throws(ModelError) -> SizingDirectives {
        let log = DiagnosticLog()
        let directives = SizingDirectiveReader.read(otherDirectives, log)
        try log.throwIfFailed()
        return directives
    }

    /// Bytes of the volume under each pod's files: what its claim asks for. The smallest volume that can serve the
    /// claim may be larger, and is what counts. Nil where pods have no volume of a stated size.
    package var dataVolumeBytes: Int? {
        guard case .kubernetes(let deployment) = model.deployment else { return nil }
        let data = DataVolume(of: deployment.statefulSet, deployment.objects, model.conf)
        guard let template = data.template else { return nil }
        let capacities = deployment.objects.persistentVolumes.filter { volume in
            volume.capacityBytes >= template.requestBytes
                && volume.storageClass == (template.storageClass ?? "")
                && template.accessModes.allSatisfy(volume.accessModes.contains)
        }
        return max(template.requestBytes, capacities.map(\.capacityBytes).min() ?? 0)
    }

    /// The model's own demand file; nil where it has none.
    package var demandPath: String? {
        ["demand.yaml", "demand.yml", "demand.json"].map { "\(directoryPath)/\($0)" }.first { SourceFile.exists($0) }
    }

    /// The place to name where a demand is missing.
    package var demandPlace: Place { .start(of: "\(directoryPath)/demand.yaml") }
}
