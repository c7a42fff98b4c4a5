import Kubernetes
import RedisCluster
package import SystemModel

/// What a careful engineer remarks about a model from its files alone, worst first.
package enum Findings {
    package static func all(of model: SystemModel) -> [Finding] {
        var findings: [Finding] = []
        switch model.deployment {
        case .processes(let deployment):
            findings += HostFindings(model: model, deployment: deployment).all
            findings += StorageFindings(model: model, onNFS: deployment.storage == .nfs).all
        case .kubernetes(let deployment):
            findings += PlacementFindings(model: model, deployment: deployment).all
            findings += VolumeFindings(model: model, deployment: deployment).all
            findings += StorageFindings(model: model, onNFS: deployment.dataOnNFS).all
            findings += OperationFindings(model: model, deployment: deployment).all
        }
        findings += ClusterFindings(model: model).all
        // Stable: within one severity the order of the tables above.
        return Finding.Severity.allCases.flatMap { severity in findings.filter { $0.severity == severity } }
    }
}
