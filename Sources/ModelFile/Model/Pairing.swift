import SystemModel

/// Who follows whom when a cluster is created.
extension ClusterShape {
    /// As `redis-cli --cluster create` attaches replicas to masters where every server has an address of its own: it
    /// takes them from a list that it has rotated by one (clusterManagerCommandCreate).
    var asCreatedByRedisCLI: ClusterShape {
        let replicas = nodes - masters
        guard replicas > 1, masters > 1 else { return self }
        return ClusterShape(
            masters: masters,
            attachments: (0..<replicas).map { ($0 + replicas - 1) % replicas / max(1, replicasPerMaster) })
    }

    /// With these masters of its replicas; the plain shape where they go in turn.
    func with(masterOfEach attachments: [Int]) -> ClusterShape {
        let inTurn = attachments.enumerated().allSatisfy { $0.element == $0.offset % masters }
        return inTurn ? self : ClusterShape(masters: masters, attachments: attachments)
    }

    /// `[0, 1, 2]`, as `cluster.follows` has it.
    var pairing: [Int] { (masters..<nodes).compactMap(master(of:)) }
}

extension EnvironmentFile {
    /// The shape with what `cluster.follows` says; nil where that does not fit. `--set cluster.…` overrules it.
    func paired(_ shape: ClusterShape, _ log: DiagnosticLog) -> ClusterShape? {
        guard let follows, !isResized else { return shape }
        guard follows.masters.count == shape.nodes - shape.masters,
            follows.masters.allSatisfy({ (0..<shape.masters).contains($0) })
        else {
            log.error(
                at: follows.place, "follows names \(follows.masters.count) masters",
                "each of the \(shape.nodes - shape.masters) replicas has one of the masters 0 to \(shape.masters - 1)",
                instead: "write \(shape.pairing)")
            return nil
        }
        return shape.with(masterOfEach: follows.masters)
    }
}
