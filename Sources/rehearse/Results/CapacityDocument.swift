import Capacity
import Statistics
import SystemModel

/// The sizing as a document: `rehearse.capacity/v1`. Bytes, seconds, bytes a second, shares, unless a name says
/// otherwise.
extension CapacityReport {
    var document: Document {
        envelope.document([
            ("model", .text(plan.model.model.name)), ("path", .text(modelPath)), ("set", .texts(overrides)),
            ("engine", .text(plan.model.model.engine.rawValue)), ("seed", .integer(Int(clamping: plan.seed))),
            ("replications", .integer(plan.replications)), ("verdict", .text(verdict)),
            ("fits", .boolean(plan.isEnough)),
            ("demand", demandDocument), ("limits", .list(plan.limits.map(limitDocument))),
            ("servers", .list(plan.now.map(serverDocument))), ("workers", .list(plan.workers.map(workerDocument))),
            ("storage", storageDocument), ("answers", .list(plan.answers.map(answersDocument))),
            ("pods", .list(plan.fits.map(fitDocument))), ("checkedAgainst", .text(FormulaCheck.server)),
            ("checks", .list(FormulaCheck.recorded.map(checkDocument))),
        ])
    }

    private func number(_ value: Double, _ decimals: Int = 0) -> Document { .number(value, decimals: decimals) }

    private var demandDocument: Document {
        .object([
            ("asOf", demand.asOf.map { Document.text("\($0)") } ?? .null), ("keys", number(demand.keys.value)),
            ("readsPerSecond", number(demand.reads.value, 3)), ("writesPerSecond", number(demand.writes.value, 3)),
            ("connectionsPerServer", number(demand.connections.value)), ("pipelining", number(demand.pipelining, 2)),
            (
                "expectations",
                .object([
                    ("quantile", number(demand.expectations.quantile, 6)),
                    ("latency", number(demand.expectations.latency, 9)),
                    ("timeout", number(demand.expectations.timeout, 9)),
                    ("availability", number(demand.expectations.availability, 9)),
                ])
            ),
        ])
    }

    private func limitDocument(_ limit: LimitForecast) -> Document {
        .object([
            ("name", .text(limit.limit.name)), ("subject", .text(limit.limit.subject)),
            ("consequence", .text(limit.limit.consequence)), ("kind", .text(limit.limit.kind.rawValue)),
            ("unit", .text(limit.limit.unit.rawValue)), ("use", number(limit.limit.use, 6)),
            ("capacity", number(limit.limit.capacity, 6)), ("exceeded", .boolean(limit.isExceeded)),
            ("factor", number(limit.factor, 6)),
            (
                "interval",
                limit.factorInterval.map { .list([number($0.low, 6), number($0.high, 6)]) } ?? .null
            ),
            ("headroomPercent", number(limit.headroom * 100, 3)),
            ("months", limit.months.map { number($0, 3) } ?? .null),
            (
                "date",
                demand.asOf.flatMap { day in limit.months.map { Document.text("\(day.adding(months: $0))") } } ?? .null
            ),
        ])
    }

    private func serverDocument(_ use: ServerUse) -> Document {
        let site = plan.model.site
        return .object([
            ("name", .text(use.server.name)), ("shard", .integer(use.server.shard)),
            ("role", .text(use.server.isMaster ? "master" : "replica")),
            ("worker", use.server.worker.map { Document.text(site.workers[$0].name) } ?? .null),
            ("keys", number(use.keys)),
            ("readsPerSecond", number(use.reads, 3)), ("writesPerSecond", number(use.writes, 3)),
            (
                "memory",
                .object([
                    ("request", site.memoryRequest.map { number($0) } ?? .null),
                    ("limit", site.memoryLimit.map { number($0) } ?? .null),
                    (
                        "maxmemory",
                        plan.model.directives.maxMemory > 0 ? number(plan.model.directives.maxMemory) : .null
                    ),
                    ("used", number(use.memory.used)), ("states", .list(use.stacks().map(stackDocument))),
                ])
            ),
            ("thread", number(use.thread, 6)), ("forkPause", number(use.forkPause, 6)),
            ("backlogSeconds", number(use.backlogSeconds, 3)), ("files", filesDocument(use.files)),
            (
                "network",
                .object([
                    ("clientsIn", number(use.network.clientsIn)), ("clientsOut", number(use.network.clientsOut)),
                    ("replicationIn", number(use.network.replicationIn)),
                    ("replicationOut", number(use.network.replicationOut)), ("busIn", number(use.network.bus)),
                    ("busOut", number(use.network.bus)),
                ])
            ),
        ])
    }

    private func stackDocument(_ stack: MemoryStack) -> Document {
        .object([
            ("state", .text(stack.state.rawValue)), ("resident", number(stack.resident)),
            (
                "parts",
                .list(stack.parts.map { .object([("name", .text($0.name)), ("bytes", number($0.bytes))]) })
            ),
        ])
    }

    private func filesDocument(_ files: FileUse) -> Document {
        .object([
            ("volume", plan.model.volumeBytes.map { number($0) } ?? .null), ("snapshot", number(files.snapshot)),
            ("kept", number(files.kept)), ("largestAppendOnly", number(files.largestAppendOnly)),
            ("rewritePeak", number(files.rewritePeak)), ("snapshotPeak", number(files.snapshotPeak)),
            ("growthPerSecond", number(files.growth, 3)), ("rewritesPerDay", number(files.rewritesPerDay, 3)),
            ("snapshotsPerDay", number(files.snapshotsPerDay, 3)), ("writtenPerSecond", number(files.written, 3)),
        ])
    }

    private func workerDocument(_ worker: CapacityPlan.WorkerUse) -> Document {
        .object([
            ("name", .text(worker.name)), ("memory", worker.memoryBytes.map { number($0) } ?? .null),
            ("cores", worker.cores.map { number($0, 3) } ?? .null),
            (
                "situations",
                .list(
                    worker.situations.map { situation in
                        .object([
                            ("lost", situation.lost.map { Document.text($0) } ?? .null),
                            ("pods", .integer(situation.pods)),
                            ("masters", .integer(situation.masters)), ("steady", number(situation.steady)),
                            ("largest", number(situation.largest)),
                            ("largestWithAll", number(situation.largestWithAll)),
                            ("threads", number(situation.threads, 6)), ("sent", number(situation.sent)),
                            ("received", number(situation.received)), ("shardsLost", .integer(situation.shardsLost)),
                        ])
                    })
            ),
        ])
    }

    private var storageDocument: Document {
        .object([
            ("nfs", .boolean(plan.model.site.onNFS)), ("commitsPerSecond", number(plan.commitsPerSecond, 3)),
            ("writtenPerSecond", number(plan.bytesToStorage)),
        ])
    }

    private func answersDocument(_ entry: (situation: String, answers: LoadStudy.Answers)) -> Document {
        let answers = entry.answers
        let quantiles = answers.quantiles.map { name, estimate in
            (
                key: name,
                value: Document.object([
                    ("seconds", number(estimate.value / 1e9, 9)),
                    (
                        "interval",
                        .list([number(estimate.interval.low / 1e9, 9), number(estimate.interval.high / 1e9, 9)])
                    ),
                ])
            )
        }
        return .object([
            ("situation", .text(entry.situation)), ("quantiles", .object(quantiles)),
            ("failedShare", number(answers.failed.value, 9)), ("longestFreeze", number(answers.longestFreeze / 1e9, 6)),
            ("commitsPerSecond", number(answers.commitsPerSecond, 3)), ("storageBusy", number(answers.storageBusy, 6)),
            ("requests", .integer(answers.requests)), ("simulatedSeconds", number(answers.seconds, 3)),
        ])
    }

    private func fitDocument(_ fit: PodFit) -> Document {
        func count(_ count: PodFit.Count) -> Document {
            .object([
                ("least", .integer(count.least)), ("most", .integer(count.most)),
                ("reason", count.reason.map { Document.text($0) } ?? .null),
            ])
        }
        return .object([
            ("lost", fit.lost.map { Document.text($0) } ?? .null), ("asTheyAre", count(fit.pods)),
            ("withVolumes", count(fit.podsWithVolumes)),
        ])
    }

    private func checkDocument(_ check: FormulaCheck) -> Document {
        .object([
            ("formula", .text(check.name)), ("case", .text(check.setting)), ("unit", .text(check.unit)),
            ("measured", number(check.measured, 3)), ("predicted", number(check.formula, 3)),
            ("errorPercent", number(check.error * 100, 3)),
        ])
    }
}
