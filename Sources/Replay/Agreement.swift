package import Statistics

/// How far recordings and their predictions agree, over all of them.
///
/// The unit of evidence is a recording: what it shows of one fault depends on each other. Stages have one value a
/// recording and are tested as they are; shares over transitions get intervals that know of the groups.
package struct Agreement: Sendable {
    package let recordings: Int
    package let bands: [Band]
    package let kinds: [KindAgreement]
    package let stages: [StageAgreement]

    /// The shares of a prediction's middle that bands are made of.
    package static let bandShares = [0.5, 0.9, 0.99]

    /// How many observed transitions fall into the middle part of their prediction.
    package struct Band: Sendable, Equatable {
        package let nominal: Double
        package let covered: ClusteredShare
    }

    /// All transitions of a kind.
    package struct KindAgreement: Sendable {
        package let kind: Sighting.Kind
        package let transitions: Int
        package let bands: [Band]
        /// Between the ranks and the uniform distribution; the limit at 1 % counts transitions at what they are worth.
        package let distance: Double
        package let limit: Double
        /// Median over the recordings of the mean error of each, ns.
        package let error: Estimate?
    }

    /// One stage over all recordings.
    package struct StageAgreement: Sendable {
        package let stage: Stage
        /// Recordings that reached it, how many were expected to, and the probability of a number as far from that.
        package let reached: Int
        package let expected: Double
        package let occurrence: Double
        /// Of those whose prediction is known well enough.
        package let compared: Int
        package let distance: Double?
        /// 1.63 / sqrt(n), the 1 % level.
        package let limit: Double?
        package let pValue: Double?
        /// ns, by recording.
        package let error: Estimate?
        package let observedMedian: Double?
        package let predictedMedian: Double?
    }

    package init(_ replays: [RecordingReplay]) {
        recordings = replays.count
        bands = Agreement.bands(replays) { _ in true }
        kinds = Sighting.Kind.allCases.compactMap { Agreement.kind($0, replays) }
        stages = Stage.allCases.compactMap { Agreement.stage($0, replays) }
    }

    private static func bands(_ replays: [RecordingReplay], of wanted: (Sighting.Kind) -> Bool) -> [Band] {
        bandShares.compactMap { nominal in
            let edge = (1 - nominal) / 2
            let groups = replays.map { replay in
                let ranks = replay.findings.filter { wanted($0.seen.sighting.kind) }.compactMap(\.rank)
                return (successes: ranks.count { $0 >= edge && $0 <= 1 - edge }, trials: ranks.count)
            }
            return ClusteredShare(groups).map { Band(nominal: nominal, covered: $0) }
        }
    }

    private static func kind(_ kind: Sighting.Kind, _ replays: [RecordingReplay]) -> KindAgreement? {
        let groups = replays.map { $0.findings.filter { $0.seen.sighting.kind == kind && $0.rank != nil } }
        let ranks = groups.flatMap { $0.compactMap(\.rank) }
        guard let distance = KolmogorovSmirnov(ranks, against: { $0 })?.distance else { return nil }
        let errors = groups.compactMap { group -> Double? in
            let errors = group.compactMap(\.error).map(Double.init)
            return errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
        }
        let worth = ClusteredShare(
            groups.map { group in (group.compactMap(\.rank).count { $0 < 0.5 }, group.count) })?.effectiveTrials
        return KindAgreement(
            kind: kind, transitions: ranks.count, bands: bands(replays) { $0 == kind }, distance: distance,
            limit: 1.63 / max(worth ?? 1, 1).squareRoot(), error: Summary(errors)?.quantileEstimate(0.5))
    }

    private static func stage(_ stage: Stage, _ replays: [RecordingReplay]) -> StageAgreement? {
        let findings = replays.map { $0.stages[stage.rawValue] }
        let reached = findings.count(where: \.wasReached)
        let expected = findings.reduce(0) { $0 + $1.prediction.share }
        // Neither seen nor worth a line.
        if reached == 0, expected < 0.05 * Double(findings.count) { return nil }
        let ranks = findings.compactMap(\.rank)
        let test = KolmogorovSmirnov(ranks) { $0 }
        let shares = findings.map { finding in
            Double(finding.prediction.times.count + 1) / Double(finding.prediction.replications + 2)
        }
        let observed = findings.compactMap { finding -> Double? in
            guard let after = finding.after, let before = finding.before else { return nil }
            return Double(after + (before - after) / 2)
        }
        let predicted = findings.compactMap { $0.prediction.quantile(0.5) }.map(Double.init)
        return StageAgreement(
            stage: stage, reached: reached, expected: expected,
            occurrence: occurrenceProbability(reached, shares), compared: ranks.count, distance: test?.distance,
            limit: ranks.isEmpty ? nil : 1.63 / Double(ranks.count).squareRoot(), pValue: test?.pValue,
            error: Summary(findings.compactMap(\.error).map(Double.init))?.quantileEstimate(0.5),
            observedMedian: Summary(observed)?.quantile(0.5),
            predictedMedian: Summary(predicted)?.quantile(0.5))
    }

    /// Two-sided: how likely a count as far out is where each recording has its own probability (Poisson binomial).
    private static func occurrenceProbability(_ count: Int, _ shares: [Double]) -> Double {
        var chances = [1.0]
        for share in shares {
            var next = [Double](repeating: 0, count: chances.count + 1)
            for (k, chance) in chances.enumerated() {
                next[k] += chance * (1 - share)
                next[k + 1] += chance * share
            }
            chances = next
        }
        let atMost = chances[...count].reduce(0, +)
        let atLeast = chances[count...].reduce(0, +)
        return min(1, 2 * min(atMost, atLeast))
    }
}
