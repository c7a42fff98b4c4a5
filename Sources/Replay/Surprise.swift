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
    /// What of the recording lies farthest out; nil where nothing can be compared.
    let farthest: Outlier?

    /// Fewer are no distribution to lie far outside of.
    static let enough = 20

    init(of seen: [Seen], against runs: [[Seen]], _ predictions: Predictions, victims: Set<Int>, resolution: Int64) {
        let yardstick = Yardstick(predictions, victims: victims, resolution: resolution)
        func share(_ own: Double, _ others: [Double]) -> Double {
            Double(others.count { $0 >= own } + 1) / Double(others.count + 1)
        }
        farthest = yardstick.farthest(in: seen)
        timing = share(farthest?.distance ?? 0, runs.map { yardstick.farthest(in: $0)?.distance ?? 0 })
        let rarest = Surprise.rarest(seen, predictions, isReplication: false)
        occurrence = share(rarest, runs.map { Surprise.rarest($0, predictions, isReplication: true) })
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
}

/// A time or a length beside what was predicted of it.
package struct Outlier: Sendable {
    package let what: What
    /// ns; after the fault for a sighting.
    package let after: Int64
    package let before: Int64
    package let prediction: Prediction
    /// From the median, in half-widths of the 90 % band.
    package let distance: Double

    package enum What: Sendable {
        case sighting(Sighting)
        case span(Span)
    }

    package var middle: Int64 { after + (before - after) / 2 }

    /// Earlier (shorter) or later (longer) than every replication.
    var isBeyondAll: Bool { prediction.isBeyond(after: after, before: before) }
}

/// Measures how far out things lie, alike for a recording and for a replication.
private struct Yardstick {
    private struct Scale {
        let median: Int64
        let earlier: Double
        let later: Double

        init?(_ prediction: Prediction, resolution: Int64) {
            guard prediction.times.count >= Surprise.enough, let low = prediction.quantile(0.05),
                let median = prediction.quantile(0.5), let high = prediction.quantile(0.95)
            else { return nil }
            let floor = Double(max(resolution, 1))
            self.median = median
            earlier = max(Double(median - low), floor)
            later = max(Double(high - median), floor)
        }

        func distance(after: Int64, before: Int64) -> Double {
            if before < median { return Double(median - before) / earlier }
            return after > median ? Double(after - median) / later : 0
        }
    }

    private var sightings: [Sighting: Scale] = [:]
    private let spans: [Scale?]
    private let predictions: Predictions
    private let victims: Set<Int>

    /// `resolution`: what is less apart than the recorder's questions is not far apart; ns.
    init(_ predictions: Predictions, victims: Set<Int>, resolution: Int64) {
        self.predictions = predictions
        self.victims = victims
        spans = Span.all.indices.map { Scale(predictions.spans[$0], resolution: resolution) }
        for sighting in predictions.sightings {
            sightings[sighting] = Scale(predictions[sighting], resolution: resolution)
        }
    }

    /// The largest distance of a sighting, or of a span between stages, from its median.
    func farthest(in seen: [Seen]) -> Outlier? {
        var farthest: Outlier?
        func take(_ what: Outlier.What, _ after: Int64, _ before: Int64, _ scale: Scale, _ prediction: Prediction) {
            let distance = scale.distance(after: after, before: before)
            if let farthest, farthest.distance >= distance { return }
            farthest = Outlier(what: what, after: after, before: before, prediction: prediction, distance: distance)
        }
        for one in seen {
            guard let scale = sightings[one.sighting] else { continue }
            take(.sighting(one.sighting), one.after, one.before, scale, predictions[one.sighting])
        }
        for (index, span) in Span.all.enumerated() {
            guard let scale = spans[index], let length = span.length(in: seen, victims: victims) else { continue }
            take(.span(span), length, length, scale, predictions.spans[index])
        }
        return farthest
    }
}
