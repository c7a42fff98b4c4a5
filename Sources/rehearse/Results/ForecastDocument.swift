import ClusterModel
import Experiments
import Statistics
import SystemModel

/// The forecast for programs: JSON and YAML, described in models/README.md. Names and units here are a promise.
extension ForecastReport {
    private typealias Entry = (key: String, value: Document)

    func document(withSamples: Bool) -> Document {
        var entries: [Entry] = [
            ("model", .text(model.name)),
            ("scenario", .text(scenario.name)), ("seed", .integer(seed)),
            ("replications", .integer(forecast.replications)), ("engine", .text(model.engine.rawValue)),
            ("question", .text(scenario.question)),
            ("parameters", .object(scenario.parameters.map { (key: $0.name, value: .text($0.value)) })),
            ("set", .texts(overrides)), ("horizon", .milliseconds(scenario.horizon)),
            (
                "probabilities",
                .object([("promoted", share(forecast.promoted)), ("recovered", share(forecast.recovered))])
            ),
            (
                "outage",
                .object([
                    ("anySlot", outage(forecast.anySlotUnserved, \.anySlotUnserved)),
                    ("worstSlot", outage(forecast.worstSlotUnserved, \.worstSlotUnserved)),
                ])
            ),
            ("obstacles", .list(forecast.obstacles.map(obstacle))),
            ("writesLost", spread(forecast.writesLost, scale: 1)), ("elections", spread(forecast.elections, scale: 1)),
            ("falseFailovers", spread(forecast.falseFailovers, scale: 1)),
            ("stalledServers", spread(forecast.stalledServers, scale: 1)),
            ("longestStall", spread(forecast.longestStall, scale: 1e-6)),
            ("milestones", .object(forecast.stages.map { (key: $0.milestone.name, value: stage($0)) })),
            ("cases", cases), ("placement", placement),
        ]
        if let precision { entries.append(("precision", PrecisionReport.document(precision))) }
        if !verdicts.isEmpty { entries.append(("expectations", .list(verdicts.map(VerdictReport.document)))) }
        if let observed { entries.append(("observed", observed.document)) }
        if let sensitivity { entries.append(("sensitivity", sensitivity.document)) }
        let samples = Document.rows(count: table.count) { .object(sample($0)) }
        return envelope.document(entries, last: withSamples ? [("samples", samples)] : [])
    }

    func writeCSV(withSamples: Bool, to stream: ResultStream) {
        let writer = CSVWriter(output: stream)
        if withSamples {
            let milestones = Milestone.allCases
            let header = ["replication"] + milestones.map(\.name) + facts(0).map(\.key)
            writer.write(header: header, rows: table.count) { index in
                let times = milestones.map { table.time(of: $0, in: index).map(Document.milliseconds) ?? .null }
                return [.integer(index)] + times + facts(index).map(\.value)
            }
        } else {
            let names = ["mean", "p50", "p90", "p95", "p99"]
            let header = ["milestone", "count"] + names.flatMap { [$0, "\($0)_low", "\($0)_high"] }
            writer.write(header: header, rows: forecast.stages.count) { index in
                let stage = forecast.stages[index]
                let cells = stage.spread.map { spread in
                    ForecastReport.estimates(of: spread).flatMap { _, estimate in
                        [estimate.value, estimate.interval.low, estimate.interval.high].map(Document.milliseconds)
                    }
                }
                let empty = [Document](repeating: .null, count: names.count * 3)
                return [.text(stage.milestone.name), .integer(stage.count)] + (cells ?? empty)
            }
        }
    }

    // MARK: Parts

    /// One replication: milestones in ms after the fault, absent where they did not happen, and the other facts.
    private func sample(_ index: Int) -> [Entry] {
        var entries: [Entry] = [("replication", .integer(index))]
        for milestone in Milestone.allCases {
            if let time = table.time(of: milestone, in: index) { entries.append((milestone.name, .milliseconds(time))) }
        }
        return entries + facts(index)
    }

    private func facts(_ index: Int) -> [Entry] {
        let row = table[index]
        return [
            ("promotions", .integer(Int(row.promotions))), ("elections", .integer(Int(row.elections))),
            ("recovered", .boolean(row.recovered)), ("anySlotUnserved", .milliseconds(row.anySlotUnserved)),
            ("worstSlotUnserved", .milliseconds(row.worstSlotUnserved)),
            ("writesLost", .number(row.writesLost, decimals: 3)),
            ("stalledServers", .integer(Int(row.stalledServers))), ("longestStall", .milliseconds(row.longestStall)),
            ("obstacle", row.recovered ? .null : .text(row.obstacle.rawValue)),
        ]
    }

    private func share(_ share: Forecast.Share) -> Document {
        .object([
            ("count", .integer(share.count)), ("value", .number(share.value, decimals: 6)),
            ("interval", interval(share.interval, scale: 1, decimals: 6)),
        ])
    }

    private func stage(_ stage: Forecast.Stage) -> Document {
        let count: Entry = ("count", .integer(stage.count))
        guard let found = stage.spread else {
            return .object([count, ("mean", .null), ("p50", .null), ("p90", .null), ("p95", .null), ("p99", .null)])
        }
        guard case .object(let entries) = spread(found, scale: 1e-6) else { return .object([count]) }
        return .object([count] + entries)
    }

    private static func estimates(of spread: Forecast.Spread) -> [(name: String, estimate: Estimate)] {
        [("mean", spread.mean)] + spread.quantiles
    }

    private func spread(_ spread: Forecast.Spread, scale: Double) -> Document {
        estimates(ForecastReport.estimates(of: spread), scale: scale)
    }

    private func outage(_ outage: Forecast.Outage, _ length: (OutcomeTable.Row) -> Int64) -> Document {
        let mean = outage.mean.map { [(name: "mean", estimate: $0)] } ?? []
        guard case .object(let entries) = estimates(mean + outage.quantiles, scale: 1e-6) else { return .null }
        return .object(
            [("unended", .integer(outage.unended))] + entries + [("distribution", distribution(length))])
    }

    private func estimates(_ estimates: [(name: String, estimate: Estimate)], scale: Double) -> Document {
        let values = estimates.map { (key: $0.name, value: Document.number($0.estimate.value * scale, decimals: 3)) }
        let intervals = estimates.map {
            (key: $0.name, value: interval($0.estimate.interval, scale: scale, decimals: 3))
        }
        return .object(values + [(key: "intervals", value: .object(intervals))])
    }

    /// Low and high; null where the sample does not bound that end.
    private func interval(_ interval: Interval, scale: Double, decimals: Int) -> Document {
        .list([.number(interval.low * scale, decimals: decimals), .number(interval.high * scale, decimals: decimals)])
    }

    private func obstacle(_ entry: (obstacle: Outcome.Obstacle, share: Forecast.Share)) -> Document {
        .object([
            ("why", .text(entry.obstacle.rawValue)), ("count", .integer(entry.share.count)),
            ("value", .number(entry.share.value, decimals: 6)),
            ("interval", interval(entry.share.interval, scale: 1, decimals: 6)),
        ])
    }
}
