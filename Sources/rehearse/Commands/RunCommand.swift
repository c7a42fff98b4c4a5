import ArgumentParser
import Experiments
import Foundation
import ModelFile
import SystemModel

/// The main job: a scenario many times over, and what to expect of it.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Forecast a scenario: what happens, when, with what spread and how likely.",
        discussion: "The same model, scenario and seed give the same bytes, with any number of jobs.")

    static let mostReplications = ReplicationOptions.most

    @OptionGroup var system: ModelOptions

    @Option(help: "Which of the model's scenarios to run.")
    var scenario: String?

    @OptionGroup var replication: ReplicationOptions

    @Option(help: ArgumentHelp("Hold the answer to it, as in 'milestones.healed p99 < 12s'. Repeatable."))
    var expect: [String] = []

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    @Flag(help: "With json or yaml add, with csv print instead, one row for each replication.")
    var samples = false

    func validate() throws {
        if samples, output.isText { throw ValidationError("--samples needs -o json, yaml or csv") }
    }

    func run() throws {
        let loaded = try system.loadToRun()
        let scenario = try system.scenario(scenario, of: loaded)
        InvariantFailure.install(
            context: "It happened in scenario \(scenario.name) of \(system.model) with --seed \(seed).")
        let expectations = try Expressions.expectations(expect, option: "--expect")
        let plan = try replication.plan()
        let (table, isComplete) = replicate(loaded.model, scenario, plan)
        guard let forecast = Forecast(table) else { throw ExitCode(Interruption.exitStatus) }
        let verdicts = (expectations + scenario.expectations.filter { !expectations.contains($0) }).map {
            Verdict($0, in: table)
        }
        let report = ForecastReport(
            model: loaded.model, modelPath: system.model, scenario: scenario, overrides: system.overrides, seed: seed,
            guesses: loaded.guessed.count, forecast: forecast, table: table, verdicts: verdicts,
            precision: plan.reached(by: table))
        let stream = ResultStream(isMarkdown: output == .markdown)
        switch output {
        case .table, .wide, .markdown: report.writeText(isWide: output == .wide, to: stream)
        case .json, .yaml: output.write(report.document(withSamples: samples), to: stream)
        case .csv:
            VerdictReport.complain(verdicts)
            report.writeCSV(withSamples: samples, to: stream)
        }
        stream.flush()
        if !isComplete { throw ExitCode(Interruption.exitStatus) }
        try ExpectationStatus.check(verdicts)
    }

    private var seed: Int { replication.seed ?? 1 }

    private func replicate(
        _ model: SystemModel, _ scenario: Scenario, _ plan: ReplicationPlan
    ) -> (OutcomeTable, isComplete: Bool) {
        Interruption.install()
        var bar = ProgressBar(total: plan.maximum, isWanted: !replication.quiet)
        let table = OutcomeTable(capacity: plan.maximum)
        let isComplete = Runner(model: model, scenario: scenario, seed: UInt64(seed)).run(
            plan, into: table, workers: replication.workers, shouldStop: { Interruption.isRequested },
            onProgress: { bar.show($0) })
        bar.clear()
        if !isComplete {
            Console.error("interrupted after \(Phrase.count(table.count, "replication")) of \(plan.maximum)")
        }
        return (table, isComplete)
    }
}
