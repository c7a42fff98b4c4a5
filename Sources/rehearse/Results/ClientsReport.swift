import Advice
import ModelFile
import Statistics
import SystemModel
import Wording

/// What `clients` says.
struct ClientsReport {
    let study: ClientStudy
    let scenario: Scenario
    /// The scenario's, where it is the model's.
    let fileName: String?
    let options: StudyOptions
    let loaded: LoadedModel
    /// Of this command only, as given.
    let arguments: [String]

    var report: StudyReport {
        StudyReport(
            title: options.title("Fault: \(scenario.name). Clients of", loaded), answer: answer,
            sections: [table, presets],
            notes: [
                "Back: the first success after the last failure, over all parts of the slots. A client that can't "
                    + "reach pod addresses works for the slots of one pod only, with or without a fault."
            ] + options.guesses(loaded), document: document)
    }

    private var answer: String {
        guard let servers = study.servers,
            let best = study.rows.min(by: { $0.back.p50.value < $1.back.p50.value }),
            let worst = study.rows.max(by: { rank($0) < rank($1) })
        else { return "Nothing is known yet." }
        return "The servers are back after \(Phrase.duration(servers.p50.value)) (p50); the application after "
            + "\(Phrase.duration(best.back.p50.value)) with \(best.client.name), after \(back(worst)) with "
            + "\(worst.client.name)."
    }

    private func rank(_ row: ClientStudy.Row) -> (Double, Double) { (row.back.p50.value, row.back.p90.value) }

    private var horizon: String { DurationText.text(ofNanoseconds: Double(scenario.horizon)) }

    private func back(_ row: ClientStudy.Row) -> String {
        row.back.p50.value.isFinite ? Phrase.duration(row.back.p50.value) : "more than \(horizon)"
    }

    private var table: StudyReport.Section {
        var rows: [[String]] = []
        if let servers = study.servers { rows.append(["(the servers)", ""] + cells(servers)) }
        rows += study.rows.map { [$0.client.name, $0.access.name] + cells($0.back) }
        return StudyReport.Section(
            heading: "From the fault to success on every slot",
            header: ["client", "entry", "p50", "p90", "p99", "not back within \(horizon)"], rows: rows, left: [1])
    }

    private func cells(_ back: Durations) -> [String] {
        back.quantiles.map { Phrase.estimate(ofDuration: $0.estimate) }
            + ["\(back.unended) of \(back.count)"]
    }

    private var presets: StudyReport.Section {
        var names: [String] = []
        var rows: [[String]] = []
        for row in study.rows where !names.contains(row.client.name) {
            names.append(row.client.name)
            rows.append([row.client.name, row.client.summary, row.client.source])
        }
        return StudyReport.Section(
            heading: "The clients", header: ["client", "what it does", "source"], rows: rows, left: [1, 2])
    }

    private var document: Document {
        let rows = study.rows.map { row in
            Document.object([
                ("client", .text(row.client.name)), ("access", .text(row.access.rawValue)),
                ("summary", .text(row.client.summary)), ("source", .text(row.client.source)),
                ("back", .durations(row.back)),
            ])
        }
        return options.document(
            "clients", loaded, arguments: arguments, scenario: fileName, answer: answer,
            isComplete: study.isComplete,
            [
                ("scenario", .text(scenario.name)), ("horizon", .milliseconds(scenario.horizon)),
                ("servers", study.servers.map { .durations($0) } ?? .null), ("clients", .list(rows)),
            ])
    }
}
