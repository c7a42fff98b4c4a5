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

    static let mostReplications = 10_000_000
    static let mostJobs = 1024

    @OptionGroup var system: ModelOptions

    @Option(help: "Which of the model's scenarios to run.")
    var scenario: String?

    @Option(parsing: .unconditional, help: "How many independent repetitions, 1 to 10000000.")
    var replications = 1000

    @Option(parsing: .unconditional, help: "Where the random numbers start; 0 or more.")
    var seed = 1

    @Option(parsing: .unconditional, help: "Threads, 1 to 1024; one for each core if not given.")
    var jobs: Int?

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    @Flag(help: "With json or yaml add, with csv print instead, one row for each replication.")
    var samples = false

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
        let loaded = try system.loadToRun()
        let scenario = try system.scenario(scenario, of: loaded)
        InvariantFailure.install(
            context: "It happened in scenario \(scenario.name) of \(system.model) with --seed \(seed).")
        let table = replicate(loaded.model, scenario)
        guard let forecast = Forecast(table) else { throw ExitCode(Interruption.exitStatus) }
        let report = ForecastReport(
            model: loaded.model, modelPath: system.model, scenario: scenario, overrides: system.overrides, seed: seed,
            guesses: loaded.guessed.count, forecast: forecast, table: table)
        let stream = ResultStream()
        switch output {
        case .table: report.writeText(to: stream)
        case .json: ReportFormat.json.write(report.document(withSamples: samples), to: stream)
        case .yaml: ReportFormat.yaml.write(report.document(withSamples: samples), to: stream)
        case .csv: report.writeCSV(withSamples: samples, to: stream)
        }
        stream.flush()
        if table.count < replications { throw ExitCode(Interruption.exitStatus) }
    }

    private func replicate(_ model: SystemModel, _ scenario: Scenario) -> OutcomeTable {
        Interruption.install()
        var bar = ProgressBar(total: replications, isWanted: !quiet)
        let table = Runner(model: model, scenario: scenario, seed: UInt64(seed)).run(
            replications: replications, workers: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            shouldStop: { Interruption.isRequested }, onProgress: { bar.show($0) })
        bar.clear()
        if table.count < replications {
            Console.error("interrupted after \(Phrase.count(table.count, "replication")) of \(replications)")
        }
        return table
    }
}
