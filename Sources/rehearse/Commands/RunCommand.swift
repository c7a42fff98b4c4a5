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
        discussion: """
            EXAMPLES
              rehearse run models/two-nodes-six-pods --scenario delete-pod
              rehearse run models/six-processes --scenario kill-and-return --set scenario.after=6s
              rehearse run models/two-nodes-six-pods --scenario delete-pod --sensitivity --report failover.html

            The same model, scenario and seed give the same bytes, with any number of jobs.
            """)

    static let mostReplications = 10_000_000
    static let mostJobs = 1024

    @OptionGroup var system: ModelOptions

    @Option(help: "Which of the model's scenarios to run.")
    var scenario: String?

    @Option(help: "How many independent repetitions, 1 to 10000000.")
    var replications = 1000

    @Option(help: "Where the random numbers start.")
    var seed = 1

    @Option(help: "Threads, 1 to 1024; one for each core if not given.")
    var jobs: Int?

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    @Flag(help: "With json or yaml add, with csv print instead, one row for each replication.")
    var samples = false

    @Flag(help: "Say which guess moves the answer most too: each alone is halved and doubled.")
    var sensitivity = false

    @OptionGroup var reporting: ReportOptions

    @Flag(help: "No progress bar.")
    var quiet = false

    func validate() throws {
        guard (1...RunCommand.mostReplications).contains(replications) else {
            throw ValidationError("--replications \(replications) is not in 1...\(RunCommand.mostReplications)")
        }
        if let jobs, !(1...RunCommand.mostJobs).contains(jobs) {
            throw ValidationError("--jobs \(jobs) is not in 1...\(RunCommand.mostJobs)")
        }
        guard seed >= 0 else { throw ValidationError("--seed \(seed) is negative") }
        if samples, output == .table { throw ValidationError("--samples needs -o json, yaml or csv") }
    }

    func run() throws {
        let loaded = try system.load()
        let scenario = try system.scenario(scenario, of: loaded)
        let writer = try reporting.writer()
        InvariantFailure.install(
            context: "It happened in scenario \(scenario.name) of \(system.model) with --seed \(seed).")
        let table = replicate(loaded.model, scenario)
        guard let forecast = Forecast(table) else { throw ExitCode(Interruption.exitStatus) }
        let report = ForecastReport(
            model: loaded.model, modelPath: system.model, scenario: scenario, overrides: system.overrides, seed: seed,
            guesses: loaded.guessed.count, forecast: forecast, table: table,
            envelope: envelope(of: loaded, scenario, replications: table.count),
            sensitivity: try examined(table, scenario, of: loaded))
        let stream = ResultStream()
        switch output {
        case .table: report.writeText(to: stream)
        case .json, .yaml: output.write(report.document(withSamples: samples), to: stream)
        case .csv: report.writeCSV(withSamples: samples, to: stream)
        }
        stream.flush()
        try writer?.write(report.document(withSamples: false))
        if Interruption.isRequested || table.count < replications { throw ExitCode(Interruption.exitStatus) }
    }

    /// Everything that reaches the numbers: threads and forms of output do not.
    private func envelope(of loaded: LoadedModel, _ scenario: Scenario, replications: Int) -> ResultEnvelope {
        let settings = system.overrides.flatMap { ["--set", $0] }
        let command =
            [
                "run", system.model, "--scenario", scenario.name, "--replications", "\(replications)", "--seed",
                "\(seed)",
            ]
            + settings + (sensitivity ? ["--sensitivity"] : [])
        return ResultEnvelope(
            command: command, loaded: loaded, scenario: scenario.name, overrides: system.overrides)
    }

    /// Nil where it is not asked for, and where the replications are too few to compare.
    private func examined(_ table: OutcomeTable, _ scenario: Scenario, of loaded: LoadedModel) throws -> Sensitivity? {
        guard sensitivity, table.count >= 2, !Interruption.isRequested else { return nil }
        let study = SensitivityStudy(
            scenario: scenario, seed: UInt64(seed), table: table,
            replications: min(table.count, Sensitivity.mostReplications))
        return try Sensitivity(
            study, of: loaded, path: system.model, overrides: system.overrides, workers: workers, isQuiet: quiet)
    }

    private var workers: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

    private func replicate(_ model: SystemModel, _ scenario: Scenario) -> OutcomeTable {
        Interruption.install()
        var bar = ProgressBar(total: replications, isWanted: !quiet)
        let table = Runner(model: model, scenario: scenario, seed: UInt64(seed)).run(
            replications: replications, workers: workers, shouldStop: { Interruption.isRequested },
            onProgress: { bar.show($0) })
        bar.clear()
        if table.count < replications {
            Console.error("interrupted after \(Phrase.count(table.count, "replication")) of \(replications)")
        }
        return table
    }
}
