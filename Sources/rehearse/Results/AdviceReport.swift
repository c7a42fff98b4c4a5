import Advice
import ModelFile
import Statistics
import SystemModel
import Wording

/// What `advise` says.
struct AdviceReport {
    let model: SystemModel
    let study: AdviceStudy
    let options: StudyOptions
    let loaded: LoadedModel

    private var faults: StandardFaults { StandardFaults(model) }
    private var table: SafetyTable { study.table }

    var report: StudyReport {
        let helpful = study.proposals.filter { $0.verdict == .helps || $0.verdict == .costs }
        let rejected = study.proposals.filter { $0.verdict == .useless || $0.verdict == .harms }
        var sections = [machines, servers, simulated]
        sections += helpful.enumerated().map { proposal($0.element, number: $0.offset + 1) }
        if !rejected.isEmpty { sections.append(dismissed(rejected)) }
        return StudyReport(
            title: options.title("Advice for", loaded), answer: answer, sections: sections,
            notes: options.guesses(loaded), document: document)
    }

    // MARK: The answer

    private var answer: String {
        let dangerous = table.dangerous
        let best = study.proposals.first { $0.verdict == .helps || $0.verdict == .costs }
        let advice = best.map { " First: \(lowered($0.proposal.title))." } ?? ""
        guard let worst = dangerous.first else {
            let whose = table.situations.isKnown ? "" : " in the likeliest placement"
            return "The loss of any one machine is survived\(whose) "
                + "(\(Phrase.percent(table.survivesAnyMachine)) over all placements).\(advice)"
        }
        let others = dangerous.dropFirst().map(\.name)
        let verb = others.count == 1 ? "is" : "are"
        let more = others.isEmpty ? "" : "; \(others.joined(separator: ", ")) \(verb) fatal too"
        return "\(worst.name) is the dangerous machine: \(why(worst.verdict))\(more).\(advice)"
    }

    private func lowered(_ title: String) -> String {
        let isName = title.contains("-") && title.first?.isLowercase == true
        return isName ? title : title.prefix(1).lowercased() + title.dropFirst()
    }

    private func why(_ verdict: Situation.Verdict) -> String {
        var reasons: [String] = []
        if !verdict.hasMajority {
            let total = verdict.votersLeft + verdict.mastersLost.count
            reasons.append("with it go \(verdict.mastersLost.count) of \(total) masters, so nothing is promoted")
        }
        if !verdict.shardsWithoutCopy.isEmpty {
            reasons.append("\(shards(verdict)) have no copy left")
        }
        return reasons.isEmpty ? "nothing is lost" : reasons.joined(separator: ", and ")
    }

    private func shards(_ verdict: Situation.Verdict) -> String {
        let shards = table.situations.likeliest.shards
        let names = verdict.shardsWithoutCopy.map { "the slots of \(faults.name(of: shards[$0][0]))" }
        return names.joined(separator: " and ")
    }

    // MARK: Tables

    private var machines: StudyReport.Section {
        let known = table.situations.isKnown
        let header =
            ["machine lost", "masters lost", "majority", "shards without a copy", "recovers"]
            + (known ? [] : ["over all placements"]) + ["after the next failover"]
        let rows = table.machines.map { row in
            [row.name, names(row.mastersLost), majority(row.verdict), uncovered(row.verdict), recovers(row.verdict)]
                + (known ? [] : [Phrase.percent(row.recovers)]) + [afterFailover(row)]
        }
        let text =
            known
            ? "Where the pods or processes are is known. By the rules of the protocol:"
            : "The scheduler places the pods; shown is the likeliest placement, "
                + "\(Phrase.percent(table.situations.all[0].probability)) likely"
                + (table.situations.trials.map { " (of \($0) drawn)" } ?? "") + ":"
        return StudyReport.Section(
            heading: "A machine is lost for good", text: [text], header: header, rows: rows,
            left: Set(0..<header.count))
    }

    private var servers: StudyReport.Section {
        let rows = table.servers.map { row in
            [row.name, names(row.mastersLost), majority(row.verdict), uncovered(row.verdict), recovers(row.verdict)]
        }
        return StudyReport.Section(
            heading: faults.isKubernetes ? "A pod is lost for good" : "A process is lost for good",
            header: [
                faults.isKubernetes ? "pod" : "process", "masters lost", "majority", "shards without a copy",
                "recovers",
            ], rows: rows, left: [1, 2, 3, 4])
    }

    private func names(_ servers: [Int]) -> String {
        servers.isEmpty ? "-" : servers.map(faults.name(of:)).joined(separator: ", ")
    }

    private func majority(_ verdict: Situation.Verdict) -> String {
        "\(verdict.votersLeft) left, \(verdict.quorum) needed: \(verdict.hasMajority ? "yes" : "no")"
    }

    private func uncovered(_ verdict: Situation.Verdict) -> String {
        verdict.shardsWithoutCopy.isEmpty
            ? "-"
            : names(
                verdict.shardsWithoutCopy.map { table.situations.likeliest.shards[$0][0] })
    }

    private func recovers(_ verdict: Situation.Verdict) -> String { verdict.recovers ? "yes" : "never by itself" }

    private func afterFailover(_ row: SafetyTable.Row) -> String {
        let share = "survived in \(Phrase.percent(row.recoversAfterFailover))"
        let all = table.situations.likeliest.replicas
        guard !row.fatalAfter.isEmpty, row.fatalAfter.count < all.count else { return share }
        return "\(share); fatal once \(names(row.fatalAfter)) \(row.fatalAfter.count == 1 ? "is" : "are") promoted"
    }

    private var simulated: StudyReport.Section {
        let rows = study.trials.map { trial in
            [
                trial.fault, Phrase.share(trial.recovered), Phrase.estimate(ofDuration: trial.outage.p50),
                Phrase.estimate(ofDuration: trial.outage.p99), trial.obstacle ?? "",
            ]
        }
        return StudyReport.Section(
            heading: "The same faults, simulated",
            header: ["fault", "all is well again", "some slot unserved, p50", "p99", "mostly because of"], rows: rows,
            left: [4])
    }

    private func proposal(_ judged: JudgedProposal, number: Int) -> StudyReport.Section {
        let left =
            judged.dangerous.isEmpty
            ? "No machine is fatal then." : "Fatal then: \(judged.dangerous.joined(separator: ", "))."
        return StudyReport.Section(
            heading: "\(number). \(judged.proposal.title): it \(judged.verdict.rawValue)", text: [left],
            header: ["simulated", "before", "after", ""], rows: judged.measures.map(cells), left: [3],
            code: judged.proposal.apply)
    }

    private func dismissed(_ proposals: [JudgedProposal]) -> StudyReport.Section {
        let rows = proposals.map { judged in
            let worse = judged.measures.filter { $0.effect == .worse }.map { measure in
                "\(measure.name): \(figure(measure, measure.before)) before, \(figure(measure, measure.after)) after"
            }
            return [judged.proposal.title, judged.verdict.rawValue, worse.joined(separator: "; ")]
        }
        return StudyReport.Section(
            heading: "Simulated too, and not advised", header: ["proposal", "it", "because of"], rows: rows,
            left: [1, 2])
    }

    private func cells(_ measure: Measure) -> [String] {
        [
            measure.name, figure(measure, measure.before), figure(measure, measure.after),
            measure.effect == .none ? "" : measure.effect.rawValue,
        ]
    }

    private func figure(_ measure: Measure, _ estimate: Estimate) -> String {
        switch measure.unit {
        case .duration: return Phrase.estimate(ofDuration: estimate)
        case .amount: return Phrase.estimate(ofAmount: estimate)
        case .share:
            let isExact = estimate.interval.low == estimate.interval.high
            return Phrase.percent(estimate.value) + (isExact ? "" : " (\(Phrase.percentInterval(estimate.interval)))")
        }
    }
}

/// The same for programs; described in models/README.md.
extension AdviceReport {
    private typealias Entry = (key: String, value: Document)

    fileprivate var document: Document {
        options.document(
            "advise", loaded, answer: answer, isComplete: study.isComplete,
            [
                ("dangerous", .texts(table.dangerous.map(\.name))),
                ("survivesAnyMachine", .number(table.survivesAnyMachine, decimals: 6)),
                ("placement", placement), ("machines", .list(table.machines.map(safety))),
                ("servers", .list(table.servers.map(safety))), ("faults", .list(study.trials.map(trial))),
                ("proposals", .list(study.proposals.map(proposal))),
            ])
    }

    private var placement: Document {
        let situation = table.situations.likeliest
        let servers = situation.machines.indices.map { server in
            Document.object([
                ("server", .text(faults.name(of: server))),
                ("machine", situation.machines[server].map { .text($0) } ?? .null),
                ("master", .boolean(situation.masters.contains(server))),
                ("shard", .integer(situation.shards.firstIndex { $0.contains(server) } ?? -1)),
            ])
        }
        return .object([
            ("known", .boolean(table.situations.isKnown)),
            ("probability", .number(table.situations.all[0].probability, decimals: 6)),
            ("trials", table.situations.trials.map { .integer($0) } ?? .null), ("servers", .list(servers)),
        ])
    }

    private func texts(_ servers: [Int]) -> Document { .texts(servers.map(faults.name(of:))) }

    private func safety(_ row: SafetyTable.Row) -> Document {
        let shards = table.situations.likeliest.shards
        return .object([
            ("name", .text(row.name)), ("mastersLost", texts(row.mastersLost)),
            ("votersLeft", .integer(row.verdict.votersLeft)), ("quorum", .integer(row.verdict.quorum)),
            ("shardsWithoutCopy", texts(row.verdict.shardsWithoutCopy.map { shards[$0][0] })),
            ("recovers", .boolean(row.verdict.recovers)),
            (
                "probabilities",
                .object([
                    ("losesMajority", .number(row.losesMajority, decimals: 6)),
                    ("losesShard", .number(row.losesShard, decimals: 6)),
                    ("recovers", .number(row.recovers, decimals: 6)),
                    ("recoversAfterFailover", .number(row.recoversAfterFailover, decimals: 6)),
                ])
            ),
            ("fatalAfterPromotionOf", texts(row.fatalAfter)),
        ])
    }

    private func trial(_ trial: AdviceStudy.Trial) -> Document {
        .object([
            ("fault", .text(trial.fault)), ("recovered", .share(trial.recovered)),
            ("outage", .durations(trial.outage)), ("why", trial.obstacle.map { .text($0) } ?? .null),
        ])
    }

    private func proposal(_ judged: JudgedProposal) -> Document {
        .object([
            ("kind", .text(judged.proposal.kind.rawValue)), ("title", .text(judged.proposal.title)),
            ("verdict", .text(judged.verdict.rawValue)), ("dangerous", .texts(judged.dangerous)),
            ("apply", .texts(judged.proposal.apply)), ("measures", .list(judged.measures.map(measure))),
        ])
    }

    private func measure(_ measure: Measure) -> Document {
        let scale = measure.unit == .duration ? 1e-6 : 1
        return .object([
            ("name", .text(measure.name)), ("unit", .text(measure.unit == .duration ? "ms" : measure.unit.rawValue)),
            ("effect", .text(measure.effect.rawValue)), ("before", .estimate(measure.before, scale: scale)),
            ("after", .estimate(measure.after, scale: scale)),
        ])
    }
}
