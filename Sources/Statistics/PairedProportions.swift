/// The same yes-or-no question put to the same cases twice: how much more often the second says yes.
package struct PairedProportions: Sendable, Equatable {
    package let both: Int
    package let onlyFirst: Int
    package let onlySecond: Int
    package let neither: Int

    /// Nil where there are no pairs or the counts differ.
    package init?(first: [Bool], second: [Bool]) {
        guard first.count == second.count, !first.isEmpty else { return nil }
        var counts = [0, 0, 0, 0]
        for (one, other) in zip(first, second) { counts[(one ? 2 : 0) + (other ? 1 : 0)] += 1 }
        (neither, onlySecond, onlyFirst, both) = (counts[0], counts[1], counts[2], counts[3])
    }

    package var count: Int { both + onlyFirst + onlySecond + neither }

    /// The second share minus the first, with Newcombe's interval for paired data: Wilson's intervals of the two shares
    /// joined by squaring and adding, less what their correlation takes away (Statistics in Medicine 17, 1998, method
    /// 10). Unlike Student's it does not shrink to a point where the pairs happen to agree.
    package func difference(confidence: Double = 0.95) -> Estimate {
        let (one, other) = (both + onlyFirst, both + onlySecond)
        guard let first = Proportion(one, of: count), let second = Proportion(other, of: count) else {
            return Estimate(value: 0, interval: Interval(low: -1, high: 1))
        }
        let (firstInterval, secondInterval) = (
            first.wilson(confidence: confidence), second.wilson(confidence: confidence)
        )
        let difference = second.value - first.value
        let (secondDown, secondUp) = (second.value - secondInterval.low, secondInterval.high - second.value)
        let (firstDown, firstUp) = (first.value - firstInterval.low, firstInterval.high - first.value)
        let phi = correlation(one, other)
        func joined(_ a: Double, _ b: Double) -> Double { max(0, a * a - 2 * phi * a * b + b * b).squareRoot() }
        return Estimate(
            value: difference,
            interval: Interval(
                low: max(-1, difference - joined(secondDown, firstUp)),
                high: min(1, difference + joined(secondUp, firstDown))))
    }

    /// Of the two answers, with Newcombe's correction for continuity; 0 where an answer never varies.
    private func correlation(_ one: Int, _ other: Int) -> Double {
        let (n, first, second) = (Double(count), Double(one), Double(other))
        let scale = (first * (n - first) * second * (n - second)).squareRoot()
        guard scale > 0 else { return 0 }
        let product = Double(both) * Double(neither) - Double(onlyFirst) * Double(onlySecond)
        return (product > 0 ? max(product - n / 2, 0) : product) / scale
    }
}
