import Capacity
import Statistics
import SystemModel

/// A sizing as a page and as a document.
struct CapacityReport {
    let plan: CapacityPlan
    let modelPath: String
    let overrides: [String]
    /// What repeats it, and what it was made of.
    let command: String
    let inputs: InputFiles

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
    var assumptions: [Environment.Provenance] {
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
            demand.provenance
            + timings.map {
                Environment.Provenance(path: "environment.\($0.path)", value: $0.value, source: $0.source)
            }
        return all.filter(\.isGuess) + all.filter { !$0.isGuess }
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
                + "\(worst.limit.consequence). It holds \(CapacityReport.factor(worst.factor)) times today's load."
        }
        guard let hard = plan.firstHard else { return "FITS, but " + agreed(first) }
        let agreements = first.limit.kind == .agreed ? " But " + agreed(first) : ""
        return "FITS. The first limit to be reached is the \(hard.limit.subject), at "
            + "\(CapacityReport.factor(hard.factor)) times today's load\(when(hard)); then "
            + "\(hard.limit.consequence).\(agreements)"
    }

    private func agreed(_ limit: LimitForecast) -> String {
        let use = CapacityReport.amount(limit.limit.use, limit.limit.unit)
        let capacity = CapacityReport.amount(limit.limit.capacity, limit.limit.unit)
        let state =
            limit.isExceeded
            ? "is exceeded already, with \(use) of \(capacity)"
            : "is reached at \(CapacityReport.factor(limit.factor)) times today's load\(when(limit))"
        return "what is only agreed comes first: the \(limit.limit.subject) \(state); then "
            + "\(limit.limit.consequence)."
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
        return "in \(Decimal.shortest(months, 1)) months"
    }

    static func factor(_ factor: Double) -> String {
        guard factor.isFinite else { return "more than a million" }
        return Decimal.shortest(factor, factor < 10 ? 2 : factor < 100 ? 1 : 0)
    }

    /// Decimal units, as manifests' M and G.
    static func bytes(_ bytes: Double) -> String {
        guard bytes.isFinite else { return "no end" }
        for (name, scale) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where bytes >= scale * 0.9995 {
            let value = bytes / scale
            return "\(Decimal.fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0)) \(name)"
        }
        return "\(Decimal.fixed(bytes, 0)) B"
    }

    static func amount(_ value: Double, _ unit: LimitUse.Unit) -> String {
        switch unit {
        case .bytes: bytes(value)
        case .bytesPerSecond: bytes(value) + "/s"
        case .share: value.isFinite ? Decimal.fixed(value * 100, value < 0.1 ? 1 : 0) + " %" : "no end"
        case .seconds: Phrase.duration(value * 1e9)
        }
    }
}
