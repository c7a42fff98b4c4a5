/// Count, mean, variance and range of a stream of observations, by Welford's recurrence: one pass, no cancellation.
public struct Tally: Sendable, Equatable {
    public private(set) var count = 0
    /// 0 before the first observation.
    public private(set) var mean = 0.0
    /// Infinity before the first observation.
    public private(set) var minimum = Double.infinity
    /// Minus infinity before the first observation.
    public private(set) var maximum = -Double.infinity
    private var squares = 0.0

    public init() {}

    public mutating func add(_ value: Double) {
        count += 1
        let delta = value - mean
        mean += delta / Double(count)
        squares += delta * (value - mean)
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }

    /// The unbiased sample variance; 0 below two observations.
    public var variance: Double { count < 2 ? 0 : squares / Double(count - 1) }

    public var standardDeviation: Double { variance.squareRoot() }
}

/// The average over time of a level that changes in steps, such as a queue's length. Times are ns.
public struct TimeWeighted: Sendable, Equatable {
    public private(set) var level: Double
    public private(set) var maximum: Double
    private let start: Int64
    private var last: Int64
    private var area = 0.0

    /// A level that holds from `start` on.
    public init(level: Double, at start: Int64 = 0) {
        self.level = level
        self.start = start
        maximum = level
        last = start
    }

    /// The level from `time` on; a time before the last change counts as that change's.
    public mutating func set(_ level: Double, at time: Int64) {
        if time > last {
            area += self.level * Double(time - last)
            last = time
        }
        self.level = level
        maximum = max(maximum, level)
    }

    /// The average from the start to `time`, which is taken as no earlier than the last change; the level itself where
    /// no time has passed.
    public func average(until time: Int64) -> Double {
        let end = max(time, last)
        return end == start ? level : (area + level * Double(end - last)) / Double(end - start)
    }
}
