/// What every result has in common: what repeats it, what it rests on and what it was held against.
struct Envelope {
    let root: ResultValue

    /// Fills in what the result says; results of commands without some of it leave that part empty.
    func fill(_ report: inout Report) {
        report.reproduction = reproduction
        report.assumptions = assumptions
        report.notModelled = root["notModelled"]?.texts ?? []
        report.validation = validation
    }

    private var reproduction: [Report.Fact] {
        var facts: [Report.Fact] = []
        if let command = root["command"]?.text { facts.append(Report.Fact("Command", command, isCode: true)) }
        if let seed = root["seed"]?.scalar { facts.append(Report.Fact("Seed", seed)) }
        if let count = root["replications"]?.number {
            facts.append(Report.Fact("Replications", Figures.grouped(count)))
        }
        if let version = root["version"]?.text { facts.append(Report.Fact("Version", "rehearse \(version)")) }
        if let engine = root["engine"]?.text { facts.append(Report.Fact("Servers", engine)) }
        if let digest = (root[path: "inputs.digest"] ?? root["digest"])?.text {
            facts.append(Report.Fact("Digest of the inputs", digest, isCode: true))
        }
        if let settings = root["set"]?.texts, !settings.isEmpty {
            facts.append(Report.Fact("Settings", settings.map { "--set \($0)" }.joined(separator: " "), isCode: true))
        }
        let files = root[path: "inputs.files"]?.elements.compactMap { $0["path"]?.text } ?? []
        if !files.isEmpty { facts.append(Report.Fact("Inputs", files.joined(separator: ", "))) }
        return facts
    }

    private var assumptions: [Report.Assumption] {
        (root["assumptions"]?.elements ?? []).compactMap { assumption in
            guard let subject = assumption["subject"]?.text else { return nil }
            return Report.Assumption(
                subject, assumption["value"]?.scalar ?? "", source: assumption["source"]?.text ?? "",
                isGuess: assumption["kind"]?.text == "guess")
        }
    }

    private var validation: [String] {
        guard let validation = root["validation"] else { return ["Not validated against your cluster."] }
        let status = validation["status"]?.text.map { [$0.prefix(1).uppercased() + $0.dropFirst() + "."] } ?? []
        return status + (validation["evidence"]?.texts ?? [])
    }
}
