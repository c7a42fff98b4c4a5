import Recording
import RedisCluster
import SystemModel
import Wording

/// How to inflict a scenario's first step on a live cluster, for its owner to run.
struct FaultCommand {
    let scenario: Scenario
    let servers: [ObservedServer]
    let masters: [NodeName]

    var lines: [String] {
        guard let step = scenario.timeline.first else { return ["The scenario does nothing; wait."] }
        guard let (words, target) = described(step.action) else {
            return ["Now do what the scenario's first step says, and note when; see its file."]
        }
        guard let server = server(target) else {
            return ["No node that the scenario's first step could hit was found."]
        }
        let others = isAny(target) ? " (another one of its role does as well)" : ""
        let order = "Now \(words) \(server.address.ip):\(server.address.port)\(others):"
        return [order, ""] + command(step.action, server).map { "    " + $0 }
    }

    private func described(_ action: Action) -> (String, Target)? {
        switch action {
        case .kill(let target, _, _): ("kill", target)
        case .terminate(let target, _, _): ("end", target)
        case .freeze(let target, _): ("freeze", target)
        case .deletePod(let target, _): ("delete the pod of", target)
        case .failover(let target, _): ("order a failover to", target)
        case .crashNode, .cutNode, .partition, .nfs, .link, .loseVolume: nil
        case .rollingRestart, .drain, .handOverBeforeStop, .create: nil
        }
    }

    private func isAny(_ target: Target) -> Bool {
        switch target {
        case .masters, .replicas, .shard: true
        default: false
        }
    }

    /// A server that the target may mean.
    private func server(_ target: Target) -> ObservedServer? {
        let owners = masters.compactMap { name in servers.first { $0.id == name } }
        let others = servers.filter { !masters.contains($0.id) }
        let all = owners + others
        switch target {
        case .masters, .shard, .all: return owners.first
        case .replicas, .replicasOf: return others.first
        case .process(let number): return all.indices.contains(number) ? all[number] : nil
        case .pod(let name): return servers.first { $0.pod == name } ?? owners.first
        case .node(let name): return servers.first { $0.worker == name }
        case .sameAs: return nil
        case .union(let targets): return targets.lazy.compactMap { server($0) }.first
        }
    }

    private func command(_ action: Action, _ server: ObservedServer) -> [String] {
        let client = "redis-cli -h \(server.address.ip) -p \(server.address.port)"
        if case .failover(_, let mode) = action {
            return ["\(client) CLUSTER FAILOVER\(mode == .plain ? "" : " \(mode.rawValue.uppercased())")"]
        }
        if let pod = server.pod {
            switch action {
            case .deletePod(_, let grace):
                return ["kubectl delete pod \(pod)" + (grace.map { " --grace-period=\($0)" } ?? "")]
            case .terminate: return ["kubectl delete pod \(pod)"]
            case .freeze: return ["kubectl exec \(pod) -- kill -STOP 1"]
            default: return ["kubectl delete pod \(pod) --grace-period=0 --force"]
            }
        }
        let process = "$(\(client) INFO server | sed -n 's/^process_id:\\([0-9]*\\).*/\\1/p')"
        switch action {
        case .terminate, .deletePod: return ["kill \(process)     # on that server's host"]
        case .freeze(_, let duration):
            let thaw = duration.map { "; sleep \(Digits.shortest(Double($0) / 1e9, 3)); kill -CONT $p" } ?? ""
            return ["p=\(process); kill -STOP $p\(thaw)     # on that server's host"]
        default: return ["kill -9 \(process)     # on that server's host"]
        }
    }
}
