/// Every value of each factor with every value of the others; the last factor moves fastest.
package enum Grid {
    /// One list of values for each combination, in the order of the factors.
    package static func combinations(of factors: [[String]]) -> [[String]] {
        factors.reduce([[]]) { rows, values in rows.flatMap { row in values.map { row + [$0] } } }
    }
}
