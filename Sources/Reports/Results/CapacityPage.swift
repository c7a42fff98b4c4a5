import Wording

/// A sizing (`rehearse.capacity/v1`) as a report.
struct CapacityPage {
    let result: ResultFile

    private var root: ResultValue { result.root }
    private var limits: [ResultValue] { root["limits"]?.elements ?? [] }
    private var servers: [ResultValue] { root["servers"]?.elements ?? [] }

    var report: Report {
        var report = Report(
            title: "\(root["model"]?.text ?? "A model"): capacity",
            question: "Does the demand fit, which limit comes first, and when?",
            answer: [root["verdict"]?.text ?? "The result names no verdict."])
        Envelope(root: root).fill(&report)
        let figures = CapacityFigures(root: root)
        report.sections = [
            Report.Section("The limits, the nearest first", [figures.headroom].compact + [.table(limitTable)]),
            Report.Section("Memory of each server", [figures.memory].compact + [.table(memoryTable)]),
            Report.Section("Files of each server", [figures.files].compact),
            Report.Section("Workers", [.table(workerTable)]),
            Report.Section("How long requests take", PlainPage.blocks(of: root["answers"])),
            Report.Section("How many such pods fit", PlainPage.blocks(of: root["pods"])),
        ]
        let checks = PlainPage.blocks(of: root["checks"])
        if !checks.isEmpty {
            let server = root["checkedAgainst"]?.text.map { ", \($0)" } ?? ""
            report.sections.append(Report.Section("The formulas beside a real server\(server)", checks))
        }
        report.sections.append(Report.Section("The demand", PlainPage.blocks(of: root["demand"])))
        return report
    }

    private var limitTable: Report.Table {
        Report.Table(
            header: ["Limit", "used", "of", "headroom", "reached at", "when", "then"], rows: limits.map(cells),
            left: [0, 6])
    }

    private func cells(of limit: ResultValue) -> [String] {
        let unit = limit["unit"]?.text
        var cells = ["\(limit["name"]?.text ?? "?"), \(limit["subject"]?.text ?? "")"]
        cells += ["use", "capacity"].map { CapacityPage.amount(limit[$0]?.number, unit) }
        cells.append(limit["headroomPercent"]?.number.map { Phrase.use($0 / 100) } ?? "-")
        cells.append("\(Phrase.factor(limit["factor"]?.number ?? .infinity)) times")
        return cells + [when(limit), limit["consequence"]?.text ?? ""]
    }

    private func when(_ limit: ResultValue) -> String {
        guard let months = limit["months"]?.number else { return "never" }
        if months <= 0 { return "now" }
        return limit["date"]?.text ?? "in \(Digits.shortest(months, 1)) months"
    }

    private var memoryTable: Report.Table {
        let rows = servers.flatMap { server in
            (server[path: "memory.states"]?.elements ?? []).map { state in
                [
                    server["name"]?.text ?? "?", state["state"]?.text ?? "?",
                    CapacityPage.amount(state["resident"]?.number, "bytes"),
                    CapacityPage.amount(server[path: "memory.request"]?.number, "bytes"),
                    CapacityPage.amount(server[path: "memory.limit"]?.number, "bytes"),
                ]
            }
        }
        return Report.Table(header: ["Server", "while", "resident", "request", "limit"], rows: rows, left: [0, 1])
    }

    private var workerTable: Report.Table {
        var rows: [[String]] = []
        for worker in root["workers"]?.elements ?? [] {
            for situation in worker["situations"]?.elements ?? [] { rows.append(cells(of: situation, on: worker)) }
        }
        return Report.Table(
            header: [
                "Worker", "situation", "pods", "masters", "memory, steady", "all at their largest", "it has",
                "busy threads", "shards lost",
            ], rows: rows, left: [0, 1])
    }

    private func cells(of situation: ResultValue, on worker: ResultValue) -> [String] {
        func bytes(_ value: ResultValue?) -> String { CapacityPage.amount(value?.number, "bytes") }
        var cells = [worker["name"]?.text ?? "?"]
        cells.append(situation["lost"]?.text.map { "without \($0)" } ?? "all there")
        cells += ["pods", "masters"].map { situation[$0]?.scalar ?? "-" }
        cells += [bytes(situation["steady"]), bytes(situation["largest"]), bytes(worker["memory"])]
        cells.append(situation["threads"]?.number.map(Phrase.use) ?? "-")
        cells.append(situation["shardsLost"]?.scalar ?? "-")
        return cells
    }

    static func amount(_ value: Double?, _ unit: String?) -> String {
        guard let value else { return "-" }
        switch unit {
        case "bytes": return Phrase.bytes(value)
        case "bytesPerSecond": return "\(Phrase.bytes(value))/s"
        case "share": return Phrase.use(value)
        case "seconds": return Figures.duration(value * 1e3)
        default: return Phrase.amount(value)
        }
    }
}

extension PlainPage {
    static func blocks(of value: ResultValue?) -> [Report.Block] { value.map { blocks(of: $0) } ?? [] }
}
