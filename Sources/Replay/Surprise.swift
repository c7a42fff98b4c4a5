import Foundation

/// How unlikely one recording is, held against replications that are treated as if each were a recording.
///
/// Transitions of one fault depend on each other and there are many of them, so the farthest of them is judged by how
/// far the farthest of a replication lies: that needs no assumption about either.
struct Surprise {
    /// The share of replications at least as far out as the recording, in time and in what came about at all; neither
    /// is below 1 / (replications + 1).
    let timing: Double
    let occurrence: Double

    /// Fewer are no distribution to lie far outside of.
    static let enough = 20

    private struct Scale {
        let median: Int64
        let earlier: Double
        let later: Double
    }

    private let scales: [Sighting: Scale]
    private let predictions: Predictions

    init(of seen: [Seen], against runs: [[Seen]], _ predictions: Predictions, resolution: Int64) {
        self.predictions = predictions
        var scales: [Sighting: Scale] = [:]
        for sighting in predictions.sightings {
            let prediction = predictions[sighting]
            guard prediction.times.count >= Surprise.enough, let low = prediction.quantile(0.05),
                let median = prediction.quantile(0.5), let high = prediction.quantile(0.95)
            else { continue }
            let floor = Double(max(resolution, 1))
            scales[sighting] = Scale(
                median: median, earlier: max(Double(median - low), floor), later: max(Double(high - median), floor))
        }
        self.scales = scales
        func share(_ own: Double, _ others: [Double]) -> Double {
            Double(others.count { $0 >= own } + 1) / Double(others.count + 1)
        }
        let farthest = Surprise.farthest(seen, scales)
        timing = share(farthest, runs.map { Surprise.farthest($0, scales) })
        let rarest = Surprise.rarest(seen, predictions, isReplication: false)
        occurrence = share(rarest, runs.map { Surprise.rarest($0, predictions, isReplication: true) })
    }

    /// The largest distance of a sighting from its median, in half-widths of its 90 % band.
    private static func farthest(_ seen: [Seen], _ scales: [Sighting: Scale]) -> Double {
        seen.map { distance($0, scales[$0.sighting]) }.max() ?? 0
    }

    private static func distance(_ seen: Seen, _ scale: Scale?) -> Double {
        guard let scale else { return 0 }
        if seen.before < scale.median { return Double(scale.median - seen.before) / scale.earlier }
        return seen.after > scale.median ? Double(seen.after - scale.median) / scale.later : 0
    }

    /// The least likely thing that came about, or did not, as minus the logarithm of its share. A replication does not
    /// count as a witness for itself.
    private static func rarest(_ seen: [Seen], _ predictions: Predictions, isReplication: Bool) -> Double {
        let present = Set(seen.map(\.sighting))
        let own = isReplication ? 1 : 0
        let all = Double(predictions.replications - own + 1)
        var rarest = 0.0
        for sighting in present {
            rarest = max(rarest, -log(Double(predictions[sighting].times.count - own + 1) / all))
        }
        for sighting in predictions.sightings where !present.contains(sighting) {
            let others = predictions.replications - predictions[sighting].times.count - own
            rarest = max(rarest, -log(Double(others + 1) / all))
        }
        return rarest
    }

    /// The sighting farthest out.
    func farthest(in seen: [Seen]) -> Seen? {
        seen.max { Surprise.distance($0, scales[$0.sighting]) < Surprise.distance($1, scales[$1.sighting]) }
    }
}
