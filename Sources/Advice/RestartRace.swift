import ClusterModel
import DiscreteEvent
package import Statistics
package import SystemModel

/// A server that comes back against the failover that replaces it: the probability of a promotion as a function of how
/// long the server is away.
package struct RestartRace: Sendable {
    /// Whether the server comes back at its old address.
    package enum Return: String, Sendable, CaseIterable {
        /// A container or a process that is started again.
        case sameAddress
        /// A pod that is replaced, or a process that is started elsewhere.
        case newAddress
    }

    package struct Point: Sendable {
        /// From the server's end to its successor's start, ns.
        package let away: Int64
        package let promoted: Share
        package let outage: Durations
    }

    package struct Curve: Sendable {
        package let how: Return
        package let points: [Point]
        /// Where a promotion becomes likelier than not, ns; an end of the interval is infinite where the points don't
        /// bound it.
        package let crossing: Estimate?
    }

    package let curves: [Curve]
    /// What the model itself says its servers do: a pod that is deleted, with the environment's durations.
    package let asModelled: (promoted: Share, outage: Durations)?
    package let isComplete: Bool

    /// Replications that it takes, with `each` of them a case.
    package static func replications(times: [Int64], each: Int) -> Int {
        (times.count * Return.allCases.count + 1) * each
    }

    /// - Parameter times: ns, ascending, at least one.
    package init(_ model: SystemModel, times: [Int64], _ effort: Effort) {
        let faults = StandardFaults(model)
        var curves: [Curve] = []
        for how in Return.allCases {
            var points: [Point] = []
            for away in times {
                guard let point = RestartRace.point(model, how, away, effort) else { break }
                points.append(point)
            }
            if points.isEmpty { break }
            let crossing = RestartRace.crossing(points.map { ($0.away, $0.promoted) })
            curves.append(Curve(how: how, points: points, crossing: crossing))
        }
        self.curves = curves
        asModelled = faults.isKubernetes ? RestartRace.baseline(faults, effort) : nil
        isComplete = curves.count == Return.allCases.count && curves.allSatisfy { $0.points.count == times.count }
    }

    private static func baseline(_ faults: StandardFaults, _ effort: Effort) -> (promoted: Share, outage: Durations)? {
        guard let outcomes = effort.outcomes(faults.model, faults.lose(.masters(count: 1), named: "a master")),
            let promoted = Share(outcomes.count(where: \.promoted), of: outcomes.count),
            let outage = Durations(outcomes.map(\.anySlotOutage))
        else { return nil }
        return (promoted, outage)
    }

    private static func point(_ model: SystemModel, _ how: Return, _ away: Int64, _ effort: Effort) -> Point? {
        let (changed, action) = experiment(model, how, away)
        let faults = StandardFaults(changed)
        let scenario = faults.scenario("restart after a while", action, horizon: faults.horizon + 2 * away)
        guard let outcomes = effort.outcomes(changed, scenario),
            let promoted = Share(outcomes.count(where: \.promoted), of: outcomes.count),
            let outage = Durations(outcomes.map(\.anySlotOutage))
        else { return nil }
        return Point(away: away, promoted: promoted, outage: outage)
    }

    /// With manifests the kubelet and the controllers take the whole time: all their other durations are 0.
    private static func experiment(_ model: SystemModel, _ how: Return, _ away: Int64) -> (SystemModel, Action) {
        guard StandardFaults(model).isKubernetes else {
            return (model, .kill(.masters(count: 1), restartAfter: away, newAddress: how == .newAddress))
        }
        var changed = model
        let whole = Distribution.constant(Double(away))
        let none = Distribution.constant(0)
        switch how {
        case .sameAddress:
            changed.environment.kubernetes.containerRestart = whole
            changed.environment.kubernetes.registryCheck = none
            return (changed, .kill(.masters(count: 1), restartAfter: nil, newAddress: false))
        case .newAddress:
            changed.environment.kubernetes.sandboxStop = none
            changed.environment.kubernetes.removal = none
            changed.environment.kubernetes.controller = none
            changed.environment.kubernetes.schedule = none
            changed.environment.kubernetes.bindToKubelet = none
            changed.environment.kubernetes.startRetryProbability = 0
            changed.environment.kubernetes.imagePull = none
            changed.environment.kubernetes.podStart = whole
            return (changed, .deletePod(.masters(count: 1), graceSeconds: nil))
        }
    }

    /// Between the last point below one half and the first above it, on the straight line between them; the interval
    /// holds every point whose own interval holds one half.
    static func crossing(_ points: [(away: Int64, promoted: Share)]) -> Estimate? {
        guard let above = points.firstIndex(where: { $0.promoted.value >= 0.5 }), above > 0 else { return nil }
        let (one, other) = (points[above - 1], points[above])
        let rise = other.promoted.value - one.promoted.value
        let fraction = rise > 0 ? (0.5 - one.promoted.value) / rise : 1
        let value = Double(one.away) + fraction * Double(other.away - one.away)
        let low = points[..<above].last { $0.promoted.interval.high < 0.5 }.map { Double($0.away) } ?? -.infinity
        let high = points[above...].first { $0.promoted.interval.low > 0.5 }.map { Double($0.away) } ?? .infinity
        return Estimate(value: value, interval: Interval(low: low, high: high))
    }
}
