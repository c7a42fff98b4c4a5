import Wording

/// The charts of a sizing.
struct CapacityFigures {
    let root: ResultValue

    /// More rows would not be read.
    private static let mostRows = 16

    private var servers: [ResultValue] { Array((root["servers"]?.elements ?? []).prefix(CapacityFigures.mostRows)) }

    /// How much of each limit is used today.
    var headroom: Report.Figure? {
        let limits = (root["limits"]?.elements ?? []).prefix(12).compactMap { limit -> (String, Double, Bool)? in
            guard let use = limit["use"]?.number, let capacity = limit["capacity"]?.number, capacity > 0 else {
                return nil
            }
            let subject = limit["subject"]?.text.map { ", \($0)" } ?? ""
            return ((limit["name"]?.text ?? "?") + subject, use / capacity * 100, limit["exceeded"]?.boolean == true)
        }
        guard !limits.isEmpty else { return nil }
        let rows = Array(limits.reversed())
        func boxes(exceeded: Bool) -> [Chart.Box] {
            rows.enumerated().filter { $0.element.2 == exceeded }.map { index, row in
                Chart.Box(x: 0...max(0, row.1), y: (Double(index) + 0.7)...(Double(index) + 1.3))
            }
        }
        return Report.Figure(
            title: "How much of each limit is used today",
            description: "The nearest first. "
                + (limits.first.map { "\($0.0) is at \(Phrase.use($0.1 / 100))." } ?? ""),
            chart: Chart(
                height: 100 + 32 * rows.count, x: Chart.Axis("% of the limit", low: 0),
                y: Chart.Axis(
                    "", low: 0.4, high: Double(rows.count) + 0.6,
                    ticks: rows.enumerated().map { Chart.Tick(Double($0 + 1), $1.0) }),
                marks: [
                    .boxes(boxes(exceeded: false), .first, faint: false, name: "within"),
                    .boxes(boxes(exceeded: true), .alert, faint: false, name: "exceeded"),
                    .verticalRule(100, "", .text),
                ], rightMargin: 0.05),
            numbers: Report.Table(
                header: ["Limit", "used"], rows: limits.map { [$0.0, Phrase.use($0.1 / 100)] }))
    }

    /// Each server in its largest state, part on part, beside its limit.
    var memory: Report.Figure? {
        let stacks = servers.compactMap { server -> Stack? in
            let states = server[path: "memory.states"]?.elements ?? []
            let largest = states.max { ($0["resident"]?.number ?? 0) < ($1["resident"]?.number ?? 0) }
            guard let largest else { return nil }
            let parts = (largest["parts"]?.elements ?? []).compactMap { part in
                part["bytes"]?.number.map { (part["name"]?.text ?? "?", $0) }
            }
            return Stack(
                name: server["name"]?.text ?? "?", parts: parts, limit: server[path: "memory.limit"]?.number)
        }
        return stacked(
            stacks, title: "Memory of each server at its largest",
            description: "Resident memory in the state that needs most, part on part; the mark is the pod's limit.",
            legend: "the limit")
    }

    /// What lies on each volume at its peak.
    var files: Report.Figure? {
        let stacks = servers.compactMap { server -> Stack? in
            guard let files = server["files"] else { return nil }
            let parts = [
                ("snapshot", "snapshot"), ("append-only files", "largestAppendOnly"), ("an older snapshot", "kept"),
            ].compactMap { name, key in files[key]?.number.map { (name, $0) } }
            let sum = parts.reduce(0) { $0 + $1.1 }
            let peak = max(files["rewritePeak"]?.number ?? 0, files["snapshotPeak"]?.number ?? 0)
            return Stack(
                name: server["name"]?.text ?? "?",
                parts: parts + (peak > sum ? [("while one is being written", peak - sum)] : []),
                limit: files["volume"]?.number)
        }
        return stacked(
            stacks, title: "Files of each server at their peak",
            description: "What lies on each volume at most, part on part; the mark is the volume's size.",
            legend: "the volume")
    }

    private struct Stack {
        var name: String
        var parts: [(name: String, bytes: Double)]
        var limit: Double?
    }

    private func stacked(_ stacks: [Stack], title: String, description: String, legend: String) -> Report.Figure? {
        guard stacks.contains(where: { $0.parts.contains { $0.bytes > 0 } }) else { return nil }
        let rows = Array(stacks.reversed())
        var names: [String] = []
        for name in stacks.flatMap(\.parts).map(\.name) where !names.contains(name) { names.append(name) }
        var boxes = [[Chart.Box]](repeating: [], count: names.count)
        var limits: [Chart.Box] = []
        let mebibyte = 0x1p20
        for (index, stack) in rows.enumerated() {
            var start = 0.0
            let y = (Double(index) + 0.68)...(Double(index) + 1.32)
            for part in stack.parts where part.bytes > 0 {
                let end = start + part.bytes / mebibyte
                if let series = names.firstIndex(of: part.name) {
                    boxes[series].append(Chart.Box(x: start...max(start, end), y: y))
                }
                start = end
            }
            if let limit = stack.limit, limit > 0 {
                let width = limit / mebibyte
                limits.append(Chart.Box(x: width...(width * 1.004), y: (y.lowerBound - 0.1)...(y.upperBound + 0.1)))
            }
        }
        var marks = names.indices.map { Chart.Mark.boxes(boxes[$0], .series($0), faint: $0 >= 6, name: names[$0]) }
        marks.append(.boxes(limits, .alert, faint: false, name: legend))
        return Report.Figure(
            title: title, description: description,
            chart: Chart(
                height: 150 + 34 * rows.count, x: Chart.Axis("MiB", low: 0),
                y: Chart.Axis(
                    "", low: 0.4, high: Double(rows.count) + 0.6,
                    ticks: rows.enumerated().map { Chart.Tick(Double($0 + 1), $1.name) }),
                marks: marks, rightMargin: 0.05),
            numbers: Report.Table(
                header: ["Server", "Part", "size"],
                rows: stacks.flatMap { stack in
                    stack.parts.map { [stack.name, $0.name, CapacityPage.amount($0.bytes, "bytes")] }
                        + (stack.limit.map { [[stack.name, legend, CapacityPage.amount($0, "bytes")]] } ?? [])
                }, left: [0, 1]))
    }
}
