public import Randomness

/// A distribution of durations in nanoseconds, sampled by inversion: one uniform, one variate.
public struct Distribution: Sendable, Equatable {
    public static func constant(_ value: Double) -> Distribution { Distribution() }
    public static func uniform(_ low: Double, _ high: Double) -> Distribution { Distribution() }
    public static func lognormal(p50: Double, p99: Double) -> Distribution { Distribution() }
    public func sample(_ stream: inout RandomStream) -> Int64 { 0 }
}
