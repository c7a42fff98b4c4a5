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
            answer: [root["verdict"]?.text ?? "The result names no verdict."] + memoryInWords)
        Envelope(root: root).fill(&report)
        let figures = CapacityFigures(root: root)
        report.sections = [
            Report.Section("The limits, the nearest first", [figures.headroom].compact + [.table(limitTable)]),
            Report.Section("Memory of each server", [figures.memory].compact + [.table(memoryTable)]),
            Report.Section("Files of each server", [figures.files].compact),
            Report.Section("Workers", [.table(workerTable)]),
            Report.Section(
                "How long requests take", [.paragraph("Within the server, without the network."), .table(answerTable)]),
            Report.Section("How many such pods fit", [.table(podTable)]),
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

    /// What to request so that nobody is killed or evicted while a child writes, and what holds even at the worst.
    private var memoryInWords: [String] {
        let states = servers.flatMap { server in
            (server[path: "memory.states"]?.elements ?? []).map { (server, $0, $0["resident"]?.number ?? 0) }
        }
        guard let (server, state, resident) = states.max(by: { $0.2 < $1.2 }) else { return [] }
        let steady = states.filter { $0.1["state"]?.text == "steady" }.map { $0.2 }.max() ?? resident
        let mebibyte = 1_048_576.0
        let request = (resident / mebibyte).rounded(.up)
        let limit = max(request, (2 * steady / mebibyte).rounded(.up))
        let has = [("requests", "request"), ("limits it to", "limit")].map { verb, name in
            server[path: "memory.\(name)"]?.number.map { "\(verb) \(Phrase.bytes($0))" } ?? "sets no \(name)"
        }
        let name = server["name"]?.text ?? "one"
        return [
            "Memory: request at least \(Digits.shortest(request, 0)) MiB for each pod, which \(name) has "
                + "in use at its largest (\(state["state"]?.text ?? "?")); a limit of "
                + "\(Digits.shortest(limit, 0)) MiB holds even if a child's writes copy every page. The manifest "
                + "\(has.joined(separator: " and "))."
        ]
    }

    private var answerTable: Report.Table {
        let names = ["p50", "p90", "p99", "p999"]
        let rows = (root["answers"]?.elements ?? []).map { answer -> [String] in
            let quantiles = names.map { name -> String in
                let quantile = answer[path: "quantiles.\(name)"]
                guard let seconds = quantile?["seconds"]?.number else { return "-" }
                let ends = quantile?["interval"]?.interval.map { ends in
                    (low: ends.low.map { $0 * 1e3 }, high: ends.high.map { $0 * 1e3 })
                }
                return Figures.duration(seconds * 1e3) + (ends.map { " (\(Figures.durations($0)))" } ?? "")
            }
            return [answer["situation"]?.text ?? "?"] + quantiles + [
                answer["failedShare"]?.number.map(Phrase.percent) ?? "-",
                answer["longestFreeze"]?.number.map { Figures.duration($0 * 1e3) } ?? "-",
                answer["commitsPerSecond"]?.number.map(Phrase.amount) ?? "-",
                answer["storageBusy"]?.number.map(Phrase.use) ?? "-",
            ]
        }
        return Report.Table(
            header: ["Situation"] + names.map { $0 == "p999" ? "p99.9" : $0 } + [
                "without an answer in time", "longest freeze for storage", "commits a second", "storage busy",
            ], rows: rows)
    }

    private var podTable: Report.Table {
        let rows = (root["pods"]?.elements ?? []).flatMap { fit -> [[String]] in
            let workers = fit["lost"]?.text.map { "\($0) lost" } ?? "all there"
            return [("with the volumes there are", "asTheyAre"), ("with more such volumes", "withVolumes")].map {
                words, key in
                let (least, most) = (fit[key]?["least"]?.scalar ?? "-", fit[key]?["most"]?.scalar ?? "-")
                return [workers, words, least == most ? least : "\(least) to \(most)", fit[key]?["reason"]?.text ?? ""]
            }
        }
        return Report.Table(header: ["Workers", "", "pods", "the next one"], rows: rows, left: [0, 1, 3])
    }

    private var workerTable: Report.Table {
        var rows: [[String]] = []
        for worker in root["workers"]?.elements ?? [] {
            for situation in worker["situations"]?.elements ?? [] { rows.append(cells(of: situation, on: worker)) }
        }
        return Report.Table(
            header: [
                "Worker", "situation", "pods", "masters (were replicas promoted)", "memory, steady",
                "all at their largest", "it has",
                "busy threads", "shards without a server",
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
