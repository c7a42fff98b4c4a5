/// A confidence interval; an end is infinite where the observations are too few to bound it.
package struct Interval: Sendable, Equatable {
    package let low: Double
    package let high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    package var isBounded: Bool { low.isFinite && high.isFinite }

    package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// A value and the interval that holds the true one with the stated confidence.
package struct Estimate: Sendable, Equatable {
    package let value: Double
    package let interval: Interval

    package init(value: Double, interval: Interval) {
        self.value = value
        self.interval = interval
    }
}
