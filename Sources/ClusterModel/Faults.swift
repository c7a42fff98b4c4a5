import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// The scenario's steps: whom they hit and what they do.
extension ClusterSimulation {
    func scheduleTimeline() {
        guard let scenario else { return }
        for (index, step) in scenario.timeline.enumerated() {
            events.schedule(.fault(Int32(index)), at: faultTime + step.at)
        }
    }

    func inflict(_ index: Int) {
        guard let scenario else { return }
        if stepTargets.isEmpty { serving.begin(at: events.now) }
        let action = scenario.timeline[index].action
        let groups = targetGroups(of: action)
        let targets = ClusterSimulation.distinct(groups)
        while stepTargets.count <= index { stepTargets.append([]) }
        stepTargets[index] = targets
        apply(action, to: targets, groups, step: index)
    }

    private func apply(_ action: Action, to targets: [Int], _ groups: [[Int]], step: Int) {
        switch action {
        case .kill(_, let restart, let newAddress):
            for p in targets {
                hit(p) {
                    die(p, goodbye: true)
                    restartLater(p, restart, newAddress)
                }
            }
        case .terminate(_, let restart, let newAddress):
            for p in targets {
                hit(p) { terminate(p) }
                if let restart { scheduleReturn(p, after: restart, newAddress: newAddress) }
            }
        case .freeze(_, let duration):
            for p in targets { hit(p) { freeze(p, for: duration) } }
        case .loseVolume(_, let restart):
            for p in targets {
                hit(p) {
                    processes[p].volumeLost = true
                    die(p, goodbye: true)
                    // In a pod it is the kubelet that starts it again.
                    if pods == nil { restartLater(p, restart ?? 0, false) }
                }
            }
        case .cutNode(let target, let duration):
            for p in targets { processes[p].isVictim = true }
            pods?.isolate(self, nodes: nodeNames(target), duration)
            cut(targets, from: complement(targets), duration, step: step)
            cutStorage(targets, until: duration.map { events.now + $0 } ?? ClusterSimulation.never)
        case .partition(_, let duration): partition(groups, duration, step: step)
        case .link(_, _, let delay, let duration):
            addNetworkFault(groups[0], groups[1], delay: delay, duration, step: step)
        case .nfs(let fault, _, let duration):
            storageFault(fault, targets, duration)
        case .failover(_, let mode):
            for p in targets { manualFailover(p, mode) }
        case .crashNode(let target, let duration): crash(target, targets, duration)
        case .deletePod(_, let grace):
            for p in targets { hit(p) { pods?.delete(self, p, grace) } }
        case .rollingRestart: pods?.rollOut(self)
        case .drain(let target): pods?.drain(self, nodes: nodeNames(target))
        case .handOverBeforeStop: pods?.handsOverBeforeStop = true
        case .create: beginCreation()
        }
    }

    /// Power loss: no kernel is left to say goodbye, and nobody answers at the addresses.
    private func crash(_ target: Target, _ targets: [Int], _ duration: Int64?) {
        for p in targets {
            hit(p) { die(p, goodbye: false) }
            if residents[Int(processes[p].address)] == Int16(p) { residents[Int(processes[p].address)] = -1 }
            vanished.append(processes[p].address)
        }
        pods?.crash(self, nodes: nodeNames(target), duration)
        if pods == nil, let duration { for p in targets { scheduleStart(p, after: duration, newAddress: false) } }
    }

    private func hit(_ p: Int, _ fault: () -> Void) {
        processes[p].isVictim = true
        fault()
    }

    private func restartLater(_ p: Int, _ delay: Int64?, _ newAddress: Bool) {
        if let delay { scheduleStart(p, after: delay, newAddress: newAddress) }
    }

    /// A process that was asked to end comes back after its exit, whenever that is.
    private func scheduleReturn(_ p: Int, after delay: Int64, newAddress: Bool) {
        processes[p].returnDelay = delay
        processes[p].returnsElsewhere = newAddress
    }

    /// The end of a step's cut: packets pass again by its own time, but who serves whom has to be looked at.
    func relent(_ index: Int) { servingChanged(at: events.now) }

    // MARK: Network

    private func complement(_ targets: [Int]) -> [Int] { (0..<count).filter { !targets.contains($0) } }

    private func cut(_ a: [Int], from b: [Int], _ duration: Int64?, step: Int) {
        addNetworkFault(a, b, delay: nil, duration, step: step)
    }

    private func partition(_ groups: [[Int]], _ duration: Int64?, step: Int) {
        for (index, group) in groups.enumerated() {
            for other in groups[(index + 1)...] { cut(group, from: other, duration, step: step) }
        }
    }

    private func addNetworkFault(_ a: [Int], _ b: [Int], delay: Int64?, _ duration: Int64?, step: Int) {
        for p in 0..<count { settleReplicas(of: p, at: events.now) }
        let end = duration.map { events.now + $0 } ?? ClusterSimulation.never
        reachability.add(
            Reachability.Fault(from: events.now, until: end, left: mask(a), right: mask(b), delay: delay))
        if delay == nil {
            stallBusyStreams(at: events.now)
            if let duration { events.schedule(.faultEnds(Int32(step)), at: events.now + duration) }
            servingChanged(at: events.now)
        }
        recorder.note(0, -1, delay == nil ? "packets vanish between two groups" : "packets are late between two groups")
    }

    func mask(_ targets: [Int]) -> [Bool] {
        var mask = [Bool](repeating: false, count: count)
        for p in targets { mask[p] = true }
        return mask
    }

    private func storageFault(_ fault: NFSFault, _ targets: [Int], _ duration: Int64?) {
        let end = duration.map { events.now + $0 } ?? ClusterSimulation.never
        storage.add(Storage.Outage(kind: fault, from: events.now, until: end, hits: mask(targets)))
        for p in targets { prolongSync(p) }
        // Where all are hit there is nobody left to be the witness: an accusation then is a false one, and is told.
        if targets.count < count { for p in targets { processes[p].isVictim = true } }
    }

    func manualFailover(_ p: Int, _ mode: FailoverMode) {
        guard processes[p].state == .running else { return }
        let request: FailoverRequest =
            switch mode {
            case .plain: .plain
            case .force: .force
            case .takeover: .takeover
            }
        requestFailover(p, request)
    }

    /// A client's CLUSTER FAILOVER, or a master's.
    func requestFailover(_ p: Int, _ request: FailoverRequest) {
        passQuietTicks(p, until: events.now)
        var time = max(events.now, processes[p].busyUntil)
        guard time < ClusterSimulation.never else { return }
        perform(.failover(request), p, &time)
        finishSideIteration(p, time)
    }
}
