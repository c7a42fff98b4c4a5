import SystemModel

/// What follows from which bare process runs on which host.
struct HostFindings {
    let model: SystemModel
    let deployment: ProcessDeployment

    private var shape: ClusterShape { model.shape }

    var all: [Finding] {
        if deployment.hosts.count == 1 {
            return [
                Finding(
                    .note, "host/\(deployment.hosts[0])",
                    "all processes run on this host: its loss is the loss of the cluster",
                    advice: "use several hosts where machines may fail")
            ]
        }
        return sharedHost + majority
    }

    private var sharedHost: [Finding] {
        guard shape.replicasPerMaster > 0 else { return [] }
        return (0..<shape.masters).compactMap { master in
            let host = deployment.placement[master]
            guard shape.replicas(of: master).allSatisfy({ deployment.placement[$0] == host }) else { return nil }
            return Finding(
                .problem, "host/\(deployment.hosts[host])",
                "it holds master \(master) and all its replicas: their slots are lost with it",
                advice: "move a replica to another host")
        }
    }

    private var majority: [Finding] {
        deployment.hosts.indices.compactMap { host in
            let held = (0..<shape.masters).filter { deployment.placement[$0] == host }.count
            guard held > 0, shape.masters - held < shape.quorum else { return nil }
            return Finding(
                .problem, "host/\(deployment.hosts[host])",
                "it holds \(held) of \(shape.masters) masters: when it is lost, less than a majority is left and "
                    + "nothing is promoted",
                advice: "spread the masters over three hosts at least")
        }
    }
}
