import Replay
import Wording

/// Stages on one axis of time: what was predicted as a band, what was observed as a mark.
struct ReplayPicture {
    struct Row {
        let label: String
        /// The 5 %, 50 % and 95 % points of what was predicted, ns; nil where nothing was.
        let band: (low: Double, middle: Double, high: Double)?
        let observed: Double?
    }

    let rows: [Row]

    static let width = 60

    /// Lines from time 0 to the latest of all; nothing for no rows.
    func lines() -> [String] {
        let latest = rows.flatMap { row in [row.band?.high, row.observed].compactMap { $0 } }.max() ?? 0
        guard latest > 0 else { return [] }
        let labels = rows.map(\.label.count).max() ?? 0
        func cell(_ time: Double) -> Int {
            min(max(Int(time / latest * Double(ReplayPicture.width - 1)), 0), ReplayPicture.width - 1)
        }
        var lines = rows.map { row in
            var cells = [Character](repeating: " ", count: ReplayPicture.width)
            if let band = row.band {
                for position in cell(band.low)...max(cell(band.low), cell(band.high)) { cells[position] = "=" }
                cells[cell(band.middle)] = "|"
            }
            if let observed = row.observed { cells[cell(observed)] = "o" }
            let padding = String(repeating: " ", count: labels - row.label.count)
            return "  \(row.label)\(padding)  \(String(cells))".withoutTrailingBlanks
        }
        let blank = String(repeating: " ", count: labels + 4)
        let end = Phrase.duration(latest)
        let gap = String(repeating: " ", count: max(1, ReplayPicture.width - 1 - end.count))
        lines.append("\(blank)0\(gap)\(end)")
        lines.append("\(blank)=== predicted, 5 to 95 %;  | median;  o observed")
        return lines
    }
}
