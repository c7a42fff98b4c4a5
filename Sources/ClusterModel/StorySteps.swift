import SystemModel

/// The scenario's own steps in plain words, with whom they hit in this replication.
extension ClusterSimulation {
    var stepLines: [StoryLine] {
        guard let scenario else { return [] }
        return stepTargets.indices.map { step in
            let action = scenario.timeline[step].action
            return StoryLine(
                time: scenario.timeline[step].at, process: -1, text: "FAULT: \(describe(action, stepTargets[step]))",
                changedLines: [])
        }
    }

    private func describe(_ action: Action, _ targets: [Int]) -> String {
        let whom = targets.isEmpty ? "nobody" : targets.map(model.name(ofProcess:)).joined(separator: ", ")
        return switch action {
        case .deletePod(_, let grace):
            "pod \(whom) is deleted" + (grace.map { " with a grace period of \($0) s" } ?? "")
        case .kill(_, let restart, let newAddress): "\(whom) killed (SIGKILL)" + returning(restart, newAddress)
        case .terminate(_, let restart, let newAddress):
            "\(whom) told to end (SIGTERM)" + returning(restart, newAddress)
        case .freeze(_, let duration): "\(whom) stopped (SIGSTOP)" + lasting(duration)
        case .crashNode(let target, let duration):
            "\(place(target)) loses power, with \(whom) on it" + lasting(duration)
        case .cutNode(let target, let duration): "\(place(target)) is cut off, with \(whom) on it" + lasting(duration)
        case .partition(_, let duration): "packets between the groups vanish" + lasting(duration)
        case .nfs(let fault, _, let duration): "storage \(describe(fault)) for \(whom)" + lasting(duration)
        case .link(_, _, let delay, let duration):
            "packets between \(whom) " + (delay.map { "are late by \(seconds($0))" } ?? "vanish") + lasting(duration)
        case .failover(_, let mode):
            "CLUSTER FAILOVER\(mode == .plain ? "" : " \(mode.rawValue.uppercased())") sent to \(whom)"
        case .loseVolume(_, let restart): "\(whom) killed, its files lost" + returning(restart, false)
        case .rollingRestart: "kubectl rollout restart"
        case .drain(let target): "kubectl drain \(place(target)), with \(whom) on it"
        case .handOverBeforeStop: "from now on pods hand their master's role over before they stop"
        case .create: "redis-cli --cluster create"
        }
    }

    private func describe(_ fault: NFSFault) -> String {
        switch fault {
        case .slow(let delay): "is slower by \(seconds(delay)) a request"
        case .stall: "stalls"
        case .drop: "is out of reach"
        case .restart: "stops, and starts again when that is over,"
        }
    }

    private func place(_ target: Target) -> String {
        if case .node(let name) = target { name } else { "a machine" }
    }

    private func lasting(_ duration: Int64?) -> String { duration.map { ", for \(seconds($0))" } ?? ", for good" }

    private func returning(_ delay: Int64?, _ newAddress: Bool) -> String {
        guard let delay else { return "" }
        return ", to come back after \(seconds(delay))" + (newAddress ? " on a new address" : "")
    }

    private func seconds(_ nanoseconds: Int64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
