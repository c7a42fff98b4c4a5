import Advice
import ModelFile
import Statistics
import Wording

/// What `maintenance` says.
struct MaintenanceReport {
    let study: MaintenanceStudy
    let options: StudyOptions
    let loaded: LoadedModel

    var report: StudyReport {
        StudyReport(
            title: options.title("Maintenance of", loaded), answer: answer, sections: [totals, pods],
            notes: [
                "Failover first: a preStop hook sends CLUSTER FAILOVER to a replica in sync and waits until it has "
                    + "taken over. Budget: a PodDisruptionBudget of maxUnavailable 1; a rolling restart asks none.",
                "A pod's figure is the mean time for which slots that it was the last to serve were served by nobody.",
            ] + options.guesses(loaded), document: document)
    }

    private var answer: String {
        guard let plain = study.rows.first(where: { $0.work.work == .rollingRestart && !$0.work.failoverFirst }) else {
            return "Nothing is known yet."
        }
        let kind = study.rows.first { $0.work.work == .rollingRestart && $0.work.failoverFirst }
        let better = kind.map { " with CLUSTER FAILOVER first it is \(Phrase.duration($0.anySlot.p50.value))." } ?? ""
        let drains = study.rows.filter { $0.work.work != .rollingRestart }
        let worst = drains.max { ($0.anySlot.p50.value) < ($1.anySlot.p50.value) }
        let drain = worst.map { row in
            " The worst drain, \(words(row.work)), takes slots away for \(Phrase.duration(row.anySlot.p50.value))."
        }
        return "A rolling restart leaves some slot unserved for \(Phrase.duration(plain.anySlot.p50.value)) (p50);"
            + better + (drain ?? "")
    }

    private func words(_ work: MaintenanceStudy.Case) -> String {
        var text = work.work.name
        if work.failoverFirst { text += ", failover first" }
        if work.work != .rollingRestart { text += work.hasBudget ? ", budget" : ", no budget" }
        return text
    }

    private var totals: StudyReport.Section {
        let rows = study.rows.map { row in
            [
                words(row.work), Phrase.estimate(ofDuration: row.anySlot.p50),
                Phrase.estimate(ofDuration: row.anySlot.p99), Phrase.estimate(ofDuration: row.worstSlot.p50),
                Phrase.estimate(ofDuration: row.worstSlot.p99), Phrase.share(row.recovered),
            ]
        }
        return StudyReport.Section(
            heading: "Slots without a master that takes writes",
            header: ["work", "some slot, p50", "p99", "worst shard, p50", "p99", "all well after"], rows: rows)
    }

    private var pods: StudyReport.Section {
        let rows = study.rows.map { row in
            [words(row.work)] + row.byPod.map { Phrase.duration(max(0, $0.value)) }
        }
        return StudyReport.Section(heading: "By pod, mean", header: ["work"] + study.pods, rows: rows)
    }

    private var document: Document {
        let rows = study.rows.map { row in
            let pods = zip(study.pods, row.byPod).map { name, estimate in
                Document.object([
                    ("pod", .text(name)), ("unserved", .estimate(estimate, scale: 1e-6, decimals: 3)),
                ])
            }
            return Document.object([
                ("work", .text(row.work.work.name)), ("failoverFirst", .boolean(row.work.failoverFirst)),
                ("budget", .boolean(row.work.hasBudget)), ("anySlot", .durations(row.anySlot)),
                ("worstSlot", .durations(row.worstSlot)), ("recovered", .share(row.recovered)), ("pods", .list(pods)),
            ])
        }
        return options.document(
            "maintenance", loaded, answer: answer, isComplete: study.isComplete, [("works", .list(rows))])
    }
}
