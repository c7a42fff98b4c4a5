/// A sizing (`rehearse.capacity/v1`) as a report.
struct CapacityReport {
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
            Report.Section("How long requests take", PlainReport.blocks(of: root["answers"])),
            Report.Section("How many such pods fit", PlainReport.blocks(of: root["pods"])),
            Report.Section(
                "The formulas beside a real server\(root["checkedAgainst"]?.text.map { ", \($0)" } ?? "")",
                PlainReport.blocks(of: root["checks"])),
            Report.Section("The demand", PlainReport.blocks(of: root["demand"])),
        ]
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
        cells += ["use", "capacity"].map { CapacityReport.amount(limit[$0]?.number, unit) }
        cells.append(limit["headroomPercent"]?.number.map { "\(Quantity.plain($0)) %" } ?? "-")
        cells.append(limit["factor"]?.number.map { "\(Quantity.plain($0)) times" } ?? "-")
        let months = limit["months"]?.number.map { "in \(Quantity.plain($0)) months" }
        cells.append(limit["date"]?.text ?? months ?? "-")
        return cells + [limit["consequence"]?.text ?? ""]
    }

    private var memoryTable: Report.Table {
        let rows = servers.flatMap { server in
            (server[path: "memory.states"]?.elements ?? []).map { state in
                [
                    server["name"]?.text ?? "?", state["state"]?.text ?? "?",
                    CapacityReport.amount(state["resident"]?.number, "bytes"),
                    CapacityReport.amount(server[path: "memory.request"]?.number, "bytes"),
                    CapacityReport.amount(server[path: "memory.limit"]?.number, "bytes"),
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
        func bytes(_ value: ResultValue?) -> String { CapacityReport.amount(value?.number, "bytes") }
        var cells = [worker["name"]?.text ?? "?"]
        cells.append(situation["lost"]?.text.map { "without \($0)" } ?? "all there")
        cells += ["pods", "masters"].map { situation[$0]?.scalar ?? "-" }
        cells += [bytes(situation["steady"]), bytes(situation["largest"]), bytes(worker["memory"])]
        cells.append(situation["threads"]?.number.map(Quantity.plain) ?? "-")
        cells.append(situation["shardsLost"]?.scalar ?? "-")
        return cells
    }

    static func amount(_ value: Double?, _ unit: String?) -> String {
        guard let value else { return "-" }
        switch unit {
        case "bytes": return bytes(value)
        case "bytesPerSecond": return "\(bytes(value))/s"
        case "share": return Quantity.percent(value)
        case "seconds": return Quantity.duration(value * 1e3)
        default: return Quantity.plain(value)
        }
    }

    private static func bytes(_ value: Double) -> String {
        for (unit, size) in [("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10)] where value.magnitude >= size {
            return "\(Quantity.plain(value / size)) \(unit)"
        }
        return "\(Quantity.plain(value)) B"
    }
}

extension PlainReport {
    static func blocks(of value: ResultValue?) -> [Report.Block] { value.map { blocks(of: $0) } ?? [] }
}
