import Advice
import ModelFile
import Statistics
import Wording

/// What `losses` says.
struct LossesReport {
    let study: WriteLossStudy
    let options: StudyOptions
    let loaded: LoadedModel
    /// Of this command only, as given.
    let arguments: [String]

    var report: StudyReport {
        StudyReport(
            title: options.title("Acknowledged writes of", loaded), answer: answer, sections: [table],
            notes: [
                "Load: \(Phrase.amount(study.load)) writes per second and master. WAIT 1 adds "
                    + "\(Phrase.duration(study.waitLatency.p50)) (p50) to "
                    + "\(Phrase.duration(study.waitLatency.p99)) (p99) to each write while all is well.",
                "Unavailable: some slot's writes are refused, or under WAIT not confirmed. Under WAIT only writes for "
                    + "which it had returned 1 count as acknowledged.",
            ] + options.guesses(loaded), document: document)
    }

    private var answer: String {
        let plain = study.rows.filter { $0.protection == .none }
        guard let worst = plain.max(by: { $0.lost.value < $1.lost.value }) else { return "Nothing is known yet." }
        guard worst.lost.value > 0 else { return "None of these faults costs an acknowledged write." }
        func with(_ protection: WriteLossStudy.Protection) -> String {
            let row = study.rows.first { $0.fault == worst.fault && $0.protection == protection }
            return row.map { Phrase.small($0.lost.value) } ?? "unknown"
        }
        return "The costliest fault, \(worst.fault), loses \(Phrase.small(worst.lost.value)) acknowledged writes on "
            + "average; with min-replicas-to-write 1 \(with(.minReplicas)), "
            + "with its max-lag at 2 s \(with(.minReplicasSoon)), with WAIT 1 \(with(.wait))."
    }

    private var table: StudyReport.Section {
        let rows = study.rows.map { row in
            [
                row.fault, row.protection.name, Phrase.estimate(ofAmount: row.lost), Phrase.small(row.lostP99.value),
                Phrase.share(row.anyLost), Phrase.estimate(ofDuration: row.unavailable.p50),
                Phrase.duration(row.unavailable.p99.value),
            ]
        }
        return StudyReport.Section(
            heading: "Acknowledged and gone",
            header: ["fault", "protection", "lost, mean", "p99", "any lost", "unavailable, p50", "p99"], rows: rows,
            left: [1])
    }

    private var document: Document {
        let rows = study.rows.map { row in
            Document.object([
                ("fault", .text(row.fault)), ("protection", .text(row.protection.rawValue)),
                (
                    "lost",
                    .object([
                        ("mean", .estimate(row.lost, decimals: 3)), ("p99", .estimate(row.lostP99, decimals: 3)),
                    ])
                ),
                ("anyLost", .share(row.anyLost)), ("unavailable", .durations(row.unavailable)),
            ])
        }
        return options.document(
            "losses", loaded, arguments: arguments, answer: answer, isComplete: study.isComplete,
            [
                ("load", .number(study.load, decimals: 3)),
                (
                    "waitLatency",
                    .object([
                        ("p50", .milliseconds(study.waitLatency.p50)), ("p99", .milliseconds(study.waitLatency.p99)),
                    ])
                ),
                ("rows", .list(rows)),
            ])
    }
}
