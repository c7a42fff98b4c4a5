import Advice
import ModelFile
import RedisCluster
import Statistics
import SystemModel
import Wording

/// What `tradeoff` says.
struct TradeoffReport {
    let tradeoff: TimeoutTradeoff
    let options: StudyOptions
    let loaded: LoadedModel
    /// Of this command only, as given.
    let arguments: [String]

    var report: StudyReport {
        var notes = [
            "The knee is the point farthest below the chord between the ends, outages and logarithms of false "
                + "failovers scaled to 0 ... 1; under \(TimeoutTradeoff.negligible) a month counts as none.",
            "Rates of disturbances and their lengths: environment.disturbances; rehearse check --verbose lists them.",
        ]
        if loaded.model.environment.load == 0, StandardFaults(loaded.model).hasNFS {
            notes.append("Idle servers don't notice storage that stalls: --set environment.load=60 makes them write.")
        }
        return StudyReport(
            title: options.title("cluster-node-timeout of", loaded), answer: answer, sections: [curve, causes],
            notes: notes + options.guesses(loaded), document: document)
    }

    private func seconds(_ point: TimeoutTradeoff.Point) -> String { Phrase.duration(Double(point.timeout) * 1e6) }

    /// The shortest timeout that a false failover a month is not expected with.
    private var quiet: TimeoutTradeoff.Point? { tradeoff.points.first { $0.falseFailovers.total.value < 1 } }

    private var answer: String {
        let now = Phrase.duration(Double(loaded.model.conf.nodeTimeout) * 1e6)
        guard tradeoff.points.count >= 3 else {
            return "\(Phrase.count(tradeoff.points.count, "timeout")) can't have a knee: ask for three or more with "
                + "--timeouts (the model has \(now))."
        }
        guard let index = tradeoff.knee else {
            return "There is no knee: over these timeouts outage and false failovers don't trade against each other "
                + "(the model has \(now))."
        }
        let point = tradeoff.points[index]
        let rare = quiet.map { " \(seconds($0)) is the shortest with less than one false failover a month." } ?? ""
        return "The knee is at \(seconds(point)): an outage of \(Phrase.duration(point.outage.p50.value)) (p50) for "
            + "\(Phrase.small(point.falseFailovers.total.value)) false failovers a month; the model has \(now).\(rare)"
    }

    private var curve: StudyReport.Section {
        let rows = tradeoff.points.enumerated().map { index, point in
            [
                seconds(point), Phrase.estimate(ofDuration: point.outage.p50),
                Phrase.estimate(ofDuration: point.outage.p99), Phrase.share(point.promoted),
                Phrase.estimate(ofAmount: point.falseFailovers.total), index == tradeoff.knee ? "<- knee" : "",
            ]
        }
        return StudyReport.Section(
            heading: "Outage after the loss of a master, against false failovers",
            header: ["timeout", "outage p50", "outage p99", "promoted", "false failovers a month", ""], rows: rows,
            left: [5])
    }

    private var causes: StudyReport.Section {
        let header = ["timeout"] + Disturbance.allCases.map(\.name)
        let rows = tradeoff.points.map { point in
            [seconds(point)]
                + point.falseFailovers.parts.map { part in
                    Phrase.estimate(ofAmount: TradeoffReport.monthly(part))
                }
        }
        return StudyReport.Section(heading: "False failovers a month, by cause", header: header, rows: rows)
    }

    private static func monthly(_ part: FalseFailovers.Part) -> Estimate {
        let interval = part.probability.interval
        return Estimate(
            value: part.perMonth * part.probability.value,
            interval: Interval(low: part.perMonth * interval.low, high: part.perMonth * interval.high))
    }

    private var document: Document {
        let points = tradeoff.points.map { point in
            Document.object([
                ("timeout", .integer(Int(point.timeout))), ("outage", .durations(point.outage)),
                ("promoted", .share(point.promoted)),
                ("falseFailoversPerMonth", .estimate(point.falseFailovers.total)),
                (
                    "causes",
                    .list(
                        point.falseFailovers.parts.map { part in
                            .object([
                                ("cause", .text(part.disturbance.rawValue)),
                                ("eventsPerMonth", .number(part.perMonth, decimals: 6)),
                                ("probability", .estimate(part.probability, decimals: 9)),
                                ("perMonth", .estimate(TradeoffReport.monthly(part))),
                            ])
                        })
                ),
            ])
        }
        let knee = tradeoff.knee.map { Document.integer(Int(tradeoff.points[$0].timeout)) } ?? .null
        return options.document(
            "tradeoff", loaded, arguments: arguments, answer: answer, isComplete: tradeoff.isComplete,
            [
                ("knee", knee), ("shortestQuiet", quiet.map { .integer(Int($0.timeout)) } ?? .null),
                ("points", .list(points)),
            ])
    }
}
