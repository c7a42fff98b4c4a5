import ArgumentParser
import ModelFile
import SystemModel

/// What every command that reads a model takes.
struct ModelOptions: ParsableArguments {
    @Argument(help: "A model's directory: environment.yaml, kubernetes/, scenarios/.")
    var model: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change the model: a directive of redis.conf, cluster.masters, cluster.replicas-per-master, engine, "
                + "kubernetes, environment.PATH or scenario.NAME. Repeatable.",
            valueName: "key=value"))
    var overrides: [String] = []

    /// The model as its files and `--set` say. What was decided without a word in them is told on standard error.
    func load() throws -> LoadedModel {
        var teller = WarningTeller()
        return try teller.read(model, overrides)
    }

    /// The same for a command that lets the servers run: pods that never start are told as well.
    func loadToRun() throws -> LoadedModel {
        var teller = WarningTeller()
        return try teller.readToRun(model, overrides)
    }

    /// The scenario of that name; where none is named, the command line is wrong, and says what there is.
    func scenario(_ name: String?, of loaded: LoadedModel) throws -> Scenario {
        guard let name else {
            let names = loaded.scenarioNames
            throw ValidationError(
                names.isEmpty
                    ? "--scenario NAME is missing, and \(model) has no scenario: add one to \(model)/scenarios/"
                    : "--scenario NAME is missing; \(model) has \(names.joined(separator: ", "))")
        }
        return try loaded.scenario(named: name, overrides: overrides)
    }
}

/// Reads models, and tells their warnings on standard error: each one once, however many alternatives share it.
struct WarningTeller {
    private var told: Set<String> = []

    mutating func read(_ directory: String, _ overrides: [String]) throws -> LoadedModel {
        let loaded = try ModelReader.read(directory: directory, overrides: overrides)
        tell(loaded.warnings)
        return loaded
    }

    /// For a command that lets the servers run: pods that never start are told as well.
    mutating func readToRun(_ directory: String, _ overrides: [String]) throws -> LoadedModel {
        let loaded = try read(directory, overrides)
        tell(PodsThatWait.warnings(of: loaded.model, path: directory))
        return loaded
    }

    private mutating func tell(_ warnings: [Diagnostic]) {
        for warning in warnings where told.insert("\(warning)").inserted { Console.error("warning: \(warning)") }
    }
}
