import ArgumentParser
import Experiments
import ModelFile
import SystemModel
import Wording

/// Two models side by side.
struct CompareModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare-models",
        abstract: "Say what two models have otherwise, and what that does.",
        discussion: """
            rehearse compare-models models/six-processes models/mine --scenario kill-master
            rehearse compare-models models/six-processes models/mine --scenario kill-master -o json

            Without --scenario every scenario that both have is run. Both models share their dice, so what the second
            has more than the first is a paired difference with its own 95 % interval.
            """)

    @Argument(help: "The first model's directory.")
    var first: String

    @Argument(help: "The second model's directory.")
    var second: String

    @Option(help: "Which scenario to run; both models must have it.")
    var scenario: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Change both models, as in run. Repeatable.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(help: "What to compare, as in 'outage.anySlot p99'. Repeatable.")
    var statistic: [String] = []

    @OptionGroup var replication: ReplicationOptions

    @Option(name: .shortAndLong, help: "How to print the comparison.")
    var output = OutputFormat.table

    func validate() throws {
        try OutputFormat.allow([.table, .markdown, .json, .yaml], output, for: "compare-models")
    }

    func run() throws {
        let (one, other) = (try load(first), try load(second))
        let statistics = try Expressions.statistics(statistic, option: "--statistic")
        let plan = try replication.plan()
        let names = try scenarioNames(one, other)
        Interruption.install()
        var comparisons: [ModelComparison] = []
        for name in names where !Interruption.isRequested {
            if let comparison = try compare(name, one, other, statistics, plan) { comparisons.append(comparison) }
        }
        let report = ModelComparisonReport(
            first: first, second: second, differences: ModelDifference.all(one.loaded, other.loaded),
            comparisons: comparisons, seed: replication.random.seed,
            envelope: try envelope(one, other, statistics, plan))
        report.write(as: output)
        if comparisons.count < names.count || comparisons.contains(where: { !$0.result.isComplete }) {
            Console.error("interrupted: \(comparisons.count) of \(Phrase.count(names.count, "scenario")) compared")
            throw ExitCode(Interruption.exitStatus)
        }
    }

    /// A model with the options it was read with.
    private struct Side {
        let options: ModelOptions
        let loaded: LoadedModel
    }

    private func load(_ path: String) throws -> Side {
        var options = ModelOptions()
        options.model = path
        options.overrides = overrides
        return Side(options: options, loaded: try options.loadToRun())
    }

    private func envelope(
        _ one: Side, _ other: Side, _ statistics: [Statistic], _ plan: ReplicationPlan
    ) throws -> ResultEnvelope {
        let names = try scenarioNames(one, other)
        // Both models' files, each by its path from here.
        let inputs = [one, other].flatMap { side in
            names.reduce(into: [InputFile]()) { files, name in
                for file in side.loaded.inputFiles(scenario: name).map({ $0.below(side.options.model) })
                where !files.contains(file) { files.append(file) }
            }
        }
        let others = other.loaded.assumptions.filter { !one.loaded.assumptions.contains($0) }
        let assumptions = one.loaded.assumptions + others
        var arguments = [first, second]
        if let scenario { arguments += ["--scenario", scenario] }
        for statistic in statistics { arguments += ["--statistic", "\(statistic)"] }
        arguments += plan.arguments + ["--seed", "\(replication.random.seed)"]
        return ResultEnvelope(
            "compare-models", arguments: arguments,
            inputs: inputs, settings: overrides,
            assumptions: Assumption.Kind.allCases.flatMap { kind in assumptions.filter { $0.kind == kind } },
            evidence: ModelBounds.evidence(for: one.loaded.model))
    }

    private func scenarioNames(_ one: Side, _ other: Side) throws -> [String] {
        if let scenario { return [scenario] }
        return one.loaded.scenarioNames.filter { other.loaded.scenarioNames.contains($0) }
    }

    /// Nil where nothing was run before an interruption.
    private func compare(
        _ name: String, _ one: Side, _ other: Side, _ statistics: [Statistic], _ plan: ReplicationPlan
    ) throws -> ModelComparison? {
        let alternatives = try [one, other].map { side in
            Alternative(
                name: side.options.model, values: [side.options.model], model: side.loaded.model,
                scenario: try side.options.scenario(name, of: side.loaded))
        }
        InvariantFailure.install(
            context: "It happened in scenario \(name) of \(first) or \(second) with seed \(replication.random.seed).")
        let sweep = Sweep(
            alternatives: alternatives,
            statistics: statistics.isEmpty ? ComparedStatistics.usual(alternatives, grid: false) : statistics,
            plan: plan, seed: UInt64(replication.random.seed))
        var bar = ProgressBar(total: 2 * plan.maximum, isWanted: !replication.quiet)
        bar.label = name
        let result = try sweep.run(
            workers: replication.workers, shouldStop: { Interruption.isRequested },
            onProgress: { bar.show($0 * plan.maximum + $1) })
        bar.clear()
        guard result.findings.count == 2 else { return nil }
        return ModelComparison(
            scenario: name, question: alternatives[0].scenario.question,
            differences: ModelDifference.all(alternatives[0].scenario, alternatives[1].scenario), result: result)
    }
}
