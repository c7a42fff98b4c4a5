import Wording

/// What is dangerous and what helps (`rehearse.advise/v1`) as a report.
struct AdvicePage {
    let result: ResultFile

    private var root: ResultValue { result.root }

    var report: Report {
        let model = root["model"]?.text ?? "A model"
        var report = Report(
            title: "\(model): advice", question: "Which single failure is fatal, and what should be changed?",
            answer: [root["answer"]?.text ?? "The result names no answer."])
        if let share = root["survivesAnyMachine"]?.number {
            let placements = isPlaced ? "In the placement that the files give" : "Over all placements of the scheduler"
            report.answer.append(
                "\(placements) the loss of any one machine is survived with a probability of \(Phrase.percent(share)).")
        }
        Envelope(root: root).fill(&report)
        let map = root["placement"].flatMap { PlacementMap(servers: $0).figure }
        report.sections = [
            Report.Section("Where the servers are", [map].compact),
            Report.Section("A machine is lost for good", [.table(safety("machines", "Machine"))]),
            Report.Section("A server is lost for good", [.table(safety("servers", "Server"))]),
            Report.Section("The same faults, simulated", [faultFigure].compact + [.table(faults)]),
        ]
        let proposals = root["proposals"]?.elements ?? []
        report.sections += proposals.map(proposal)
        return report
    }

    /// The files say where the pods are, so that nothing is drawn.
    private var isPlaced: Bool { root[path: "placement.known"]?.boolean == true }

    private func safety(_ list: String, _ noun: String) -> Report.Table {
        let rows = (root[list]?.elements ?? []).map { row -> [String] in
            func percent(_ name: String) -> String {
                row[path: "probabilities.\(name)"]?.number.map(Phrase.percent) ?? "-"
            }
            return [
                row["name"]?.text ?? "?", names(row["mastersLost"]),
                "\(row["votersLeft"]?.scalar ?? "?") of \(row["quorum"]?.scalar ?? "?") needed",
                names(row["shardsWithoutCopy"]), row["recovers"]?.boolean == true ? "yes" : "never by itself",
                percent("recovers"), percent("recoversAfterFailover"), names(row["fatalAfterPromotionOf"]),
            ]
        }
        return Report.Table(
            header: [
                noun, "masters lost", "voters left", "shards without a copy", "recovers",
                isPlaced ? "probability" : "over all placements",
                "after the next failover", "fatal once promoted",
            ], rows: rows, left: [0, 1, 2, 3, 4, 7])
    }

    private func names(_ list: ResultValue?) -> String {
        let names = list?.texts ?? []
        return names.isEmpty ? "-" : names.joined(separator: ", ")
    }

    private var faults: Report.Table {
        let rows = (root["faults"]?.elements ?? []).map { fault in
            [
                fault["fault"]?.text ?? "?", Figures.share(fault["recovered"]),
                Figures.estimate(fault["outage"], "p50"), Figures.estimate(fault["outage"], "p99"),
                fault["why"]?.text ?? "",
            ]
        }
        return Report.Table(
            header: ["Fault", "all is well again", "some slot unserved, p50", "p99", "mostly because of"], rows: rows,
            left: [0, 4])
    }

    /// How often each fault ends well.
    private var faultFigure: Report.Figure? {
        let faults = (root["faults"]?.elements ?? []).prefix(16).compactMap { fault -> (String, Chart.Bar)? in
            guard let name = fault["fault"]?.text, let value = fault[path: "recovered.value"]?.number else {
                return nil
            }
            let ends = fault[path: "recovered.interval"]?.interval
            return (
                name,
                Chart.Bar(
                    at: 0, value: value * 100, low: (ends?.low ?? value) * 100, high: (ends?.high ?? value) * 100)
            )
        }
        guard !faults.isEmpty else { return nil }
        return Report.Figure(
            title: "In how many cases all is well again after each fault",
            description: "Simulated, with 95 % intervals; a fault without a bar is never survived.",
            chart: .horizontal(faults.reversed(), axis: Chart.Axis("% of the cases", low: 0, high: 100)),
            numbers: self.faults)
    }

    private func proposal(_ proposal: ResultValue) -> Report.Section {
        let dangerous = proposal["dangerous"]?.texts ?? []
        let rows = (proposal["measures"]?.elements ?? []).map { measure in
            [
                measure["name"]?.text ?? "?", figure(measure, "before"), figure(measure, "after"),
                measure["effect"]?.text.flatMap { $0 == "none" ? nil : $0 } ?? "",
            ]
        }
        let apply = proposal["apply"]?.texts ?? []
        var blocks = [
            Report.Block.paragraph(
                dangerous.isEmpty
                    ? "No machine is fatal then, in any placement."
                    : "Fatal then, in some placement: \(dangerous.joined(separator: ", "))."),
            .table(Report.Table(header: ["Simulated", "before", "after", ""], rows: rows, left: [0, 3])),
        ]
        if !apply.isEmpty { blocks += [.paragraph("To do it:"), .code(apply)] }
        let title = proposal["title"]?.text ?? "A proposal"
        return Report.Section("\(title): \(proposal["verdict"]?.text ?? "not judged")", blocks)
    }

    private func figure(_ measure: ResultValue, _ side: String) -> String {
        guard let value = measure[path: "\(side).value"]?.number else { return "-" }
        let interval = measure[path: "\(side).interval"]?.interval
        let isExact = interval.map { $0.low == $0.high } ?? true
        switch measure["unit"]?.text {
        case "share":
            return Phrase.percent(value) + (isExact ? "" : interval.map { " (\(Figures.percents($0)))" } ?? "")
        case "ms":
            return Figures.duration(value) + (isExact ? "" : interval.map { " (\(Figures.durations($0)))" } ?? "")
        default:
            return Phrase.small(value)
        }
    }

}
