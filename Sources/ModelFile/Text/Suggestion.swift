/// Did-you-mean: the known name nearest to what was written.
package enum Suggestion {
    /// Names longer than this are not compared: nobody mistypes them, and the comparison costs their product.
    private static let comparableLength = 80

    /// The nearest of `known` within a third of the written name's length (at least 2 edits); ties go to the first.
    /// Upper and lower case and the difference between `node-timeout` and `nodeTimeout` cost nothing.
    package static func nearest(to written: String, among known: [String]) -> String? {
        guard written.count <= comparableLength else { return nil }
        let target = plain(written)
        let tolerance = max(2, target.count / 3)
        var best: (name: String, distance: Int)?
        for name in known where name.count <= comparableLength {
            let distance = editDistance(target, plain(name))
            if distance <= tolerance, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// A sentence that names the nearest known name, or lists all when none is near.
    static func sentence(
        for written: String, among known: [String], noun: String, plural: String? = nil
    ) -> String {
        if let name = nearest(to: written, among: known) { return "did you mean \"\(name)\"?" }
        if known.isEmpty { return "there is no \(noun) to name" }
        let shown = known.prefix(30).joined(separator: ", ")
        return "write one of the known \(plural ?? noun + "s"): \(shown)\(known.count > 30 ? ", ..." : "")"
    }

    private static func plain(_ name: String) -> [Character] {
        Array(name.lowercased()).filter { $0 != "-" && $0 != "_" }
    }

    /// Levenshtein's distance with transpositions of neighbours as one edit.
    static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                let substitution = last[column] + (character == other ? 0 : 1)
                var cost = min(substitution, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
