import Capacity
import ModelFile
import Statistics
import SystemModel
import Wording

/// The sizing as a person reads it: the verdict, then what it rests on.
extension CapacityReport {
    var page: Page {
        var page = Page()
        page.heading("\(plan.model.model.name): capacity")
        page.paragraph(verdict)
        page.paragraph(demandInWords)
        writeLimits(&page)
        writeMemory(&page)
        writeWorkers(&page)
        writeFiles(&page)
        writeAnswers(&page)
        writeNetwork(&page)
        writeFit(&page)
        writeChecks(&page)
        writeAssumptions(&page)
        return page
    }

    private var demandInWords: String {
        let now = plan.now
        let keys = Phrase.amount(demand.keys.value)
        let connections = Phrase.amount(demand.connections.value)
        let date = demand.asOf.map { " as of \($0)" } ?? ""
        return "The demand\(date): \(keys) keys, \(Phrase.amount(demand.reads.value)) reads and "
            + "\(Phrase.amount(demand.writes.value)) writes a second over \(plan.model.site.shardShares.count) shards, "
            + "\(connections) connections to each of \(now.count) servers."
    }

    private func writeLimits(_ page: inout Page) {
        page.heading("What is reached, in this order")
        let rows = plan.limits.map { limit in
            let interval = limit.factorInterval.map {
                " (\(Phrase.factor($0.low)) to \(Phrase.factor($0.high)))"
            }
            return [
                limit.limit.subject + (limit.limit.kind == .agreed ? " *" : ""),
                CapacityReport.amount(limit.limit.use, limit.limit.unit),
                CapacityReport.amount(limit.limit.capacity, limit.limit.unit),
                limit.isExceeded ? "exceeded" : Phrase.use(limit.headroom),
                Phrase.factor(limit.factor) + (interval ?? ""), keysAndWrites(limit), date(limit),
            ]
        }
        page.table(["limit", "used", "of", "headroom", "at x load", "that is", "when"], rows)
        page.paragraph(
            "x load multiplies keys, reads and writes; the answers' only reads and writes, found by simulation, with "
                + "its 95 % interval."
                + (plan.limits.contains { $0.limit.kind == .agreed } ? " * Nothing enforces it." : ""))
    }

    private func keysAndWrites(_ limit: LimitForecast) -> String {
        guard limit.factor.isFinite else { return "-" }
        let writes = Phrase.amount(demand.writes.value * limit.factor) + " writes/s"
        if limit.limit.unit == .seconds { return writes }
        return "\(Phrase.amount(demand.keys.value * limit.factor)) keys, \(writes)"
    }

    // MARK: Memory

    private func writeMemory(_ page: inout Page) {
        page.heading("Memory of each server (resident)")
        let rows = plan.now.map { use in
            let stacks = use.stacks()
            return [use.server.name, role(use), Phrase.amount(use.keys)]
                + MemoryState.allCases.map { state in
                    stacks.first { $0.state == state }.map { Phrase.bytes($0.resident) } ?? "-"
                }
        }
        page.table(["server", "role", "keys"] + MemoryState.allCases.map(\.rawValue), rows, left: [0, 1])
        let site = plan.model.site
        let stated = [("request", site.memoryRequest), ("limit", site.memoryLimit)].map { name, bytes in
            bytes.map { "\(name) \(Phrase.bytes($0))" } ?? "no \(name)"
        }
        let maxMemory = plan.model.directives.maxMemory
        let bound = maxMemory > 0 ? Phrase.bytes(maxMemory) : "not set"
        page.paragraph("The manifest: \(stated.joined(separator: ", ")); maxmemory: \(bound).")
        guard let largest = plan.now.max(by: { $0.largest.resident < $1.largest.resident }) else { return }
        page.heading("What the largest is made of: \(largest.server.name), \(largest.largest.state.rawValue)")
        let total = largest.largest.resident
        page.table(
            ["part", "bytes", "share"],
            largest.largest.parts.map {
                [$0.name, Phrase.bytes($0.bytes), Phrase.use($0.bytes / total)]
            })
        let backlog =
            largest.backlogSeconds.isFinite
            ? " The backlog covers \(Phrase.duration(largest.backlogSeconds * 1e9)) without a link; after a longer "
                + "break a replica needs a full copy." : ""
        page.paragraph(
            "A fork stops \(largest.server.name) for \(Phrase.duration(largest.forkPause * 1e9)).\(backlog)")
    }

    private func role(_ use: ServerUse) -> String {
        let worker = use.server.worker.map { plan.model.site.workers[$0].name } ?? "nowhere"
        return "\(use.server.isMaster ? "master" : "replica") on \(worker)"
    }

    private func writeWorkers(_ page: inout Page) {
        page.heading("Workers")
        var rows: [[String]] = []
        for worker in plan.workers {
            for situation in worker.situations where situation.pods > 0 || situation.lost != nil {
                let lost = situation.shardsLost > 0 ? ", \(Phrase.count(situation.shardsLost, "shard")) gone" : ""
                rows.append([
                    worker.name, situation.lost.map { "\($0) lost\(lost)" } ?? "all there",
                    "\(situation.pods) (\(situation.masters))", Phrase.bytes(situation.steady),
                    Phrase.bytes(situation.largest), Phrase.bytes(situation.largestWithAll),
                    worker.memoryBytes.map { Phrase.bytes($0) } ?? "unknown",
                    Phrase.use(situation.threads),
                    worker.cores.map { Digits.shortest($0, 2) } ?? "unknown",
                    Phrase.bytes(situation.sent) + "/s",
                ])
            }
        }
        page.table(
            [
                "worker", "workers", "pods (masters)", "at rest", "all at their largest", "lost one's pods too",
                "memory", "threads", "cores", "sent",
            ], rows, left: [0, 1])
    }

    // MARK: Storage and traffic

    private func writeFiles(_ page: inout Page) {
        page.heading("Files of each server")
        let rows = plan.now.map { use in
            let files = use.files
            return [
                use.server.name, Phrase.bytes(files.snapshot), Phrase.bytes(files.growth * 86_400),
                Digits.shortest(files.rewritesPerDay, 1), Phrase.bytes(files.largestAppendOnly),
                Phrase.bytes(files.rewritePeak), Phrase.bytes(files.snapshotPeak),
                plan.model.volumeBytes.map { Phrase.bytes($0) } ?? "unknown",
            ]
        }
        page.table(
            [
                "server", "snapshot", "AOF a day", "rewrites a day", "AOF at most", "rewrite peak", "snapshot peak",
                "volume",
            ], rows)
        guard plan.model.site.onNFS else { return }
        page.paragraph(
            "All servers together ask the NFS server for \(Digits.shortest(plan.commitsPerSecond, 2)) commits "
                + "and \(Phrase.bytes(plan.bytesToStorage)) a second, rewrites and snapshots included. It does "
                + "not enforce a volume's size: the files grow on the export's own disk.")
    }

    private func writeAnswers(_ page: inout Page) {
        guard let first = plan.answers.first else { return }
        page.heading("Answers of the busiest master, at its socket")
        let names = first.answers.quantiles.map { $0.name == "p999" ? "p99.9" : $0.name }
        let rows = plan.answers.map { situation, answers in
            [situation] + answers.quantiles.map { "\(Phrase.duration($0.estimate.value))" }
                + [
                    Phrase.percent(answers.failed.value), Phrase.duration(answers.longestFreeze),
                    Digits.shortest(answers.commitsPerSecond, 1), Phrase.percent(answers.storageBusy),
                ]
        }
        page.table(["situation"] + names + ["failed", "longest freeze", "commits/s", "storage busy"], rows)
        let expected = demand.expectations
        page.paragraph(
            "Simulated: \(Phrase.count(plan.replications, "run")) of \(Digits.shortest(first.answers.seconds, 0)) s, "
                + "\(Phrase.count(first.answers.requests, "request")), seed \(plan.seed). Expected: the "
                + "\(Digits.shortest(expected.quantile * 100, 2)) % quantile at most "
                + "\(Phrase.duration(expected.latency * 1e9)), "
                + "\(Digits.shortest(expected.availability * 100, 3)) % answered "
                + "within \(Phrase.duration(expected.timeout * 1e9)).")
    }

    private func writeNetwork(_ page: inout Page) {
        page.heading("Network of each server")
        let rows = plan.now.map { use in
            let wire = use.network
            return [
                use.server.name,
                "\(Phrase.bytes(wire.clientsIn)) / \(Phrase.bytes(wire.clientsOut))",
                "\(Phrase.bytes(wire.replicationIn)) / \(Phrase.bytes(wire.replicationOut))",
                "\(Phrase.bytes(wire.bus)) / \(Phrase.bytes(wire.bus))",
                Phrase.bytes(use.files.written),
            ]
        }
        page.table(["server, in / out a second", "clients", "replication", "cluster bus", "to storage"], rows)
    }

    private func writeFit(_ page: inout Page) {
        guard !plan.fits.isEmpty else { return }
        page.heading("How many pods of this shape the workers take, by the scheduler")
        func text(_ count: PodFit.Count) -> String {
            let number = count.least == count.most ? "\(count.most)" : "\(count.least) to \(count.most)"
            return count.reason == nil && count.most >= PodFit.most ? "\(number) and more" : number
        }
        page.table(
            ["workers", "pods", "with volumes for all"],
            plan.fits.map { fit in
                [fit.lost.map { "\($0) lost" } ?? "all there", text(fit.pods), text(fit.podsWithVolumes)]
            })
        let all = plan.fits[0]
        for (what, reason) in [("The next one", all.pods.reason), ("With volumes", all.podsWithVolumes.reason)] {
            if let reason { page.paragraph("\(what) stays pending: \(reason)") }
        }
    }

    // MARK: What it rests on

    private func writeChecks(_ page: inout Page) {
        guard !FormulaCheck.recorded.isEmpty else { return }
        page.heading("Checked against \(FormulaCheck.server): error of each formula")
        page.table(
            ["formula", "case", "measured", "formula says", "error"],
            FormulaCheck.recorded.map { check in
                [
                    check.name, check.setting, "\(Phrase.amount(check.measured)) \(check.unit)",
                    "\(Phrase.amount(check.formula)) \(check.unit)",
                    (check.error > 0 ? "+" : "") + Digits.fixed(check.error * 100, 1) + " %",
                ]
            }, left: [0, 1])
    }

    private func writeAssumptions(_ page: inout Page) {
        let assumptions = assumptions
        let guesses = assumptions.count { $0.kind == .guess }
        page.heading("It rests on \(guesses) \(guesses == 1 ? "guess" : "guesses"), which come first")
        page.table(
            ["setting", "value", "source"], assumptions.map { [$0.subject, $0.value, $0.source] }, left: [0, 1, 2])
        page.heading("Not modelled")
        for text in notModelled { page.item(text) }
    }
}
