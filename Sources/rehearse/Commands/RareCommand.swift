import ArgumentParser
import Experiments
import Foundation
import ModelFile
import SystemModel

/// The probability of what hardly ever happens.
struct RareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rare",
        abstract: "Estimate how likely an event is that plain repetition hardly ever meets.",
        discussion: """
            rehearse rare models/six-processes --scenario kill-master --event 'outage.anySlot > 12s'
            rehearse rare models/six-on-nfs --scenario kill-master --event 'falseFailovers > 0'

            The delays of the environment are drawn from their tails more often than they should be, and every case
            counts as much less as that made it likelier (importance sampling). Which delays to tilt, and how much, is
            searched for first, with replications that the estimate does not use (cross-entropy method). The estimate is
            right whatever the search found; how wide its interval is depends on it.

            Events that take no unusual delay are found no sooner than by run. How likely they could be without having
            been seen is printed as well. Exit status 3: too few cases for an interval that can be trusted.
            """)

    @OptionGroup var system: ModelOptions

    @Option(help: "Which of the model's scenarios to run.")
    var scenario: String?

    @Option(
        help: ArgumentHelp(
            "What a replication must come to, as in 'outage.anySlot > 12s', 'falseFailovers > 0' or 'not recovered'."))
    var event: String

    @Option(help: "Stop when the interval's half-width is this share of the estimate, 1 to 100 %.")
    var within = 20

    @Option(help: "Replications of each round of the search, 100 to 1000000.")
    var round = 1000

    @Option(help: "Replications of the estimate at most, 100 to 10000000.")
    var maxReplications = 20_000

    @OptionGroup var random: RandomOptions

    @OptionGroup var workers: WorkerOptions

    @Flag(help: "No progress bar.")
    var quiet = false

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    func validate() throws {
        try OutputFormat.allow([.table, .markdown, .json, .yaml], output, for: "rare")
        guard (1...100).contains(within) else { throw ValidationError("--within \(within) is not in 1...100") }
        guard (100...1_000_000).contains(round) else {
            throw ValidationError("--round \(round) is not in 100...1000000")
        }
        guard (100...ReplicationOptions.most).contains(maxReplications) else {
            throw ValidationError("--max-replications \(maxReplications) is not in 100...\(ReplicationOptions.most)")
        }
    }

    func run() throws {
        let event = try Expressions.event(event, option: "--event")
        let loaded = try system.loadToRun()
        let scenario = try system.scenario(scenario, of: loaded)
        InvariantFailure.install(
            context: "It happened in a search in scenario \(scenario.name) of \(system.model), --seed \(random.seed).")
        Interruption.install()
        var bar = ProgressBar(
            total: RareEventSampler.most(exploration: round, maximum: maxReplications), isWanted: !quiet)
        let sampler = RareEventSampler(
            event, model: loaded.model, scenario: scenario, seed: UInt64(random.seed),
            shouldStop: { Interruption.isRequested })
        let estimate = sampler.estimate(
            exploration: round, maximum: maxReplications, precision: Double(within) / 100,
            workers: workers.count, onProgress: { bar.show($0) })
        bar.clear()
        guard let estimate else {
            Console.error("interrupted before the event could be counted: nothing is known of its probability yet")
            throw ExitCode(Interruption.exitStatus)
        }
        let report = RareEventReport(
            model: loaded.model, scenario: scenario, overrides: system.overrides, seed: random.seed, event: event,
            estimate: estimate, envelope: envelope(of: loaded, scenario))
        let stream = ResultStream(isMarkdown: output == .markdown)
        if output.isText { report.writeText(to: stream) } else { output.write(report.document, to: stream) }
        stream.flush()
        if Interruption.isRequested { throw ExitCode(Interruption.exitStatus) }
        if estimate.isVague { throw ExitCode(ExpectationStatus.undecided) }
    }

    private func envelope(of loaded: LoadedModel, _ scenario: Scenario) -> ResultEnvelope {
        let arguments = [
            system.model, "--scenario", scenario.name, "--event", event, "--within", "\(within)", "--round",
            "\(round)", "--max-replications", "\(maxReplications)", "--seed", "\(random.seed)",
        ]
        return ResultEnvelope(
            "rare", arguments: arguments, loaded: loaded, scenario: scenario.name, settings: system.overrides)
    }
}
