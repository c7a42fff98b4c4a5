import ArgumentParser
import Experiments
import Foundation
import ModelFile
import SystemModel

/// Alternatives side by side.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Compare alternatives: a scenario under every value of one key, or of several.",
        discussion: """
            rehearse sweep models/six-processes --scenario kill-master --vary cluster-node-timeout=2000,5000,15000
            rehearse sweep models/six-processes --scenario kill-and-return --vary scenario.after=1s..16s:*2 \\
              --vary cluster-node-timeout=2000..6000:2000 --statistic 'P(promoted)'
            rehearse sweep experiment.yaml --resume results.jsonl

            Alternatives share their dice: replication n meets the same luck in each. What an alternative has more than
            the first one (or --baseline) is therefore a paired difference with its own 95 % interval.

            With --resume the results are kept as they come. A sweep that was stopped, even by kill -9, continues there
            when the same command is given again, and ends with the same bytes.
            """)

    @Argument(help: "A model's directory, or an experiment's file.")
    var model: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("An experiment's file; - is standard input.", valueName: "experiment"))
    var file: String?

    @Option(help: "Which of the model's scenarios to run.")
    var scenario: String?

    @Option(
        help: ArgumentHelp(
            "A key of --set with its values: a,b,c, or lo..hi:step, or lo..hi:*factor. Repeatable.",
            valueName: "key=values"))
    var vary: [String] = []

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Change the model in all alternatives, as in run. Repeatable.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp(
            "What to compare, as in 'outage.anySlot p99', 'milestones.healed mean', 'P(writesLost > 0)'. Repeatable."))
    var statistic: [String] = []

    @Option(
        help: ArgumentHelp(
            "The alternative to compare the others with, the first if not given.", valueName: "key=value"))
    var baseline: String?

    @Option(help: ArgumentHelp("Hold every alternative to it, as in 'milestones.healed p99 < 12s'. Repeatable."))
    var expect: [String] = []

    @OptionGroup var replication: ReplicationOptions

    @Option(help: ArgumentHelp("Keep results in this file as they come, and continue there.", valueName: "file"))
    var resume: String?

    @Option(name: .shortAndLong, help: "How to print the comparison.")
    var output = OutputFormat.table

    func validate() throws {
        guard (model == nil) != (file == nil) else {
            throw ValidationError("give a model's directory or an experiment's file")
        }
    }

    func run() throws {
        let request = try SweepRequest(self)
        let sweep = request.sweep
        InvariantFailure.install(
            context: "It happened in a sweep of \(request.scenario) of \(request.model) with seed \(sweep.seed).")
        let journal = try resume.map {
            try SweepJournal(path: $0, digest: request.digest, alternatives: sweep.alternatives.map(\.name))
        }
        Interruption.install()
        var bar = ProgressBar(total: sweep.plan.maximum * sweep.alternatives.count, isWanted: !replication.quiet)
        let result = try sweep.run(
            workers: replication.workers, journal: journal, shouldStop: { Interruption.isRequested },
            onProgress: { alternative, done in
                bar.label = "\(alternative + 1)/\(sweep.alternatives.count)"
                bar.show(alternative * sweep.plan.maximum + done)
            })
        bar.clear()
        if !result.isComplete {
            let kept = resume.map { "; repeat the command to continue from \($0)" } ?? ""
            Console.error(
                "interrupted in alternative \(max(1, result.findings.count)) of \(sweep.alternatives.count)\(kept)")
        }
        guard !result.findings.isEmpty else { throw ExitCode(Interruption.exitStatus) }
        SweepReport(request: request, result: result).write(as: output)
        if !result.isComplete { throw ExitCode(Interruption.exitStatus) }
        try ExpectationStatus.check(result.verdicts)
    }
}

/// What a sweep is asked, from options and an experiment's file together; options win.
struct SweepRequest {
    let model: String
    let modelName: String
    let engine: String
    let scenario: String
    let question: String
    let overrides: [String]
    let factors: [Factor]
    /// The first alternative's model.
    let loaded: LoadedModel
    let sweep: Sweep
    /// Of everything that the results depend on.
    let digest: String

    init(_ command: SweepCommand) throws {
        let file = try SweepRequest.experiment(command)
        model = file?.model ?? command.model ?? ""
        overrides = (file?.overrides ?? []) + command.overrides
        let varied = try Factor.read(command.vary, option: "--vary")
        factors = varied.isEmpty ? file?.factors ?? [] : varied
        guard !factors.isEmpty else {
            throw ValidationError("--vary KEY=VALUES is missing: without it there is nothing to compare")
        }
        let (alternatives, first, digest) = try SweepRequest.alternatives(
            model, scenario: command.scenario ?? file?.scenario, overrides, factors)
        loaded = first
        scenario = alternatives[0].scenario.name
        question = alternatives[0].scenario.question
        modelName = alternatives[0].model.name
        engine = alternatives[0].model.engine.rawValue
        let statistics = try Expressions.statistics(command.statistic, option: "--statistic")
        let chosen = statistics.isEmpty ? file?.statistics ?? [] : statistics
        sweep = Sweep(
            alternatives: alternatives,
            statistics: chosen.isEmpty ? ComparedStatistics.usual(alternatives, grid: factors.count > 1) : chosen,
            expectations: try (file?.expectations ?? [])
                + Expressions.expectations(command.expect, option: "--expect"),
            plan: try command.replication.plan(file),
            seed: UInt64(command.replication.random.given ?? file?.seed ?? 1),
            baseline: try SweepRequest.baseline(command.baseline ?? file?.baseline, alternatives))
        self.digest = SweepRequest.digest(digest, sweep)
    }

    private static func experiment(_ command: SweepCommand) throws -> ExperimentFile? {
        if let file = command.file { return try ExperimentFile.read(file) }
        guard let model = command.model else { return nil }
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: model, isDirectory: &isDirectory)
        return exists && !isDirectory.boolValue ? try ExperimentFile.read(model) : nil
    }

    private static func alternatives(
        _ model: String, scenario: String?, _ overrides: [String], _ factors: [Factor]
    ) throws -> ([Alternative], first: LoadedModel, InputDigest) {
        var alternatives: [Alternative] = []
        var first: LoadedModel?
        var digest = InputDigest()
        var teller = WarningTeller()
        for values in Grid.combinations(of: factors.map(\.values)) {
            let settings = zip(factors, values).map { "\($0.key)=\($1)" }
            var options = ModelOptions()
            options.model = model
            options.overrides = overrides + settings
            let loaded = try teller.readToRun(model, options.overrides)
            let found = try options.scenario(scenario, of: loaded)
            if first == nil {
                first = loaded
                digest = InputDigest(loaded.inputFiles(scenario: found.name), settings: [])
            }
            for text in options.overrides { digest.add(line: "set \(text)") }
            alternatives.append(
                Alternative(
                    name: settings.joined(separator: ", "), values: values, model: loaded.model, scenario: found))
        }
        guard let first else { throw ValidationError("--vary KEY=VALUES has no values: there is nothing to compare") }
        return (alternatives, first, digest)
    }

    /// What a command line would say that asks the same, whether it came from options or from a file.
    var envelope: ResultEnvelope {
        var arguments = [model, "--scenario", scenario]
        for factor in factors { arguments += ["--vary", "\(factor.key)=\(factor.values.joined(separator: ","))"] }
        for statistic in sweep.statistics { arguments += ["--statistic", "\(statistic)"] }
        for expectation in sweep.expectations { arguments += ["--expect", "\(expectation)"] }
        arguments += ["--baseline", sweep.alternatives[sweep.baseline].name]
        arguments += sweep.plan.arguments + ["--seed", "\(sweep.seed)"]
        return ResultEnvelope("sweep", arguments: arguments, loaded: loaded, scenario: scenario, settings: overrides)
    }

    private static func baseline(_ name: String?, _ alternatives: [Alternative]) throws -> Int {
        guard let name else { return 0 }
        func plain(_ text: String) -> String { text.filter { $0 != " " } }
        if let index = alternatives.firstIndex(where: { plain($0.name) == plain(name) }) { return index }
        let names = alternatives.prefix(20).map { "'\($0.name)'" }.joined(separator: ", ")
        throw ValidationError(
            "--baseline '\(name)' is none of the alternatives \(names)\(alternatives.count > 20 ? ", ..." : "")")
    }

    private static func digest(_ inputs: InputDigest, _ sweep: Sweep) -> String {
        var digest = inputs
        digest.add(line: Rehearse.version)
        digest.add(line: "seed \(sweep.seed), from \(sweep.plan.minimum) to \(sweep.plan.maximum)")
        if let goal = sweep.plan.goal { digest.add(line: "\(goal)") }
        return "\(digest)"
    }
}

/// What is compared where nobody said what.
enum ComparedStatistics {
    /// Of a grid, whose tables are large, the two most asked for.
    static func usual(_ alternatives: [Alternative], grid: Bool) -> [Statistic] {
        let event = { (quantity: Quantity) in Statistic.probability(ReplicationEvent(quantity, .holds(true))) }
        if grid { return [.quantile(.anySlotUnserved, 0.99), event(.promoted)] }
        let writes = alternatives.contains { $0.model.environment.load > 0 }
        return [
            event(.promoted), event(.recovered), .quantile(.anySlotUnserved, 0.5), .quantile(.anySlotUnserved, 0.99),
        ] + (writes ? [.mean(.writesLost)] : []) + [.mean(.elections), .mean(.falseFailovers)]
    }
}
