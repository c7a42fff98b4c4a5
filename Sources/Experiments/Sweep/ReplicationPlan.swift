import Statistics
package import SystemModel

/// How many replications: a number, or as many as a precision takes, within bounds.
package struct ReplicationPlan: Sendable, Equatable {
    package let minimum: Int
    package let maximum: Int
    /// Nil runs `minimum` of them, which then is `maximum` too.
    package let goal: PrecisionGoal?

    /// So many replications, at least 1.
    package init(replications: Int) {
        minimum = replications
        maximum = replications
        goal = nil
    }

    /// From `minimum` (at least 1) to `maximum` replications, until the goal is reached.
    package init(minimum: Int, maximum: Int, goal: PrecisionGoal) {
        self.minimum = minimum
        self.maximum = max(minimum, maximum)
        self.goal = goal
    }

    /// The next number of replications to look at the interval after `count` of them. It grows by half each time: an
    /// interval that is looked at after every replication would stop when chance makes it narrow.
    func next(after count: Int) -> Int { count < minimum ? minimum : min(maximum, count + max(1, count / 2)) }

    /// What a precision came to.
    package struct Reached: Sendable, Equatable {
        package let goal: PrecisionGoal
        /// Half of the interval, to its wider side, in the statistic's unit; infinite where the interval has no end.
        package let halfWidth: Double
        /// The same as a share of the value; nil where that is 0 or endless.
        package let relative: Double?
        package let isReached: Bool

        package init(_ goal: PrecisionGoal, _ values: [Double]) {
            self.goal = goal
            guard let estimate = goal.statistic.estimate(from: values), estimate.value.isFinite else {
                (halfWidth, relative, isReached) = (.infinity, nil, false)
                return
            }
            let half = max(estimate.value - estimate.interval.low, estimate.interval.high - estimate.value)
            halfWidth = half
            relative = estimate.value == 0 ? nil : half / estimate.value.magnitude
            isReached =
                goal.isRelative
                ? relative.map { $0 <= goal.halfWidth.value } ?? false
                : half <= goal.halfWidth.value
        }
    }

    /// Nil without a goal.
    package func reached(by table: OutcomeTable) -> Reached? {
        goal.map { Reached($0, table.values(of: $0.statistic)) }
    }
}

extension Runner {
    /// Runs what a plan asks for, on top of what `table` (of at least `plan.maximum` rows) holds already. The number of
    /// replications depends on their outcomes alone, not on the workers or on where a run was interrupted.
    ///
    /// - Returns: whether the plan is carried out; false where `shouldStop` turned true before.
    package func run(
        _ plan: ReplicationPlan, into table: OutcomeTable, workers: Int,
        shouldStop: @escaping @Sendable () -> Bool = { false }, onProgress: (Int) -> Void = { _ in }
    ) -> Bool {
        run(
            plan, into: table, workers: workers, chunk: .max, shouldStop: shouldStop, onProgress: onProgress,
            onRows: { _ in })
    }

    /// - Parameter onRows: called with the new rows' numbers, in order and without a gap, after every `chunk` of them.
    func run(
        _ plan: ReplicationPlan, into table: OutcomeTable, workers: Int, chunk: Int,
        shouldStop: @escaping @Sendable () -> Bool, onProgress: (Int) -> Void, onRows: (Range<Int>) throws -> Void
    ) rethrows -> Bool {
        var looked = 0
        while true {
            looked = plan.next(after: looked)
            while table.count < looked {
                let first = table.count
                let target = min(looked, chunk < looked - first ? first + chunk : looked)
                extend(table, to: target, workers: workers, shouldStop: shouldStop, onProgress: onProgress)
                if table.count > first { try onRows(first..<table.count) }
                if table.count < target { return false }
            }
            guard looked < plan.maximum, let goal = plan.goal else { return true }
            if ReplicationPlan.Reached(goal, table.values(of: goal.statistic, first: looked)).isReached { return true }
        }
    }
}
