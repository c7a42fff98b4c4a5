package import Recording
package import RedisCluster
package import SystemModel

/// What was done to the cluster, as its recording tells: by notes with actions, else by what the nodes did.
package struct ImpliedScenario: Sendable {
    package let steps: [Step]
    /// True where no note said so.
    package let isInferred: Bool
    /// What was noted or seen and can't be repeated, in sentences. A comparison would mislead.
    package let obstacles: [String]

    package struct Step: Sendable, Equatable {
        /// When it was done, µs after the recording's start; both ends are the same where a note tells.
        package var interval: ObservedInterval
        package var deed: Deed
        /// By number.
        package var targets: [Int]
        /// How long it lasted, or how long they stayed away, ns; nil is to the recording's end.
        package var duration: Int64?
        package var newAddress = false

        package var middle: Int64 { interval.middle }
    }

    package enum Deed: Sendable, Equatable {
        case kill, terminate, freeze, cut, loseVolume
        case failover(FailoverMode)

        package var words: String {
            switch self {
            case .kill: "killed"
            case .terminate: "told to end (SIGTERM)"
            case .freeze: "stopped answering (frozen, or cut off)"
            case .cut: "cut off"
            case .loseVolume: "killed, and lost their files"
            case .failover(.plain): "ordered to fail over"
            case .failover(let mode): "ordered to fail over (\(mode.rawValue))"
            }
        }
    }

    /// `model` is the reconstructed one, `names` its nodes' ids by number.
    package init(_ recording: Recording, names: [NodeName], model: SystemModel) {
        let lives = RecordedLives(recording, names: names)
        let noted = NotedDeeds(recording, names: names, lives: lives, model: model)
        isInferred = !noted.isComplete
        if noted.isComplete {
            steps = noted.steps
            obstacles = noted.obstacles
        } else {
            steps = InferredDeeds(recording, names: names, lives: lives, model: model).steps
            obstacles = []
        }
    }

    /// When the first step was done, µs after the recording's start.
    package var fault: ObservedInterval? { steps.first?.interval }

    /// The steps for the simulation. Their targets are those of the recording: chance does not choose.
    ///
    /// - Parameter horizon: ns after the first step.
    package func scenario(horizon: Int64, count: Int) -> Scenario {
        let origin = steps.first?.middle ?? 0
        let timeline = steps.map { step in
            Scenario.Step(
                at: max(0, step.middle.microsecondsLater(than: origin) * 1000), action: action(step, count))
        }
        return Scenario(
            name: "recorded", question: "Could the recorded cluster have been this one?", parameters: [],
            timeline: timeline, horizon: horizon)
    }

    private func action(_ step: Step, _ count: Int) -> Action {
        let target = Target.union(step.targets.map { .process($0) })
        switch step.deed {
        case .kill: return .kill(target, restartAfter: step.duration, newAddress: step.newAddress)
        case .terminate: return .terminate(target, restartAfter: step.duration, newAddress: step.newAddress)
        case .freeze: return .freeze(target, duration: step.duration)
        case .loseVolume: return .loseVolume(target, restartAfter: step.duration)
        case .failover(let mode): return .failover(target, mode)
        case .cut:
            let others = (0..<count).filter { !step.targets.contains($0) }
            return .partition([target, .union(others.map { .process($0) })], duration: step.duration)
        }
    }
}
