/// When something came about in the replications, ns after the fault.
package struct Prediction: Sendable, Equatable {
    /// Of the replications in which it did, ascending.
    package let times: [Int64]
    /// All of them.
    package let replications: Int

    package init(times: [Int64], replications: Int) {
        self.times = times.sorted()
        self.replications = replications
    }

    /// The share of replications in which it came about.
    package var share: Double { replications > 0 ? Double(times.count) / Double(replications) : 0 }

    /// The time by which it had come about in a share `p` of the replications in which it did; nil where there is none.
    package func quantile(_ p: Double) -> Int64? {
        guard let last = times.last else { return nil }
        let position = min(max(p, 0), 1) * Double(times.count - 1)
        let index = Int(position)
        guard index + 1 < times.count else { return last }
        return times[index] + Int64(Double(times[index + 1] - times[index]) * (position - Double(index)))
    }

    /// How many came about no later than `time`.
    private func count(atMost time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Which part of the distribution an observed interval covers: its ends' ranks among the replications, as shares.
    /// A uniform number from between them is uniform on 0...1 if the observation comes from the same distribution.
    package func place(after: Int64, before: Int64) -> Place {
        let all = Double(times.count + 1)
        return Place(low: Double(count(atMost: after)) / all, high: Double(count(atMost: before) + 1) / all)
    }

    /// How much later than the median something was, ns, whose interval's share of the distribution holds this rank.
    func error(after: Int64, before: Int64, rank: Double) -> Int64? {
        guard let median = quantile(0.5), let imputed = quantile(rank) else { return nil }
        return min(max(imputed, after), max(after, before)) - median
    }

    /// Earlier or later than every replication.
    package func isBeyond(after: Int64, before: Int64) -> Bool {
        count(atMost: before) == 0 || count(atMost: after) == times.count
    }

    /// The continuous ranked probability score of an observation, ns: the mean distance of the replications from it
    /// less half their mean distance from each other (Gneiting and Raftery 2007). Where it did not come about, in a
    /// replication or in reality, `horizon` stands for its time.
    func score(of observed: Int64?, horizon: Int64) -> Double {
        guard replications > 0 else { return 0 }
        let y = Double(min(observed ?? horizon, horizon))
        let n = Double(replications)
        var (distance, spread) = (0.0, 0.0)
        for rank in 0..<replications {
            let x = rank < times.count ? Double(min(times[rank], horizon)) : Double(horizon)
            distance += (x - y).magnitude
            spread += x * (2 * Double(rank + 1) - n - 1)
        }
        return distance / n - spread / (n * n)
    }
}

/// A part of 0...1.
package struct Place: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    package var middle: Double { (low + high) / 2 }
}

/// All that the replications predict of a recording.
package struct Predictions: Sendable {
    /// Every sighting of any replication, in order.
    package let sightings: [Sighting]
    package let replications: Int
    private let bySighting: [Sighting: Prediction]
    private let byStage: [Prediction]
    /// In the order of `Span.all`; ns from one stage to the other.
    package let spans: [Prediction]

    init(_ runs: [[Seen]], victims: Set<Int>) {
        replications = runs.count
        var times: [Sighting: [Int64]] = [:]
        for run in runs {
            for seen in run { times[seen.sighting, default: []].append(seen.before) }
        }
        sightings = times.keys.sorted()
        bySighting = times.mapValues { Prediction(times: $0, replications: runs.count) }
        byStage = Stage.allCases.map { stage in
            Prediction(
                times: runs.compactMap { stage.time(in: $0, victims: victims)?.before }, replications: runs.count)
        }
        spans = Span.all.map { span in
            Prediction(times: runs.compactMap { span.length(in: $0, victims: victims) }, replications: runs.count)
        }
    }

    package subscript(_ sighting: Sighting) -> Prediction {
        bySighting[sighting] ?? Prediction(times: [], replications: replications)
    }

    package subscript(_ stage: Stage) -> Prediction { byStage[stage.rawValue] }
}
