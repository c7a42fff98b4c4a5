import Glibc
import LiveCluster
import Randomness
import Recording
import RedisCluster
import Synchronization
package import SystemModel

/// Trials of one scenario on real clusters: each on a fresh one, several side by side.
package struct Lab: Sendable {
    package let binary: ServerBinary
    package let model: SystemModel
    package let scenario: Scenario
    package let options: LabOptions
    private let storage: SlowStorageSettings?

    /// What the one who waits is told.
    package enum Progress: Sendable {
        case finished(TrialLine)
        case failed(trial: Int, why: String, isTriedAgain: Bool)
    }

    /// A trial whose cluster does not become well is tried again this often.
    private static let attempts = 3

    /// Throws LabError where the scenario or the model is none for a lab.
    package init(
        _ binary: ServerBinary, _ model: SystemModel, _ scenario: Scenario, _ options: LabOptions
    ) throws(LabError) {
        try Feasibility.check(scenario, hosts: options.hosts)
        try LabSite.check(model, hosts: options.hosts)
        storage = options.slowStorage ? try SlowStorageSettings(model.environment, model.deployment) : nil
        self.binary = binary
        self.model = model
        self.scenario = scenario
        self.options = options
    }

    /// Holds all trials; how many could be held. Cancelling the task ends what is under way, and cleans up.
    package func run(onProgress: @escaping @Sendable (Progress) -> Void) async throws -> Int {
        let writer = try TrialWriter(directory: options.output, scenario: scenario.name)
        let counter = Counter()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<min(options.jobs, options.trials) {
                group.addTask {
                    var held = 0
                    while !Task.isCancelled {
                        let index = counter.take()
                        guard index < options.trials else { break }
                        if try await hold(writer.first + index, writer, onProgress) { held += 1 }
                    }
                    return held
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Hands out 0, 1, 2...
    private final class Counter: Sendable {
        private let next = Atomic<Int>(0)
        func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
    }

    /// One trial, with new attempts where the cluster is to blame.
    private func hold(
        _ number: Int, _ writer: TrialWriter, _ onProgress: @Sendable (Progress) -> Void
    ) async throws -> Bool {
        for attempt in 1...Lab.attempts {
            do {
                let line = try await attemptTrial(number, writer)
                try await writer.append(line)
                onProgress(.finished(line))
                return true
            } catch {
                unlink(writer.path(of: number))
                if Task.isCancelled { return false }
                onProgress(.failed(trial: number, why: "\(error)", isTriedAgain: attempt < Lab.attempts))
            }
        }
        return false
    }

    /// On a cluster of its own, which is gone when this returns or throws.
    private func attemptTrial(_ number: Int, _ writer: TrialWriter) async throws -> TrialLine {
        // Addresses differ each time, so that two labs of the same seed do not meet.
        var places = RandomStream(key: UInt64(bitPattern: Moment.now.wall) &* 1_000_003 &+ UInt64(number))
        let cluster = try LabCluster(binary, model, hosts: options.hosts, storage, dice: &places)
        do {
            let outcome = try await holdTrial(number, on: cluster, writer.path(of: number))
            await cluster.close()
            return line(number, writer.name(of: number), outcome)
        } catch {
            await cluster.close()
            throw error
        }
    }

    private func holdTrial(_ number: Int, on cluster: LabCluster, _ path: String) async throws -> TrialOutcome {
        var dice = RandomStream(seed: options.seed, replication: UInt64(number), purpose: .fault, entity: 0)
        try await cluster.start()
        try await cluster.create()
        try await Task.sleep(for: .nanoseconds(options.settle))
        try await cluster.awaitHealth(within: .seconds(60))
        let recorder = try await LiveRecorder.start(
            seeds: await cluster.addresses, options: RecordingOptions(interval: .nanoseconds(options.interval)),
            to: LiveRecorder.Destination(path: path, mode: .replace))
        do {
            // The fault's instant must not be in step with anything the servers do.
            let phase = dice.uniform() * Double(model.conf.nodeTimeout) * 1e6
            try await Task.sleep(for: .nanoseconds(Lab.recordedBefore + Int64(phase)))
            let trial = Trial(scenario, on: cluster, dice: dice) { action in
                try await recorder.note(
                    action.spoken, action: action.action, targets: action.names, at: action.moment.monotonic)
            }
            let outcome = try await trial.run()
            try await recorder.stop()
            return outcome
        } catch {
            _ = try? await recorder.stop()
            throw error
        }
    }

    /// What a recording shows of the cluster that is still well, ns; some part of the node timeout comes on top.
    private static let recordedBefore: Int64 = 1_000_000_000

    private func line(_ number: Int, _ recording: String, _ outcome: TrialOutcome) -> TrialLine {
        TrialLine(
            number: number, seed: options.seed, scenario: scenario.name,
            parameters: scenario.parameters.map { "\($0.name)=\($0.value)" }, binary: binary,
            nodeTimeout: model.conf.nodeTimeout, masters: model.shape.masters,
            replicasPerMaster: model.shape.replicasPerMaster, recording: recording, outcome: outcome)
    }
}
