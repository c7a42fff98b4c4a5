import Wording

/// One line on a terminal's standard error while replications run, if that takes longer than a second.
struct ProgressBar {
    private let total: Int
    /// What goes on, in front of the bar.
    var label = ""
    private let isWanted: Bool
    private let start = ContinuousClock.now
    private var isShown = false

    init(total: Int, isWanted: Bool) {
        self.total = total
        self.isWanted = isWanted && Console.isInteractive
    }

    mutating func show(_ done: Int) {
        let elapsed = start.duration(to: .now) / .seconds(1)
        guard isWanted, elapsed > 1 else { return }
        isShown = true
        let share = min(1, Double(done) / Double(total))
        let width = 30
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        var line = "\(label.isEmpty ? "" : label + " ")[\(bar)] \(Digits.grouped(done)) of \(Digits.grouped(total))"
        if done > 0 {
            let rate = Double(done) / elapsed
            line += "  \(Phrase.amount(rate))/s  \(Phrase.duration(Double(max(0, total - done)) / rate * 1e9)) left"
        }
        Console.write("\r\(line)\u{1b}[K")
    }

    /// Takes the line away.
    mutating func clear() {
        if isShown { Console.write("\r\u{1b}[K") }
        isShown = false
    }
}
