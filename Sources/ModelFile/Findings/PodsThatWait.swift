import Kubernetes
import Randomness
package import SystemModel

/// Pods that no worker takes: a rehearsal begins without them, and they are no failure that anybody could notice.
package enum PodsThatWait {
    /// Pods × pods × nodes beyond which nobody wants to wait for a remark.
    private static let mostWork = 2_000_000

    /// One warning where pods stay Pending in the model as it is placed first; none where the placement is pinned, or
    /// the system too large to look ahead.
    package static func warnings(of model: SystemModel, path: String) -> [Diagnostic] {
        guard case .kubernetes(let deployment) = model.deployment, deployment.placement == nil,
            model.shape.nodes * model.shape.nodes * deployment.objects.nodes.count <= mostWork
        else { return [] }
        let set = deployment.statefulSet
        var drawing = PlacementDrawing(
            PlacementStudy(objects: deployment.objects, statefulSet: set, version: deployment.version))
        var choice = RandomStream(seed: 1, replication: 0, purpose: .scheduler, entity: 0)
        var binding = RandomStream(seed: 1, replication: 0, purpose: .volumeBinding, entity: 0)
        let assignment = drawing.draw(choice: &choice, binding: &binding).assignment
        let waiting = assignment.indices.filter { assignment[$0].node == nil }
        guard let first = waiting.first, case .pending(let reason) = assignment[first] else { return [] }
        return [
            Diagnostic(
                at: .start(of: path),
                "\(waiting.count) of \(assignment.count) pods never start, \(set.podName(ordinal: first)) first",
                reason,
                instead: "give them nodes and volumes, or write fewer masters or replicas")
        ]
    }
}
