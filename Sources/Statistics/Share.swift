/// So many of so many, with Wilson's interval.
package struct Share: Sendable, Equatable {
    package let count: Int
    package let trials: Int
    package let value: Double
    package let interval: Interval

    /// Nil unless 0 <= count <= trials and there was a trial.
    package init?(_ count: Int, of trials: Int) {
        guard let proportion = Proportion(count, of: trials) else { return nil }
        self.count = count
        self.trials = trials
        value = proportion.value
        interval = proportion.wilson()
    }

    package var estimate: Estimate { Estimate(value: value, interval: interval) }
}
