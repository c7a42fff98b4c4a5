import ClusterModel
import Randomness
package import Recording
import RedisCluster
package import SystemModel

/// One recording held against replications of what it shows.
package struct RecordingReplay: Sendable {
    package let reconstruction: Reconstruction
    package let scenario: ImpliedScenario
    /// By number.
    package let victims: [Int]
    /// How long it is compared, ns after the fault: what had not come about by then is censored.
    package let horizon: Int64
    /// Replications began with the pings that the recording's first views show.
    package let isConditionedOnPings: Bool
    package let predictions: Predictions
    /// Every sighting of the recording, in the order of its time.
    package let findings: [Finding]
    /// Every stage, reached or not.
    package let stages: [StageFinding]
    package let violation: Violation?
    /// See `Surprise`.
    package let timingSurprise: Double
    package let occurrenceSurprise: Double
    /// By how much the latest answer of a server that was there came late after the fault, ns: then, and about then,
    /// the server or the machine that recorded it stood still.
    package let lateness: Int64
    /// What lies farthest from what was predicted.
    package let farthest: Outlier?
    /// Mean of the sightings' continuous ranked probability scores, ns: lower fits better.
    package let misfit: Double
    /// How to repeat it, with other rules or other latencies.
    let rehearsal: Rehearsal
    let seen: [Seen]

    /// A sighting of the recording beside its prediction.
    package struct Finding: Sendable {
        package let seen: Seen
        package let prediction: Prediction
        /// Nil where fewer than 20 replications had it.
        package let place: Place?
        /// A number from the place, at random; nil likewise.
        package let rank: Double?
        /// How much later than the predicted median, ns; nil likewise. Of an interval the point with this rank counts.
        package let error: Int64?
    }

    package struct StageFinding: Sendable {
        package let stage: Stage
        /// Nil where it was not reached by the horizon.
        package let after: Int64?
        package let before: Int64?
        package let prediction: Prediction
        package let rank: Double?
        package let error: Int64?

        package var wasReached: Bool { before != nil }
    }

    /// - Parameters:
    ///   - base: the model whose environment applies; see `Reconstruction`.
    ///   - number: the recording's among several: it gets random numbers of its own.
    package init(
        _ recording: Recording, base: SystemModel, held: Set<String> = [], options: ReplayOptions, number: Int = 0
    ) throws(ReplayError) {
        let reconstruction = try Reconstruction(recording, base: base, held: held)
        let names = reconstruction.names
        let implied = ImpliedScenario(recording, names: names, model: reconstruction.model)
        let fault = implied.fault ?? ObservedInterval(after: reconstruction.begins, before: reconstruction.begins)
        let all = RecordedSightings.of(recording, names: names, fault: fault)
        let horizon = RecordingReplay.horizon(recording, implied, all, fault)
        let seen = all.filter { $0.shownBefore <= horizon }
            .sorted { ($0.before, $0.sighting) < ($1.before, $1.sighting) }
        let beginning = reconstruction.beginning(fault: implied.steps.first?.middle ?? reconstruction.begins)
        let rehearsal = Rehearsal(
            model: reconstruction.model, scenario: implied.scenario(horizon: horizon, count: names.count), names: names,
            beginning: beginning, polling: recording.polling(names), seed: options.seed &+ UInt64(number) &* 1_000_003)
        let victims = Set(implied.steps.filter { $0.deed.hits }.flatMap(\.targets))
        let runs = rehearsal.run(
            replications: options.replications, jobs: options.jobs, shouldStop: options.shouldStop)
        guard runs.count >= Surprise.enough else { throw ReplayError("it was interrupted") }
        let predictions = Predictions(runs, victims: victims)
        let isOrdered = implied.steps.contains { if case .failover = $0.deed { true } else { false } }
        let surprise = Surprise(
            of: seen, against: runs, predictions, victims: victims, resolution: rehearsal.polling.views)
        var dice = RandomStream(seed: options.seed, replication: UInt64(number), purpose: .replay, entity: 0)

        self.reconstruction = reconstruction
        scenario = implied
        self.victims = victims.sorted()
        self.horizon = horizon
        isConditionedOnPings = beginning != nil
        self.predictions = predictions
        findings = seen.map { Finding($0, predictions[$0.sighting], &dice) }
        stages = Stage.allCases.map { stage in
            StageFinding(stage, stage.time(in: seen, victims: victims), predictions[stage], &dice)
        }
        violation =
            DeedEvidence(recording, implied, names: names, fault: fault).contradiction
            ?? ProtocolOrder(
                recording, names: names, masters: reconstruction.model.shape.masters, fault: fault,
                isOrdered: isOrdered
            ).first
        timingSurprise = surprise.timing
        occurrenceSurprise = surprise.occurrence
        lateness = RecordingReplay.lateness(recording, fault: fault, horizon: horizon)
        farthest = surprise.farthest
        misfit = predictions.misfit(of: seen, horizon: horizon)
        self.rehearsal = rehearsal
        self.seen = seen
    }

    /// From the fault to the recording's end, but no more than two minutes beyond the last thing that happened, and no
    /// more than six hours.
    private static func horizon(
        _ recording: Recording, _ implied: ImpliedScenario, _ seen: [Seen], _ fault: ObservedInterval
    ) -> Int64 {
        let origin = implied.steps.first?.middle ?? fault.after
        let end = max(0, recording.end.microsecondsLater(than: origin)) * 1000
        let lastStep =
            implied.steps.map { step in
                step.middle.microsecondsLater(than: origin) * 1000 + min(step.duration ?? 0, end)
            }.max() ?? 0
        let last = max(lastStep, seen.map(\.before).max() ?? 0, 0)
        return min(end, last + 120_000_000_000, 21_600_000_000_000)
    }

    /// Of a change it is known which two answers it came between.
    private static func lateness(_ recording: Recording, fault: ObservedInterval, horizon: Int64) -> Int64 {
        recording.entries.reduce(0) { late, entry in
            guard case .change(let change) = entry, change.interval.before >= fault.after,
                change.interval.after.microsecondsLater(than: fault.before) * 1000 <= horizon
            else { return late }
            let apart = change.interval.before.microsecondsLater(than: change.interval.after)
            return max(late, (apart - recording.header.interval) * 1000)
        }
    }

    /// A quarter of a second is more than a server under load or a busy machine makes one wait by chance.
    package var isLate: Bool { lateness > 250_000_000 }

    /// The first sighting that no replication had.
    package var firstUnpredicted: Finding? { findings.first { $0.prediction.times.isEmpty } }

    /// What every replication but one in a thousand had by the horizon and the recording has not, in order.
    package var missing: [Sighting] {
        let present = Set(seen.map(\.sighting))
        return predictions.sightings.filter { !present.contains($0) && predictions[$0].share >= 0.999 }
    }
}

/// How a recording is replayed.
package struct ReplayOptions: Sendable {
    /// At least 100.
    package var replications: Int
    package var seed: UInt64
    package var jobs: Int
    package var shouldStop: @Sendable () -> Bool

    package init(
        replications: Int = 1000, seed: UInt64 = 1, jobs: Int = 1,
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) {
        self.replications = replications
        self.seed = seed
        self.jobs = jobs
        self.shouldStop = shouldStop
    }
}

extension ImpliedScenario.Deed {
    /// Its targets are away for a time, so that the others are the witnesses.
    var hits: Bool {
        switch self {
        case .kill, .terminate, .freeze, .cut, .loseVolume: true
        case .failover: false
        }
    }
}

extension RecordingReplay.Finding {
    init(_ seen: Seen, _ prediction: Prediction, _ dice: inout RandomStream) {
        self.seen = seen
        self.prediction = prediction
        let isEnough = prediction.times.count >= Surprise.enough
        let place = prediction.place(after: seen.after, before: seen.before)
        let rank = place.low + (place.high - place.low) * dice.uniform()
        self.place = isEnough ? place : nil
        self.rank = isEnough ? rank : nil
        error = isEnough ? prediction.error(after: seen.after, before: seen.before, rank: rank) : nil
    }
}

extension RecordingReplay.StageFinding {
    init(
        _ stage: Stage, _ time: (after: Int64, before: Int64)?, _ prediction: Prediction, _ dice: inout RandomStream
    ) {
        self.stage = stage
        self.prediction = prediction
        after = time?.after
        before = time?.before
        let uniform = dice.uniform()
        guard let time, prediction.times.count >= Surprise.enough else {
            rank = nil
            error = nil
            return
        }
        let place = prediction.place(after: time.after, before: time.before)
        let rank = place.low + (place.high - place.low) * uniform
        self.rank = rank
        error = prediction.error(after: time.after, before: time.before, rank: rank)
    }
}

extension Predictions {
    /// The mean score over what came about in the recording or in a twentieth of the replications, ns.
    func misfit(of seen: [Seen], horizon: Int64) -> Double {
        var observed: [Sighting: Int64] = [:]
        for one in seen {
            // Of an interval the point that fits best: a wide one speaks against nothing in it.
            let median = self[one.sighting].quantile(0.5) ?? one.middle
            observed[one.sighting] = min(max(median, one.after), one.before)
        }
        let scored = sightings.filter { observed[$0] != nil || self[$0].share >= 0.05 }
        let unknown = observed.keys.filter { self[$0].times.isEmpty }.sorted()
        let all = scored + unknown
        guard !all.isEmpty else { return 0 }
        return all.reduce(0) { $0 + self[$1].score(of: observed[$1], horizon: horizon) } / Double(all.count)
    }
}
