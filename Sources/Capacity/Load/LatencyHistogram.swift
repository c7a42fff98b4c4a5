import Glibc

/// Answer times in cells of 1.1 % of their value: quantiles of millions of requests in a few kilobytes.
package struct LatencyHistogram: Sendable, Equatable {
    private static let cellsPerDoubling = 64.0
    private var counts = [Int](repeating: 0, count: 4096)
    package private(set) var count = 0

    package init() {}

    /// Nanoseconds; negative ones count as none.
    package mutating func add(_ nanoseconds: Int64) {
        let cell = nanoseconds < 1 ? 0 : Int(log2(Double(nanoseconds)) * Self.cellsPerDoubling) + 1
        counts[min(cell, counts.count - 1)] += 1
        count += 1
    }

    /// Nanoseconds at a probability; 0 without observations. In the middle of its cell.
    package func quantile(_ probability: Double) -> Double {
        let rank = Int((probability * Double(count)).rounded(.up))
        var seen = 0
        for (cell, number) in counts.enumerated() {
            seen += number
            if seen >= max(rank, 1) { return cell == 0 ? 0 : exp2((Double(cell) - 0.5) / Self.cellsPerDoubling) }
        }
        return 0
    }
}
