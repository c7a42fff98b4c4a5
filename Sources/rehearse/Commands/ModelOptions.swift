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
        let loaded = try ModelReader.read(directory: model, overrides: overrides)
        ModelOptions.warn(loaded.warnings)
        return loaded
    }

    /// The same for a command that lets the servers run: pods that never start are told as well.
    func loadToRun() throws -> LoadedModel {
        let loaded = try load()
        ModelOptions.warn(PodsThatWait.warnings(of: loaded.model, path: model))
        return loaded
    }

    static func warn(_ warnings: [Diagnostic]) {
        for warning in warnings { Console.error("warning: \(warning)") }
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
