import SystemModel

/// Reads a scenario file and checks it against the model it is for.
struct ScenarioReader {
    /// How long a rehearsal is watched where the file doesn't say: the protocol needs seconds, Kubernetes minutes.
    static let defaultHorizon = (processes: Int64(60_000_000_000), kubernetes: Int64(600_000_000_000))
    private static let stepLimit = 1000

    let model: SystemModel
    let log: DiagnosticLog

    struct Reading {
        var scenario: Scenario
        var summary: ScenarioSummary
    }

    /// Nil, with errors logged, where the file is not a valid scenario of the model.
    func read(file: ScenarioFile, _ overrides: [Override]) -> Reading? {
        guard let root = document(of: file), let fields = Fields(root, "a scenario", log) else { return nil }
        FileHeader.check(fields, kind: "Scenario")
        if let name = FileHeader.name(fields), name != file.name {
            log.error(
                at: root.place, "the name \(YAMLNode.shortened(name))",
                "a scenario is run by the name of its file, \(file.name)",
                instead: "write name: \(file.name), or rename the file")
        }
        let spec = fields.require("spec", "it says what happens", instead: "add spec: with question and timeline")
            .flatMap { Fields($0, "spec", log) }
        fields.finish()
        guard let spec else { return nil }
        return read(spec, name: file.name, overrides)
    }

    private func document(of file: ScenarioFile) -> YAMLNode? {
        do throws(Diagnostic) {
            let documents = try YAMLReader.documents(of: try file.source.get())
            if documents.count == 1 { return documents[0] }
            log.error(
                at: documents.dropFirst().first?.place ?? .start(of: file.path),
                documents.isEmpty ? "an empty file" : "a second document", "a scenario is one document",
                instead: documents.isEmpty
                    ? "write apiVersion, kind, metadata and spec" : "give each scenario its own file")
        } catch {
            log.add(error)
        }
        return nil
    }

    private func read(_ spec: Fields, name: String, _ overrides: [Override]) -> Reading? {
        let names = SystemNames(model)
        let question = spec.require("question", "the answer is read against it", instead: "add question: ...")
            .flatMap { Scalars.text($0, "question", log) }
        var parameters = ScenarioParameters(spec.take("parameters"), overrides, names: names, log: log)
        let timeline = spec.require("timeline", "nothing would happen", instead: "add timeline: with one step at least")
            .map { parameters.substitute(in: $0) }
        let until = spec.take("until").map { parameters.substitute(in: $0) }
        let expectations = ExpressionList.expectations(spec.take("expect"), log)
        let observed = ObservedReader(log: log).read(spec.take("observed"))
        spec.finish()
        if log.errors.isEmpty { parameters.refuseUnused() }
        guard log.errors.isEmpty else { return nil }
        let steps = timeline.flatMap { self.steps($0, names) }
        guard let question, let steps, log.errors.isEmpty, let horizon = horizon(until, steps) else { return nil }
        let plain = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var scenario = Scenario(
            name: name, question: plain, parameters: parameters.parameters.map { ($0.name, $0.value.text ?? "") },
            timeline: Self.fromFirstStep(steps), horizon: horizon)
        scenario.expectations = expectations
        scenario.observed = observed
        let summary = ScenarioSummary(
            name: name, question: plain,
            parameters: parameters.parameters.map {
                ScenarioSummary.Parameter(
                    name: $0.name, type: $0.kind.rawValue, value: $0.value.text ?? "",
                    choices: parameters.choices(of: $0), description: $0.description)
            })
        return Reading(scenario: scenario, summary: summary)
    }

    private func steps(_ timeline: YAMLNode, _ names: SystemNames) -> [Scenario.Step]? {
        guard let elements = timeline.elements, !elements.isEmpty, elements.count <= Self.stepLimit else {
            log.error(
                at: timeline.place, "\(timeline.spoken) as timeline",
                "a list of 1 to \(Self.stepLimit) steps is needed",
                instead: "write - at: 0s, and a verb under it")
            return nil
        }
        var steps: [Scenario.Step] = []
        var labels: [String?] = []
        for element in elements {
            let targets = TargetReader(shape: model.shape, names: names, labels: labels, log: log)
            if let label = element["as"], let text = label.text, labels.contains(text) {
                log.error(
                    at: label.place, "a second step called \(YAMLNode.shortened(text))",
                    "sameAs could mean either", instead: "give each step a label of its own")
            }
            guard let (step, label) = StepReader(model: model, targets: targets, log: log).read(element) else {
                labels.append(nil)
                continue
            }
            if let last = steps.last, step.at < last.at {
                log.error(
                    at: element.place, "a step before the one above it", "steps are read in the order of time",
                    instead: "sort them by at")
            }
            if step.action == .create, !steps.isEmpty {
                log.error(
                    at: element.place, "create after another step", "before it there is no cluster to do anything to",
                    instead: "make it the first step")
            }
            steps.append(step)
            labels.append(label)
        }
        return steps.count == elements.count ? steps : nil
    }

    /// The steps with their times after the first one, whatever time the file gives that.
    private static func fromFirstStep(_ steps: [Scenario.Step]) -> [Scenario.Step] {
        let start = steps.first?.at ?? 0
        return steps.map { Scenario.Step(at: $0.at - start, action: $0.action) }
    }

    /// When observation ends, in ns after the first step.
    private func horizon(_ until: YAMLNode?, _ steps: [Scenario.Step]) -> Int64? {
        var horizon = isKubernetes ? Self.defaultHorizon.kubernetes : Self.defaultHorizon.processes
        let span = (steps.last?.at ?? 0) - (steps.first?.at ?? 0)
        if let until {
            guard let fields = Fields(until, "until", log) else { return nil }
            let node = fields.require("atMost", "observation must end", instead: "add atMost: 60s")
            fields.finish()
            guard let node, let limit = Scalars.duration(node, "atMost", log) else { return nil }
            guard limit > span else {
                log.error(
                    at: node.place, "\(node.spoken) as atMost",
                    "observation would end before the last step has happened",
                    instead: "write more than \(DurationText.text(ofNanoseconds: Double(span)))")
                return nil
            }
            if let late = steps.last?.at, late >= limit {
                log.error(
                    at: node.place, "\(node.spoken) as atMost",
                    "the last step is at \(DurationText.text(ofNanoseconds: Double(late)))",
                    instead: "write a longer time, or let the first step be at 0s")
                return nil
            }
            horizon = limit
        } else if span >= horizon {
            horizon += span
        }
        return horizon
    }

    private var isKubernetes: Bool {
        if case .kubernetes = model.deployment { true } else { false }
    }
}
