import DiscreteEvent
import RedisCluster
import SystemModel

/// Another model that would have fitted the recordings better: what a disagreement points to.
package struct Explanation: Sendable {
    /// A clause that follows "it would fit better if".
    package let clause: String
    /// By how much the misfit shrinks, 0...1.
    package let gain: Double

    /// A smaller gain points to nothing.
    static let leastGain = 0.25
    private static let replications = 100
    private static let mostRecordings = 5
    /// As many of the changes that fit the first recording best are tried on the others.
    private static let finalists = 4

    /// The change that fits best; nil where none fits much better. All are tried on the first recording, and those that
    /// fit it best on some more.
    ///
    /// - Parameter shouldStop: asked before each replication; what was known of no change by then is nil.
    package static func best(
        for replays: [RecordingReplay], jobs: Int, shouldStop: @escaping @Sendable () -> Bool = { false }
    ) -> Explanation? {
        let tried = Array(replays.filter(\.scenario.obstacles.isEmpty).prefix(mostRecordings))
        let before = tried.reduce(0) { $0 + $1.misfit }
        guard before > 0, let first = tried.first else { return nil }
        func misfit(_ replay: RecordingReplay, _ change: Change) -> Double {
            replay.misfit(with: change, replications: replications, jobs: jobs, shouldStop: shouldStop)
        }
        let screened = changes(first, tried).enumerated().map { order, change in
            (order: order, change: change, misfit: misfit(first, change))
        }
        let promising = screened.sorted { ($0.misfit, $0.order) < ($1.misfit, $1.order) }.prefix(finalists)
        var best: Explanation?
        for (_, change, start) in promising {
            let others = tried.dropFirst()
            let after = others.reduce(start) { sum, replay in sum + misfit(replay, change) }
            let gain = 1 - after / before
            if gain >= leastGain, gain > best?.gain ?? 0 { best = Explanation(clause: change.clause, gain: gain) }
        }
        // Few replications, or none, would fit by chance.
        return shouldStop() ? nil : best
    }

    struct Change {
        let clause: String
        let apply: (inout Rehearsal) -> Void
    }

    private static func changes(_ first: RecordingReplay, _ replays: [RecordingReplay]) -> [Change] {
        timeouts(first, replays) + storages(first) + deeds(first) + engines(first)
            + [
                Change(clause: "the processes had to wait for the CPU, ten times as long") { rehearsal in
                    let process = rehearsal.model.environment.process
                    rehearsal.model.environment.process.wakeUp = process.wakeUp.times(10)
                    rehearsal.model.environment.process.tickCost = process.tickCost.times(10)
                    rehearsal.model.environment.process.packetCost = process.packetCost.times(10)
                },
                Change(clause: "processes took five times as long to start") { rehearsal in
                    let startUp = rehearsal.model.environment.process.startUp
                    rehearsal.model.environment.process.startUp = startUp.times(5)
                },
                Change(clause: "the network were 50 times slower") { rehearsal in
                    let network = rehearsal.model.environment.network
                    rehearsal.model.environment.network.withinHost = network.withinHost.times(50)
                    rehearsal.model.environment.network.betweenHosts = network.betweenHosts.times(50)
                },
            ]
    }

    /// Half, twice, and what the first suspicion says.
    private static func timeouts(_ first: RecordingReplay, _ replays: [RecordingReplay]) -> [Change] {
        let timeout = first.reconstruction.model.conf.nodeTimeout
        var candidates = [timeout / 2, timeout * 2]
        let ratios = replays.compactMap { replay -> Double? in
            let stage = replay.stages[Stage.firstSuspected.rawValue]
            guard let after = stage.after, let before = stage.before, let median = stage.prediction.quantile(0.5),
                median > 0
            else { return nil }
            return Double(after / 2 + before / 2) / Double(median)
        }.sorted()
        if !ratios.isEmpty {
            let ratio = ratios[ratios.count / 2]
            if ratio > 0.01, ratio < 100, (ratio - 1).magnitude > 0.05 {
                candidates.append(max(1, Int64((Double(timeout) * ratio / 100).rounded()) * 100))
            }
        }
        return candidates.filter { $0 > 0 && $0 != timeout }.map { candidate in
            Change(clause: "cluster-node-timeout were \(candidate) ms rather than \(timeout) ms") {
                $0.model.conf.nodeTimeout = candidate
            }
        }
    }

    private static func storages(_ first: RecordingReplay) -> [Change] {
        let environment = first.reconstruction.model.environment
        let factors = [
            (20.0, "20 times slower"), (5, "five times slower"), (0.2, "five times faster"), (0.05, "20 times faster"),
        ]
        return factors.map { factor, words in
            Change(clause: "storage were \(words) than the environment says") { rehearsal in
                rehearsal.model.environment.disk.save = environment.disk.save.times(factor)
                rehearsal.model.environment.disk.sync = environment.disk.sync.times(factor)
                rehearsal.model.environment.nfs.commit = environment.nfs.commit.times(factor)
                rehearsal.model.environment.nfs.service = environment.nfs.service.times(factor)
                rehearsal.model.environment.nfs.rtt = environment.nfs.rtt.times(factor)
            }
        }
    }

    /// The same nodes at the same time, hit otherwise.
    private static func deeds(_ first: RecordingReplay) -> [Change] {
        let hits = first.scenario.steps.map(\.deed)
        var changes: [Change] = []
        if hits.contains(where: { $0 == .kill || $0 == .terminate }) {
            changes.append(
                Change(clause: "a link had been cut, or a process frozen, rather than killed") { rehearsal in
                    rehearsal.scenario = rehearsal.scenario.replacing { action in
                        switch action {
                        case .kill(let target, let duration, _), .terminate(let target, let duration, _):
                            .freeze(target, duration: duration)
                        default: action
                        }
                    }
                })
        }
        if hits.contains(where: { $0 == .freeze || $0 == .cut }) {
            changes.append(
                Change(clause: "a process had been killed rather than frozen or cut off") { rehearsal in
                    rehearsal.scenario = rehearsal.scenario.replacing { action in
                        switch action {
                        case .freeze(let target, let duration):
                            .kill(target, restartAfter: duration, newAddress: false)
                        case .partition(let groups, let duration) where !groups.isEmpty:
                            .kill(groups[0], restartAfter: duration, newAddress: false)
                        default: action
                        }
                    }
                })
        }
        return changes
    }

    private static func engines(_ first: RecordingReplay) -> [Change] {
        Engine.allCases.filter { $0 != first.reconstruction.model.engine }.map { engine in
            Change(clause: "the servers followed the rules of \(engine.rawValue)") { $0.model.engine = engine }
        }
    }
}

extension Scenario {
    fileprivate func replacing(_ change: (Action) -> Action) -> Scenario {
        var scenario = self
        for index in scenario.timeline.indices {
            scenario.timeline[index].action = change(scenario.timeline[index].action)
        }
        return scenario
    }
}

extension Distribution {
    /// Scaled, or as it is where that would leave what a distribution can hold.
    fileprivate func times(_ factor: Double) -> Distribution { (try? scaled(by: factor)) ?? self }
}

extension RecordingReplay {
    /// Infinite where it was stopped before the first replication.
    fileprivate func misfit(
        with change: Explanation.Change, replications: Int, jobs: Int, shouldStop: @escaping @Sendable () -> Bool
    ) -> Double {
        var changed = rehearsal
        change.apply(&changed)
        let runs = changed.run(replications: replications, jobs: jobs, shouldStop: shouldStop)
        guard !runs.isEmpty else { return .infinity }
        return Predictions(runs, victims: Set(victims)).misfit(of: seen, horizon: horizon)
    }
}
