import ArgumentParser
import Foundation
import Lab
import ModelFile
import Synchronization
import SystemModel
import Wording

/// Real servers, real signals.
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Hold a scenario's trials on real clusters of this machine, and record them.",
        discussion: """
            EXAMPLES
              nice -n -10 rehearse lab --scenario kill-master --trials 3 --jobs 2 -o lab

            Each trial starts a cluster of its own on loopback addresses, creates it as redis-cli does, lets it settle,
            inflicts the scenario's steps with real signals and records what every node sees. DIR then holds a
            recording for each trial and trials.jsonl, with the moments that the servers' own logs tell, in ms after the
            fault. Nothing stays behind: no process, no file but these.

            Servers run at the lab's own priority: on a machine with other work, start it by nice.
            """)

    static let mostTrials = 100_000
    static let mostJobs = 64
    /// What sysexits.h calls EX_UNAVAILABLE: some cluster could not be had.
    static let unavailable: Int32 = 69

    @Argument(help: "A model of bare processes.")
    var model = "models/six-processes"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Change the model, as in run. Repeatable.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(help: "Which of the model's scenarios to hold.")
    var scenario: String?

    @Option(help: "How many trials, 1 to 100000.")
    var trials = 1

    @Option(help: "The server: a path, or a name along PATH; Redis 6.2 to 7.4 and Valkey 7.2 to 9 are known to work.")
    var server = "redis-server"

    @Option(help: "Clusters side by side, 1 to 64.")
    var jobs = 1

    @OptionGroup var random: RandomOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where recordings and trials.jsonl go.", valueName: "dir"))
    var output = "lab"

    @Option(
        help: """
            From a cluster that is well to its fault; up to a node timeout, at random, comes on top. Pings that \
            began together, when the cluster was made, take several node timeouts to spread.
            """)
    var settle = DurationArgument(nanoseconds: 60_000_000_000)

    @Option(help: "Between two polls of one node by the recorder, 5ms to 10s.")
    var interval = DurationArgument(nanoseconds: 50_000_000)

    @Option(help: "1, or 2: network namespaces joined by a link that can be cut. Needs root and a model of two hosts.")
    var hosts = 1

    @Flag(help: "Let the servers' files wait as the environment's storage does.")
    var slowStorage = false

    func validate() throws {
        guard (1...LabCommand.mostTrials).contains(trials) else {
            throw ValidationError("--trials \(trials) is not in 1...\(LabCommand.mostTrials)")
        }
        guard (1...LabCommand.mostJobs).contains(jobs) else {
            throw ValidationError("--jobs \(jobs) is not in 1...\(LabCommand.mostJobs)")
        }
        guard (1...2).contains(hosts) else { throw ValidationError("--hosts \(hosts) is neither 1 nor 2") }
        guard (5_000_000...10_000_000_000).contains(interval.nanoseconds) else {
            throw ValidationError("--interval must be 5ms to 10s")
        }
        guard settle.nanoseconds <= 3_600_000_000_000 else { throw ValidationError("--settle is more than 1h") }
    }

    func run() throws {
        var teller = WarningTeller()
        let loaded = try teller.readToRun(model, overrides)
        guard let name = scenario else {
            let names = loaded.scenarioNames.joined(separator: ", ")
            throw ValidationError("--scenario NAME is missing; \(model) has \(names)")
        }
        let scenario = try loaded.scenario(named: name, overrides: overrides)
        var options = LabOptions(output: output)
        options.trials = trials
        options.jobs = jobs
        options.seed = UInt64(random.seed)
        options.settle = settle.nanoseconds
        options.interval = interval.nanoseconds
        options.hosts = hosts
        options.slowStorage = slowStorage
        let binary = try ServerBinary(finding: server)
        let lab = try Lab(binary, loaded.model, scenario, options)
        Console.error("\(scenario.name) on \(binary.spoken), \(Phrase.count(trials, "trial")), results in \(output)/")
        let report = LabReport(total: trials)
        let held = try AsynchronousWork.run { try await lab.run { report.tell($0) } }
        if Interruption.isRequested {
            Console.error("interrupted after \(Phrase.count(report.held, "trial")) of \(trials)")
            throw ExitCode(Interruption.exitStatus)
        }
        if held < trials { throw ExitCode(LabCommand.unavailable) }
    }
}

/// A line for each trial, as it ends.
private final class LabReport: Sendable {
    private let total: Int
    private let lines = Mutex((count: 0, stream: ResultStream()))

    init(total: Int) { self.total = total }

    /// How many were told of.
    var held: Int { lines.withLock { $0.count } }

    func tell(_ progress: Lab.Progress) {
        switch progress {
        case .finished(let line):
            lines.withLock { lines in
                lines.count += 1
                lines.stream.line("\(line.recording): \(LabReport.sentence(line.outcome))")
                lines.stream.flush()
            }
        case .failed(let trial, let why, let isTriedAgain):
            Console.error("trial \(trial) \(isTriedAgain ? "is held again" : "is given up"): \(why)")
        }
    }

    /// `kill process 2; promoted after 6.83 s, ok on all after 6.88 s`
    private static func sentence(_ outcome: TrialOutcome) -> String {
        let deeds = outcome.actions.map(\.spoken).joined(separator: ", ")
        func after(_ time: Int64) -> String { "after \(Phrase.duration(Double(time) * 1000))" }
        let milestones = outcome.milestones
        guard let promoted = milestones.promoted else {
            return "\(deeds); nobody promoted within \(Phrase.duration(Double(outcome.end) * 1000))"
        }
        let healed = milestones.healed.map { ", ok on all \(after($0))" } ?? ""
        return "\(deeds); promoted \(after(promoted))\(healed)"
    }
}
