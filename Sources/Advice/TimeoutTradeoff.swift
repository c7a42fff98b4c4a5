package import ClusterModel
import Foundation
import RedisCluster
package import Statistics
package import SystemModel

/// How long slots are without a master after a failure, against how often a month a healthy master is replaced: both as
/// functions of `cluster-node-timeout`.
package struct TimeoutTradeoff: Sendable {
    package struct Point: Sendable {
        /// `cluster-node-timeout`, ms.
        package let timeout: Int64
        /// Time without a master that takes writes after the loss of a master.
        package let outage: Durations
        /// A replica is promoted before the lost one is back.
        package let promoted: Share
        package let falseFailovers: FalseFailovers
    }

    package let points: [Point]
    /// All timeouts that were asked for are there.
    package let isComplete: Bool
    /// Index of the knee; nil where there are fewer than three points.
    package let knee: Int?

    /// Below this, false failovers a month count as none: one in eight years.
    package static let negligible = 0.01

    /// Replications that it takes, with `each` of them a case.
    package static func replications(_ model: SystemModel, timeouts: [Int64], each: Int) -> Int {
        timeouts.count * (each + FalseFailovers.replications(model, each: each))
    }

    /// - Parameters:
    ///   - timeouts: ms, ascending.
    ///   - onPoint: told of each point as it is known.
    package init(_ model: SystemModel, timeouts: [Int64], _ effort: Effort) {
        var points: [Point] = []
        for timeout in timeouts {
            guard let point = TimeoutTradeoff.point(model, timeout, effort) else { break }
            points.append(point)
        }
        self.points = points
        isComplete = points.count == timeouts.count
        knee = TimeoutTradeoff.knee(points.map { ($0.outage.p50.value, $0.falseFailovers.total.value) })
    }

    package static func point(_ model: SystemModel, _ timeout: Int64, _ effort: Effort) -> Point? {
        let changed = model.configured { $0.conf.nodeTimeout = timeout }
        let faults = StandardFaults(changed)
        guard let outcomes = effort.outcomes(changed, faults.lose(.masters(count: 1), named: "a master")),
            let outage = Durations(outcomes.map(\.anySlotOutage)),
            let promoted = Share(outcomes.count(where: \.promoted), of: outcomes.count),
            let wrong = FalseFailovers.estimate(changed, effort)
        else { return nil }
        return Point(timeout: timeout, outage: outage, promoted: promoted, falseFailovers: wrong)
    }

    /// The point farthest below the chord between the first and the last one, with the outage and the logarithm of the
    /// false failovers both scaled to 0 ... 1: left of it a shorter timeout buys little outage for many false
    /// failovers, right of it the other way round (Satopää and others' "kneedle", 2011). Nil where there is no curve.
    package static func knee(_ curve: [(outage: Double, falseFailovers: Double)]) -> Int? {
        let points = curve.map { (x: $0.outage, y: log10(max($0.falseFailovers, negligible))) }
        guard points.count >= 3, points.allSatisfy({ $0.x.isFinite }) else { return nil }
        let (lowX, highX) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 0)
        let (lowY, highY) = (points.map(\.y).min() ?? 0, points.map(\.y).max() ?? 0)
        guard highX > lowX, highY > lowY else { return nil }
        let below = points.map { 1 - ($0.x - lowX) / (highX - lowX) - ($0.y - lowY) / (highY - lowY) }
        guard let best = below.indices.max(by: { below[$0] < below[$1] }), below[best] > 0.05 else { return nil }
        return best
    }
}

extension Outcome {
    /// ns in which some slot had no master that takes writes; infinite where that had not ended at the horizon.
    package var anySlotOutage: Double { unservedAtHorizon ? .infinity : Double(anySlotUnserved) }

    package var worstSlotOutage: Double { unservedAtHorizon ? .infinity : Double(worstSlotUnserved) }
}
