package import SystemModel

/// A sweep as a file: what the options of `rehearse sweep` say, kept.
package struct ExperimentFile: Sendable {
    package var name = ""
    /// The model's directory, as a path that can be opened from here.
    package var model = ""
    package var scenario = ""
    /// `KEY=VALUE`, as after `--set`.
    package var overrides: [String] = []
    package var factors: [Factor] = []
    /// The alternative that the others are compared with, by its name.
    package var baseline: String?
    package var statistics: [Statistic] = []
    package var expectations: [ForecastExpectation] = []
    package var precision: PrecisionGoal?
    package var replications: Int?
    package var minimumReplications: Int?
    package var maximumReplications: Int?
    package var seed: Int?

    /// Reads an experiment; `-` is standard input. Throws everything that is wrong with it.
    package static func read(_ path: String) throws(ModelError) -> ExperimentFile {
        let log = DiagnosticLog()
        let file: SourceFile
        let documents: [YAMLNode]
        do throws(Diagnostic) {
            file = try SourceFile.read(named: path)
            documents = try YAMLReader.documents(of: file)
        } catch {
            throw ModelError([error])
        }
        guard documents.count == 1, let fields = Fields(documents[0], "an experiment", log) else {
            if log.errors.isEmpty {
                log.error(
                    at: documents.dropFirst().first?.place ?? .start(of: file.path),
                    documents.isEmpty ? "an empty file" : "a second document", "an experiment is one document",
                    instead: "write apiVersion, kind, metadata and spec")
            }
            throw ModelError(log.errors)
        }
        FileHeader.check(fields, kind: "Experiment")
        var experiment = ExperimentFile()
        experiment.name = FileHeader.name(fields) ?? ""
        let advice = "add spec: with model, scenario and vary"
        let spec = fields.require("spec", "it says what is compared", instead: advice)
            .flatMap { Fields($0, "spec", log) }
        fields.finish()
        if let spec { experiment.read(spec, beside: file.path, log) }
        try log.throwIfFailed()
        return experiment
    }

    private mutating func read(_ spec: Fields, beside path: String, _ log: DiagnosticLog) {
        let why = "an experiment runs without options"
        if let node = spec.require("model", why, instead: "add model: and the directory, from where this file is"),
            let text = Scalars.text(node, "model", log)
        {
            model = ExperimentFile.path(text, beside: path)
        }
        scenario =
            spec.require("scenario", why, instead: "add scenario: and its name")
            .flatMap { Scalars.text($0, "scenario", log) } ?? ""
        overrides = spec.texts(
            "set", "keys with their values are needed", instead: "write environment.load: 60 under it"
        ).map { "\($0.key)=\($0.text)" }
        readFactors(spec, log)
        baseline = spec.text("baseline")
        statistics = ExpressionList.statistics(spec.take("statistics"), log)
        expectations = ExpressionList.expectations(spec.take("expect"), log)
        precision = ExpressionList.precision(spec.take("precision"), log)
        replications = spec.count("replications", in: 1...10_000_000)
        minimumReplications = spec.count("minReplications", in: 1...10_000_000)
        maximumReplications = spec.count("maxReplications", in: 1...10_000_000)
        seed = spec.count("seed", in: 0...Int.max)
        spec.finish()
    }

    private mutating func readFactors(_ spec: Fields, _ log: DiagnosticLog) {
        let instead = "write cluster-node-timeout: [2000, 5000], or scenario.after: 1s..30s:1s under it"
        let why = "without it there is nothing to compare"
        guard let node = spec.require("vary", why, instead: "add vary: and \(instead)") else { return }
        guard let entries = node.entries, !entries.isEmpty else {
            log.error(at: node.place, "\(node.spoken) as vary", "keys with their values are needed", instead: instead)
            return
        }
        var places: [Place] = []
        for entry in entries {
            guard let factor = ExperimentFile.factor(entry, instead, log) else { continue }
            factors.append(factor)
            places.append(entry.keyPlace)
        }
        Factor.check(factors, at: { places[$0] }, log)
    }

    private static func factor(_ entry: YAMLNode.Entry, _ instead: String, _ log: DiagnosticLog) -> Factor? {
        let place = entry.value.place
        if let text = entry.value.text { return Factor.read(key: entry.key, values: text, at: place, log) }
        let values = entry.value.elements?.compactMap { Scalars.text($0, "a value of \(entry.key)", log) } ?? []
        guard !values.isEmpty else {
            log.error(at: place, "\(entry.value.spoken) as values", "a list or a range is needed", instead: instead)
            return nil
        }
        do { return try Factor.checked(entry.key, values) } catch {
            log.error(at: place, error.what, error.why, instead: error.instead)
            return nil
        }
    }

    /// A relative path counts from the directory of the file that says it; from here where that is standard input.
    private static func path(_ text: String, beside file: String) -> String {
        guard !text.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return text }
        return String(file[...slash]) + text
    }
}
