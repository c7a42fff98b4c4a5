import DiscreteEvent
package import Kubernetes
package import SystemModel

/// A model with something else about it: what proposals are simulated on.
extension SystemModel {
    /// The same cluster in another situation: servers are alike, so that giving a shard other servers is the same as
    /// giving its servers other machines.
    package func placed(_ situation: Situation) -> SystemModel {
        var model = self
        var machines = [String?](repeating: nil, count: shape.nodes)
        for (index, shard) in situation.shards.enumerated() where index < shape.masters {
            let seats = [index] + shape.replicas(of: index)
            for (seat, server) in zip(seats, shard) { machines[seat] = situation.machines[server] }
        }
        switch deployment {
        case .processes(var processes):
            processes.placement = machines.map { name in name.flatMap { processes.hosts.firstIndex(of: $0) } ?? 0 }
            model.deployment = .processes(processes)
        case .kubernetes(var kubernetes):
            kubernetes.placement = machines
            model.deployment = .kubernetes(kubernetes)
        }
        return model
    }

    /// With other rules for the scheduler, which places all pods anew.
    package func scheduled(_ change: (inout KubernetesDeployment) -> Void) -> SystemModel {
        guard case .kubernetes(var kubernetes) = deployment else { return self }
        var model = self
        kubernetes.placement = nil
        change(&kubernetes)
        kubernetes.listStatefulSet()
        model.deployment = .kubernetes(kubernetes)
        return model
    }

    /// With other disruption budgets; the pods stay where they are.
    package func budgeted(_ budgets: [PodDisruptionBudget]) -> SystemModel {
        guard case .kubernetes(var kubernetes) = deployment else { return self }
        var model = self
        kubernetes.objects.podDisruptionBudgets = budgets
        model.deployment = .kubernetes(kubernetes)
        return model
    }

    /// With a worker more, like one that pods of the set can run on.
    package func withAnotherWorker(named name: String) -> SystemModel {
        scheduled { kubernetes in
            let usable = kubernetes.usableWorkers
            guard var node = kubernetes.objects.nodes.last(where: { usable.contains($0.name) }) else { return }
            node.name = name
            node.labels["kubernetes.io/hostname"] = name
            node.podCIDR = "10.244.\(min(200 + kubernetes.objects.nodes.count, 254)).0/24"
            kubernetes.objects.nodes.append(node)
        }
    }

    /// With one replica more for each master: more pods, and more volumes like those there are.
    package func withAnotherReplica() -> SystemModel {
        var model = self
        model.shape = shape.withAnotherReplica
        model.standing = StandingCluster()
        switch deployment {
        case .processes(var processes):
            let hosts = max(processes.hosts.count, 1)
            let step = model.shape.replicasPerMaster
            processes.placement += (0..<shape.masters).map { (processes.placement[$0] + step) % hosts }
            model.deployment = .processes(processes)
        case .kubernetes(var kubernetes):
            let wanted = model.shape.nodes
            kubernetes.statefulSet.replicas = wanted
            kubernetes.placement = nil
            kubernetes.addVolumes(shape.masters)
            kubernetes.listStatefulSet()
            model.deployment = .kubernetes(kubernetes)
        }
        return model
    }

    package func configured(_ change: (inout SystemModel) -> Void) -> SystemModel {
        var model = self
        change(&model)
        return model
    }
}

extension KubernetesDeployment {
    /// The objects name the set as it is now.
    fileprivate mutating func listStatefulSet() {
        for index in objects.statefulSets.indices
        where objects.statefulSets[index].name == statefulSet.name
            && objects.statefulSets[index].namespace == statefulSet.namespace
        {
            objects.statefulSets[index] = statefulSet
        }
    }

    /// Copies of the last volume that nobody has reserved, as many as are asked for.
    fileprivate mutating func addVolumes(_ count: Int) {
        guard var volume = objects.persistentVolumes.last else { return }
        volume.claim = nil
        volume.phase = .available
        let name = volume.name
        for number in 1...max(1, count) {
            volume.name = "\(name)-more-\(number)"
            objects.persistentVolumes.append(volume)
        }
    }
}
