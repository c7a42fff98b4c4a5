import Capacity
import ModelFile
import Statistics
import SystemModel
import Wording

/// A sizing as a page and as a document.
struct CapacityReport {
    let plan: CapacityPlan
    let modelPath: String
    let overrides: [String]
    /// What repeats it, and what it was made of.
    let arguments: [String]
    let inputs: [InputFile]

    var demand: Demand { plan.model.demand }

    /// What the sizing leaves out; part of every report.
    var notModelled: [String] {
        let engine = plan.model.model.engine
        let other = "\(engine.rawValue): the formulas are those of Redis 7.0, from which it differs in memory for a key"
        return (engine == .redis70 ? [] : [other]) + CapacityReport.alwaysLeftOut
    }

    private static let alwaysLeftOut = [
        "contention: pods that share a core, a wire or the kernel's page cache slow each other down",
        "skew within a shard: writes are spread evenly over its keys; hot keys copy fewer pages on write",
        "modules, Lua, Pub/Sub, streams, transactions, client-side caching, TLS",
        "allocator behaviour over months: fragmentation is one number",
        "page cache and kernel socket buffers, which count against a cgroup but can be reclaimed or are small",
        "slot migration, eviction under maxmemory, lazy freeing",
    ]

    /// Guesses first, then what is stated, then what was published.
    var assumptions: [Assumption] {
        let used = ["nfs.", "disk.", "process."].filter {
            $0 == "process." || ($0 == "nfs.") == plan.model.site.onNFS
        }
        let timings = plan.model.model.environment.provenance.filter { line in
            used.contains { line.path.hasPrefix($0) }
                && ["rtt", "commit", "service", "export", "sync", "tickCost", "packetCost"].contains {
                    line.path.hasSuffix($0)
                }
        }
        let all =
            demand.provenance.map { Assumption("demand", $0) } + timings.map { Assumption("environment", $0) }
        return Assumption.Kind.allCases.flatMap { kind in all.filter { $0.kind == kind } }
    }

    var envelope: ResultEnvelope {
        ResultEnvelope(
            "capacity", arguments: arguments, inputs: inputs, settings: overrides, assumptions: assumptions,
            notModelled: notModelled,
            evidence: FormulaCheck.recorded.isEmpty
                ? []
                : [
                    "Formulas of memory, files, the cluster bus and commits were held against "
                        + "\(FormulaCheck.server); their errors stand with them."
                ])
    }

    // MARK: Words

    /// The answer in two sentences.
    var verdict: String {
        guard let first = plan.first else {
            return "Nothing is known to run out: no limit is stated, and there is no load."
        }
        let exceeded = plan.limits.filter { $0.limit.kind == .hard && $0.isExceeded }
        if let worst = exceeded.first {
            let more = exceeded.count > 1 ? ", and \(Phrase.count(exceeded.count - 1, "other limit"))" : ""
            let use = CapacityReport.amount(worst.limit.use, worst.limit.unit)
            let capacity = CapacityReport.amount(worst.limit.capacity, worst.limit.unit)
            return "DOES NOT FIT: the \(worst.limit.subject) needs \(use) of \(capacity)\(more). Beyond it "
                + "\(worst.limit.consequence). It holds \(Phrase.factor(worst.factor)) times \(load)."
        }
        guard let hard = plan.firstHard else { return "FITS. \(agreed(first))" }
        let agreement = first.limit.kind == .agreed ? "\(agreed(first)) " : ""
        return "FITS. \(agreement)The first limit that something enforces is the \(hard.limit.subject), at "
            + "\(Phrase.factor(hard.factor)) times \(load)\(when(hard)); then \(hard.limit.consequence)."
    }

    private func agreed(_ limit: LimitForecast) -> String {
        let use = CapacityReport.amount(limit.limit.use, limit.limit.unit)
        let capacity = CapacityReport.amount(limit.limit.capacity, limit.limit.unit)
        let state =
            limit.isExceeded
            ? "is exceeded already, with \(use) of \(capacity)"
            : "is reached at \(Phrase.factor(limit.factor)) times \(load)\(when(limit))"
        return "First comes what is only agreed: the \(limit.limit.subject) \(state); then "
            + "\(limit.limit.consequence)."
    }

    /// Whether anybody measured the load that is multiplied.
    private var load: String {
        demand.provenance.contains { $0.isGuess } ? "the guessed demand" : "the demand"
    }

    private func when(_ limit: LimitForecast) -> String {
        let text = date(limit)
        return text == "never" ? "" : text == "now" ? ", now" : ", \(text)"
    }

    /// "2027-03-01", "in 4.1 months", "now", "never".
    func date(_ limit: LimitForecast) -> String {
        guard let months = limit.months else { return "never" }
        if months == 0 { return "now" }
        if let asOf = demand.asOf { return "\(asOf.adding(months: months))" }
        return "in \(Digits.shortest(months, 1)) months"
    }

    static func amount(_ value: Double, _ unit: LimitUse.Unit) -> String {
        switch unit {
        case .bytes: Phrase.bytes(value)
        case .bytesPerSecond: Phrase.bytes(value) + "/s"
        case .share: Phrase.use(value)
        case .seconds: Phrase.duration(value * 1e9)
        }
    }
}

extension Assumption {
    /// A setting with where it comes from; named as `--set` names it.
    fileprivate init(_ part: String, _ line: Environment.Provenance) {
        self.init(
            subject: "\(part).\(line.path)", value: line.value, source: line.source, kind: Kind(source: line.source))
    }
}
