import Wording

/// Rolling restarts and drains (`rehearse.maintenance/v1`) as a report.
struct MaintenancePage {
    let result: ResultFile

    private var root: ResultValue { result.root }
    private var works: [ResultValue] { root["works"]?.elements ?? [] }

    var report: Report {
        var report = Report(
            title: "\(root["model"]?.text ?? "A model"): maintenance",
            question: "For how long can't slots be written to during a rolling restart or a drain, with and without "
                + "CLUSTER FAILOVER first, with and without a PodDisruptionBudget?",
            answer: [root["answer"]?.text ?? "The result names no answer."])
        if let best = works.compactMap({ work in MaintenancePage.median(work).map { (work, $0) } })
            .min(by: { $0.1 < $1.1 })
        {
            report.answer.append(
                "Shortest of all: \(name(best.0)), with some slot unserved for "
                    + "\(Figures.estimate(best.0["anySlot"], "p50")) in the median case.")
        }
        Envelope(root: root).fill(&report)
        report.sections = [
            Report.Section(
                "Some slot is without a master", [figure].compact + [.table(table("anySlot"))]),
            Report.Section("The slots that fare worst", [.table(table("worstSlot"))]),
            Report.Section("Each pod's turn", [.paragraph(MaintenancePage.turns), .table(pods)]),
        ]
        return report
    }

    private static let turns =
        "How long some slot is unserved from the moment that a pod is told to stop until the next one is, on average."

    private static func median(_ work: ResultValue) -> Double? { work[path: "anySlot.p50"]?.number }

    /// "rolling restart, CLUSTER FAILOVER first, without a budget".
    private func name(_ work: ResultValue) -> String {
        let failover = work["failoverFirst"]?.boolean == true ? ", CLUSTER FAILOVER first" : ""
        let budget = work["budget"]?.boolean == true ? ", with a budget" : ""
        return "\(work["work"]?.text ?? "?")\(failover)\(budget)"
    }

    private func table(_ slots: String) -> Report.Table {
        let rows = works.map { work -> [String] in
            [
                work["work"]?.text ?? "?", work["failoverFirst"]?.scalar ?? "-", work["budget"]?.scalar ?? "-",
                Figures.estimate(work[slots], "p50"), Figures.estimate(work[slots], "p90"),
                Figures.estimate(work[slots], "p99"), Figures.share(work["recovered"]),
            ]
        }
        return Report.Table(
            header: ["Work", "failover first", "budget", "p50 (95 %)", "p90", "p99", "all is well again"], rows: rows,
            left: [0, 1, 2])
    }

    private var pods: Report.Table {
        var names: [String] = []
        for pod in works.flatMap({ $0["pods"]?.elements ?? [] }).compactMap({ $0["pod"]?.text })
        where !names.contains(pod) {
            names.append(pod)
        }
        let rows = works.map { work -> [String] in
            let pods = work["pods"]?.elements ?? []
            return [name(work)]
                + names.map { name in
                    let pod = pods.first { $0["pod"]?.text == name }
                    return pod?[path: "unserved.value"]?.number.map { Figures.duration(max(0, $0)) } ?? "-"
                }
        }
        return Report.Table(header: ["Work"] + names, rows: rows)
    }

    private var medians: Report.Table {
        Report.Table(
            header: ["Work", "some slot unserved, p50 (95 %)"],
            rows: works.map { [name($0), Figures.estimate($0["anySlot"], "p50")] })
    }

    private var figure: Report.Figure? {
        let known = works.compactMap { work -> (String, Chart.Bar)? in
            guard let median = MaintenancePage.median(work) else { return nil }
            let ends = work[path: "anySlot.intervals.p50"]?.interval
            return (
                name(work),
                Chart.Bar(
                    at: 0, value: median / 1e3, low: (ends?.low ?? median) / 1e3, high: (ends?.high ?? median) / 1e3)
            )
        }
        guard !known.isEmpty else { return nil }
        return Report.Figure(
            title: "How long some slot is without a master that takes writes",
            description: "The median of each way to do the work, with its 95 % interval.",
            chart: .horizontal(Array(known.reversed()), axis: Chart.Axis("s", low: 0)), numbers: medians)
    }
}
