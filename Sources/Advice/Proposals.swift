package import Kubernetes
import RedisCluster
import SystemModel

/// What could be changed about a model: everything that applies to it. Whether it helps is not said here.
struct Proposals {
    let model: SystemModel
    let table: SafetyTable
    private let faults: StandardFaults

    init(_ model: SystemModel, _ table: SafetyTable) {
        self.model = model
        self.table = table
        faults = StandardFaults(model)
    }

    var all: [Proposal] {
        placement + [setPerShard, requiredAntiAffinity].compactMap(\.self) + anotherWorker
            + [anotherReplica, nodeTimeout, minReplicas, disruptionBudget].compactMap(\.self)
    }

    private var set: StatefulSet? { faults.deployment?.statefulSet }

    // MARK: The servers where they are

    private var placement: [Proposal] {
        guard table.situations.isKnown else { return [] }
        let now = table.situations.likeliest
        var proposals: [Proposal] = []
        let apart = Rearrangement(separating: now)
        if let apart {
            proposals.append(
                Proposal(
                    kind: .replicasElsewhere, title: "Let replicas follow masters of another machine",
                    model: model.placed(apart.result), apply: apart.moves.map(replicate)))
        }
        if let moved = Promotions(spreading: now, machines: faults.machines) {
            proposals.append(
                Proposal(
                    kind: .mastersElsewhere, title: "Move masters to other machines",
                    model: model.placed(moved.result), apply: moved.replicas.map(failover)))
        }
        return proposals
    }

    /// A command for the server: through kubectl, or by its number.
    private func command(_ server: Int, _ words: String) -> String {
        guard let set else { return "redis-cli -h ADDRESS-OF-PROCESS-\(server) \(words)" }
        let space = set.namespace == "default" ? "" : " -n \(set.namespace)"
        return "kubectl exec\(space) \(set.podName(ordinal: server)) -- redis-cli \(words)"
    }

    private func replicate(_ move: Rearrangement.Move) -> String {
        let ids = model.standing.nodeIDs
        let id = ids.map { $0[move.master].text } ?? "ID-OF-\(hyphenated(move.master))"
        return command(move.replica, "CLUSTER REPLICATE \(id)")
    }

    private func failover(_ replica: Int) -> String { command(replica, "CLUSTER FAILOVER") }

    // MARK: Rules of placement

    private var antiAffinity: PodAffinityTerm? {
        guard let set else { return nil }
        let selector = set.selector
        return PodAffinityTerm(labelSelector: selector, topologyKey: "kubernetes.io/hostname")
    }

    private var requiredAntiAffinity: Proposal? {
        guard let term = antiAffinity, let set, set.template.spec.affinity.podAnti.required.isEmpty else { return nil }
        let changed = model.scheduled { kubernetes in
            kubernetes.statefulSet.template.spec.affinity.podAnti.required = [term]
        }
        return Proposal(
            kind: .requiredAntiAffinity, title: "Required anti-affinity: no two pods on one worker", model: changed,
            apply: ["# in the StatefulSet's spec.template.spec"] + requiredTerm(term))
    }

    private func requiredTerm(_ term: PodAffinityTerm) -> [String] {
        [
            "affinity:", "  podAntiAffinity:", "    requiredDuringSchedulingIgnoredDuringExecution:",
            "      - topologyKey: \(term.topologyKey)", "        labelSelector:",
        ] + SelectorText.lines(of: term.labelSelector ?? LabelSelector(), indent: 10)
    }

    /// One StatefulSet for each shard: only so can a rule of Kubernetes tell a master's replica from another's.
    private var setPerShard: Proposal? {
        let workers = faults.machines
        guard let set, workers.count > 1, model.shape.replicasPerMaster > 0,
            table.machines.contains(where: { $0.losesShard > 0 })
        else { return nil }
        var machines = [String?](repeating: nil, count: model.shape.nodes)
        for master in 0..<model.shape.masters {
            for (place, server) in ([master] + model.shape.replicas(of: master)).enumerated() {
                machines[server] = workers[(master + place) % workers.count]
            }
        }
        let situation = Situation(machines: machines, shape: model.shape)
        return Proposal(
            kind: .setPerShard, title: "A StatefulSet for each shard, with required anti-affinity within it",
            model: model.placed(situation),
            apply: [
                "# \(model.shape.masters) StatefulSets, \(set.name)-shard-N, of "
                    + "\(model.shape.replicasPerMaster + 1) pods each,",
                "# with the label shard: \"N\" on their pods and in each one's spec.template.spec",
            ]
                + requiredTerm(
                    PodAffinityTerm(
                        labelSelector: LabelSelector(matchLabels: ["shard": "N"]), topologyKey: "kubernetes.io/hostname"
                    )))
    }

    // MARK: More machines, more replicas

    private var anotherWorker: [Proposal] {
        guard faults.isKubernetes, faults.machines.count < 3 else { return [] }
        let taken = faults.deployment?.objects.nodes.map(\.name) ?? []
        let name = (1...(taken.count + 1)).map { "node\($0)" }.first { !taken.contains($0) } ?? "another-node"
        let grown = model.withAnotherWorker(named: name)
        let join = [
            "kubeadm token create --print-join-command    # and run what it prints on \(name)",
            "kubectl rollout restart statefulset/\(set?.name ?? "redis")    # one pod after another is placed anew",
        ]
        var proposals = [
            Proposal(kind: .anotherWorker, title: "A worker more, \(name)", model: grown, apply: join)
        ]
        let situations = Situations(grown)
        let settled = situations.likeliest
        guard !settled.machines.contains(nil) else { return proposals }
        if let apart = Rearrangement(separating: settled) {
            proposals.append(
                Proposal(
                    kind: .anotherWorkerThenReplicas,
                    title: "A worker more, \(name), and then replicas that follow masters of another machine",
                    model: grown.placed(apart.result),
                    apply: join + ["# where \(placementText(settled)):"] + apart.moves.map(replicate)))
        }
        return proposals
    }

    private func placementText(_ situation: Situation) -> String {
        situation.machines.enumerated().map { "\(faults.name(of: $0.offset)) on \($0.element ?? "-")" }
            .joined(separator: ", ")
    }

    private var anotherReplica: Proposal? {
        guard table.machines.contains(where: { $0.losesShard > 0 }) else { return nil }
        let changed = model.withAnotherReplica()
        let count = model.shape.masters
        var apply: [String] = []
        if let set {
            apply = [
                "# \(count) PersistentVolumes more, like those there are",
                "kubectl scale statefulset/\(set.name) --replicas=\(changed.shape.nodes)",
            ]
        }
        for master in 0..<count {
            let server = model.shape.nodes + master
            apply.append(
                "redis-cli --cluster add-node ADDRESS-OF-\(hyphenated(server)):\(model.conf.port) "
                    + "ADDRESS-OF-\(hyphenated(0)):\(model.conf.port) --cluster-slave --cluster-master-id "
                    + "ID-OF-\(hyphenated(master))")
        }
        return Proposal(
            kind: .anotherReplica, title: "\(changed.shape.replicasPerMaster) replicas for each master",
            model: changed, apply: apply)
    }

    private func hyphenated(_ server: Int) -> String {
        faults.name(of: server).split(separator: " ").joined(separator: "-")
    }

    // MARK: Settings

    /// Timeouts that people choose, ms: the next one below the model's.
    private static let usualTimeouts: [Int64] = [15_000, 5_000, 2_000]

    private var nodeTimeout: Proposal? {
        guard let shorter = Proposals.usualTimeouts.first(where: { $0 < model.conf.nodeTimeout }) else { return nil }
        return Proposal(
            kind: .nodeTimeout, title: "cluster-node-timeout \(shorter) instead of \(model.conf.nodeTimeout)",
            model: model.configured { $0.conf.nodeTimeout = shorter },
            apply: everywhere("CONFIG SET cluster-node-timeout \(shorter)")
                + ["# and in redis.conf, for the next start: cluster-node-timeout \(shorter)"])
    }

    private var minReplicas: Proposal? {
        guard model.conf.minReplicasToWrite == 0, model.shape.replicasPerMaster > 0 else { return nil }
        return Proposal(
            kind: .minReplicas, title: "min-replicas-to-write 1",
            model: model.configured { $0.conf.minReplicasToWrite = 1 },
            apply: everywhere("CONFIG SET min-replicas-to-write 1")
                + ["# and in redis.conf, for the next start: min-replicas-to-write 1"])
    }

    private func everywhere(_ words: String) -> [String] { (0..<model.shape.nodes).map { command($0, words) } }

    private var disruptionBudget: Proposal? {
        guard let deployment = faults.deployment else { return nil }
        let pod = deployment.statefulSet.pod(ordinal: 0, version: deployment.version)
        guard !deployment.objects.podDisruptionBudgets.contains(where: { $0.covers(pod) }) else { return nil }
        let budget = deployment.oneAtATime
        let api = deployment.version == .v117 ? "policy/v1beta1" : "policy/v1"
        return Proposal(
            kind: .disruptionBudget, title: "A PodDisruptionBudget of maxUnavailable 1",
            model: model.budgeted(deployment.objects.podDisruptionBudgets + [budget]),
            apply: [
                "apiVersion: \(api)", "kind: PodDisruptionBudget",
                "metadata: {name: \(budget.name), namespace: \(budget.namespace)}", "spec:", "  maxUnavailable: 1",
                "  selector:",
            ] + SelectorText.lines(of: budget.selector ?? LabelSelector(), indent: 4))
    }
}

extension KubernetesDeployment {
    /// A budget for the set's pods that lets one go at a time.
    package var oneAtATime: PodDisruptionBudget {
        PodDisruptionBudget(
            namespace: statefulSet.namespace, name: statefulSet.name, selector: statefulSet.selector,
            rule: .maxUnavailable(.count(1)))
    }
}
