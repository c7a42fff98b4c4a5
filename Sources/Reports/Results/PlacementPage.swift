import Wording

/// Where the scheduler puts the pods (`rehearse.place/v1`) as a report.
struct PlacementPage {
    let result: ResultFile

    private var root: ResultValue { result.root }

    private static let words = [
        ("masterBesideOwnReplica", "A master shares a worker with its only replicas"),
        ("majorityOnOneNode", "One worker holds a majority of the masters"),
        ("somePodPending", "Some pod fits nowhere and stays Pending"),
    ]

    var report: Report {
        let together = root[path: "probabilities.masterBesideOwnReplica"]
        let majority = root[path: "probabilities.majorityOnOneNode"]
        var report = Report(
            title: "\(root["model"]?.text ?? "A model"): placement",
            question: "Will a master and its replica land on the same worker, if the pods are created anew?",
            answer: [
                "With a probability of \(Figures.share(together)) some master shares a worker with its own replica; "
                    + "one worker holds a majority of the masters with \(Figures.share(majority))."
            ])
        Envelope(root: root).fill(&report)
        report.sections = [Report.Section("Probabilities", [.table(probabilities)])]
        if let placements = root["placements"]?.elements, !placements.isEmpty {
            report.sections.append(Report.Section("The placements", [.table(table(placements))]))
        }
        return report
    }

    private var probabilities: Report.Table {
        let rows = (root["probabilities"]?.members ?? []).map { name, share -> [String] in
            let known = PlacementPage.words.first { $0.0 == name }?.1
            return [known ?? "Masters over workers: \(name)", Figures.share(share)]
        }
        return Report.Table(header: ["", "probability (95 %)"], rows: rows)
    }

    private func table(_ placements: [ResultValue]) -> Report.Table {
        let pods = placements.map { $0["nodes"]?.texts.count ?? 0 }.max() ?? 0
        let set = root["statefulSet"]?.text ?? "pod"
        let rows = placements.map { placement -> [String] in
            let nodes = placement["nodes"]?.texts ?? []
            return nodes + Array(repeating: "-", count: pods - nodes.count) + [Figures.share(placement["probability"])]
        }
        return Report.Table(
            header: (0..<pods).map { "\(set)-\($0)" } + ["probability (95 %)"], rows: rows, left: Set(0..<pods))
    }
}
