import ArgumentParser
import Experiments
import Foundation
import ModelFile
import SystemModel
import Wording

/// The main job: a scenario many times over, and what to expect of it.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Forecast a scenario: what happens, when, with what spread and how likely.",
        discussion: """
            EXAMPLES
              rehearse run models/two-nodes-six-pods --scenario delete-pod
              rehearse run models/six-processes --scenario kill-and-return --set scenario.after=6s
              rehearse run models/two-nodes-six-pods --scenario delete-pod --sensitivity --report failover.html

            The same model, scenario and seed give the same bytes, with any number of jobs.
            """)

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

    @Flag(help: "Say which guess moves the answer most too: each alone is halved and doubled.")
    var sensitivity = false

    @OptionGroup var reporting: ReportOptions

    func validate() throws {
        if samples, output.isText { throw ValidationError("--samples needs -o json, yaml or csv") }
    }

    func run() throws {
        let loaded = try system.loadToRun()
        let scenario = try system.scenario(scenario, of: loaded)
        let writer = try reporting.writer()
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
            precision: plan.reached(by: table),
            envelope: envelope(of: loaded, scenario, replications: table.count),
            sensitivity: try examined(table, scenario, of: loaded))
        let stream = ResultStream(isMarkdown: output == .markdown)
        switch output {
        case .table, .wide, .markdown: report.writeText(isWide: output == .wide, to: stream)
        case .json, .yaml: output.write(report.document(withSamples: samples), to: stream)
        case .csv:
            VerdictReport.complain(verdicts)
            report.writeCSV(withSamples: samples, to: stream)
        }
        stream.flush()
        try writer?.write(report.document(withSamples: false))
        if Interruption.isRequested || !isComplete { throw ExitCode(Interruption.exitStatus) }
        try ExpectationStatus.check(verdicts)
    }

    /// Everything that reaches the numbers: threads and forms of output do not.
    private func envelope(of loaded: LoadedModel, _ scenario: Scenario, replications: Int) -> ResultEnvelope {
        let arguments = [
            system.model, "--scenario", scenario.name, "--replications", "\(replications)", "--seed", "\(seed)",
        ]
        return ResultEnvelope(
            "run", arguments: arguments + expect.flatMap { ["--expect", $0] } + (sensitivity ? ["--sensitivity"] : []),
            loaded: loaded, scenario: scenario.name, settings: system.overrides)
    }

    /// Nil where it is not asked for, and where the replications are too few to compare.
    private func examined(_ table: OutcomeTable, _ scenario: Scenario, of loaded: LoadedModel) throws -> Sensitivity? {
        guard sensitivity, table.count >= 2, !Interruption.isRequested else { return nil }
        let study = SensitivityStudy(
            scenario: scenario, seed: UInt64(seed), table: table,
            replications: min(table.count, Sensitivity.mostReplications))
        return try Sensitivity(
            study, of: loaded, path: system.model, overrides: system.overrides, workers: replication.workers,
            isQuiet: replication.quiet)
    }

    private var seed: Int { replication.random.seed }

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
