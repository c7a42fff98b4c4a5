import Advice
import ModelFile
import RedisCluster
import Statistics
import SystemModel
import Wording

/// What `restart` says.
struct RestartReport {
    let race: RestartRace
    let options: StudyOptions
    let loaded: LoadedModel
    /// Of this command only, as given.
    let arguments: [String]

    var report: StudyReport {
        var sections = race.curves.map(section)
        if let own = race.asModelled {
            sections.append(
                StudyReport.Section(
                    heading: "A master's pod is deleted, with the environment's own durations",
                    header: ["promoted", "some slot unserved, p50", "p99"],
                    rows: [
                        [
                            Phrase.share(own.promoted), Phrase.estimate(ofDuration: own.outage.p50),
                            Phrase.estimate(ofDuration: own.outage.p99),
                        ]
                    ], left: [1, 2]))
        }
        return StudyReport(
            title: options.title("Restarts of", loaded), answer: answer, sections: sections,
            notes: ["Away is the time from the server's end to its successor's start, loading not counted."]
                + options.guesses(loaded), document: document)
    }

    private func words(_ how: RestartRace.Return) -> String {
        switch how {
        case .sameAddress: "at its old address"
        case .newAddress: "at a new address"
        }
    }

    private var answer: String {
        // One time, as after Ctrl-C, says nothing of all of them.
        let parts = race.curves.filter { $0.points.count > 1 }.map { curve in
            guard let crossing = curve.crossing else {
                let isAlways = curve.points.first.map { $0.promoted.value >= 0.5 } ?? false
                let verdict = isAlways ? "likelier than not" : "unlikely"
                return "\(words(curve.how)) a promotion is \(verdict) at all of these times"
            }
            let from = Phrase.estimate(ofDuration: crossing)
            return "\(words(curve.how)) a promotion is likelier than not from \(from) on"
        }
        let timeout = Phrase.duration(Double(loaded.model.conf.nodeTimeout) * 1e6)
        guard !parts.isEmpty else { return "Nothing is known yet." }
        return "For a master that comes back (node timeout \(timeout)): \(parts.joined(separator: "; "))."
    }

    private func section(_ curve: RestartRace.Curve) -> StudyReport.Section {
        let rows = curve.points.map { point in
            [
                Phrase.duration(Double(point.away)), Phrase.share(point.promoted),
                Phrase.estimate(ofDuration: point.outage.p50), Phrase.estimate(ofDuration: point.outage.p99),
            ]
        }
        return StudyReport.Section(
            heading: "The master comes back \(words(curve.how))",
            header: ["away", "promoted", "some slot unserved, p50", "p99"], rows: rows)
    }

    private var document: Document {
        let curves = race.curves.map { curve in
            Document.object([
                ("returns", .text(curve.how.rawValue)),
                ("crossing", curve.crossing.map { .estimate($0, scale: 1e-6, decimals: 3) } ?? .null),
                (
                    "points",
                    .list(
                        curve.points.map { point in
                            .object([
                                ("away", .milliseconds(point.away)), ("promoted", .share(point.promoted)),
                                ("outage", .durations(point.outage)),
                            ])
                        })
                ),
            ])
        }
        let own = race.asModelled.map {
            Document.object([("promoted", .share($0.promoted)), ("outage", .durations($0.outage))])
        }
        return options.document(
            "restart", loaded, arguments: arguments, answer: answer, isComplete: race.isComplete,
            [("curves", .list(curves)), ("asModelled", own ?? .null)])
    }
}
