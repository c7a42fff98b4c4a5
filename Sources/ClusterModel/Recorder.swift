import DiscreteEvent
import Randomness
package import RedisCluster
import SystemModel

/// What a replication tells: milestones always, the story only where somebody will read it.
package struct Recorder {
    /// Set to keep every line.
    package var keepsStory = false
    package private(set) var story: [StoryLine] = []
    /// Observations with their observers and instants (ns after the fault), where the story is kept.
    package private(set) var observations: [(time: Int64, process: Int, observation: Observation)] = []
    /// Set to keep who served which part of the slots when.
    package var keepsServing = false
    /// In order, from before the fault on.
    package private(set) var servingChanges: [ServingChange] = []
    /// Each process's CLUSTER NODES when its story last showed it; empty where no story is kept.
    var views: [ClusterView] = []
    /// Process behind each node id; -1 for ids of no process (handshakes).
    private var processOf: [Int] = []

    mutating func reset() {
        story.removeAll(keepingCapacity: true)
        observations.removeAll(keepingCapacity: true)
        processOf.removeAll(keepingCapacity: true)
        views.removeAll(keepingCapacity: true)
        servingChanges.removeAll(keepingCapacity: true)
    }

    mutating func rename(_ node: NodeID, to process: Int) {
        while processOf.count <= Int(node) { processOf.append(-1) }
        processOf[Int(node)] = process
    }

    /// The process that has, or had, this id.
    func process(of node: NodeID, count: Int) -> Int {
        if Int(node) < processOf.count, processOf[Int(node)] >= 0 { return processOf[Int(node)] }
        return Int(node) < count ? Int(node) : -1
    }

    mutating func note(_ time: Int64, _ process: Int, _ text: @autoclosure () -> String) {
        guard keepsStory else { return }
        story.append(StoryLine(time: time, process: process, text: text(), changedLines: []))
    }

    mutating func keepServing(part: Int, by process: Int, at time: Int64) {
        servingChanges.append(ServingChange(time: time, part: part, process: process))
    }

    mutating func keep(_ line: StoryLine) { story.append(line) }

    mutating func keep(_ observation: Observation, _ time: Int64, _ process: Int) {
        guard keepsStory else { return }
        observations.append((time, process, observation))
    }
}

/// From `time` on, ns after the fault, `process` takes the writes of a part of the slots; -1 is nobody.
package struct ServingChange: Sendable, Equatable {
    package let time: Int64
    package let part: Int
    package let process: Int

    package init(time: Int64, part: Int, process: Int) {
        self.time = time
        self.part = part
        self.process = process
    }
}

extension ClusterSimulation {
    /// A log line of process `p` at `time`, which may lie ahead of the event list by the length of a save.
    func observe(_ observation: Observation, by p: Int, at time: Int64) {
        switch observation.kind {
        case .stateOk, .stateFail, .electionWon, .takenOver, .demoted, .reconfigured, .slotsMoved, .becameReplica,
            .becameMaster:
            servingChanged(at: time)
        default: break
        }
        // What a process that is blocked beyond the horizon would do then is no part of this replication.
        guard time >= faultTime, faultTime > 0, time <= horizon, !stepTargets.isEmpty else { return }
        let after = time - faultTime
        recorder.keep(observation, after, p)
        tellStory(observation, p, after)
        tally(observation, p)
        if processes[p].isVictim {
            if observation.kind == .demoted { reach(.demoted, after) }
            return
        }
        mark(observation, after)
    }

    /// What is counted wherever it happens: a host that is cut off may hold the majority, and promote.
    private func tally(_ observation: Observation, _ p: Int) {
        switch observation.kind {
        case .electionStarted: outcome.elections += 1
        case .electionWon, .takenOver:
            outcome.promotions += 1
            depose(recorder.process(of: observation.subject, count: count), for: p)
        case .demoted: countLoss(of: p)
        default: break
        }
    }

    private func mark(_ observation: Observation, _ after: Int64) {
        switch observation.kind {
        case .suspected:
            let subject = recorder.process(of: observation.subject, count: count)
            guard subject >= 0, processes[subject].isVictim else { return }
            reach(.firstSuspected, after)
            outcome[.lastSuspected] = max(outcome[.lastSuspected], after)
        case .failed:
            reach(.failed, after)
            let subject = recorder.process(of: observation.subject, count: count)
            if subject >= 0, !processes[subject].isVictim { outcome.falseFailovers += 1 }
        case .stateFail: reach(.stateDown, after)
        case .electionScheduled: reach(.electionScheduled, after)
        case .electionStarted: reach(.electionStarted, after)
        case .electionWon, .takenOver: reach(.promoted, after)
        case .stateOk: outcome[.healed] = max(outcome[.healed], after)
        default: break
        }
    }

    private func reach(_ milestone: Milestone, _ after: Int64) {
        let known = outcome[milestone]
        outcome[milestone] = known < 0 ? after : min(known, after)
    }

    /// Closes the books at the horizon.
    func finish(at horizon: Int64) {
        for p in 0..<count {
            if processes[p].isAlive { settleOffset(p, at: horizon) }
            countLoss(of: p)
            countUnwrittenAtHorizon(p)
        }
        outcome.anySlotUnserved = serving.anyTotal
        if serving.anySince >= 0 { outcome.anySlotUnserved += max(0, horizon - serving.anySince) }
        for part in serving.unserved.indices {
            var total = serving.unserved[part]
            if serving.unservedSince[part] >= 0 { total += max(0, horizon - serving.unservedSince[part]) }
            outcome.worstSlotUnserved = max(outcome.worstSlotUnserved, total)
        }
        outcome.victims = (0..<count).filter { processes[$0].isVictim || pods?.wasRolled($0) == true }
        let everySlot = !serving.unservedSince.contains { $0 >= 0 }
        let everyState = (0..<count).allSatisfy { p in
            processes[p].state != .running || processes[p].isStranger || nodes[p].stateIsOk
        }
        outcome.unservedAtHorizon = !everySlot
        outcome.recovered = everySlot && everyState
        tellStrandedReplicas(at: horizon)
        if !outcome.recovered {
            outcome.obstacle = obstacle()
            tellObstacle(at: horizon)
        }
    }
}
