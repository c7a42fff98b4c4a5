import Foundation

/// A chart as gnuplot's commands, data included.
///
/// All texts stand in single quotes, within which gnuplot substitutes nothing, neither backquotes nor macros, and
/// `noenhanced` keeps it from reading markup into them: names come from a user's files.
struct ChartScript {
    let chart: Chart

    static let width = 760

    var text: String {
        var lines = header
        lines += axis(chart.x, "x") + axis(chart.y, "y")
        lines += texts
        var data: [String] = []
        var plots: [String] = []
        for mark in chart.marks {
            guard let plot = plot(mark, index: data.count) else { continue }
            data.append(plot.data)
            plots.append(plot.command)
        }
        // A plot of nothing is an error: this one is a point outside.
        if plots.isEmpty { plots.append("NaN") }
        lines += data
        lines.append("plot " + plots.joined(separator: ", "))
        return lines.joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        [
            "set terminal svg size \(ChartScript.width),\(chart.height) noenhanced font 'sans-serif,14'",
            "set encoding utf8", "set decimalsign '.'", "set border 3 \(colour(.muted))",
            "set tics nomirror scale 0.5 textcolor \(rgb(.text))",
            "set rmargin at screen \(number(1 - chart.rightMargin))",
            // Where it lacks room gnuplot leaves names out: the page has the legend.
            "unset key", "set tmargin 1",
        ]
    }

    private func axis(_ axis: Chart.Axis, _ name: String) -> [String] {
        var lines = ["set \(name)label \(quoted(axis.label)) textcolor \(rgb(.text))"]
        let low = axis.low.map(number) ?? ""
        let high = axis.high.map(number) ?? ""
        lines.append("set \(name)range [\(low):\(high)]")
        if axis.isLogarithmic { lines.append("set logscale \(name)") }
        if let ticks = axis.ticks {
            // A tick's text is a format for its number.
            let list = ticks.map { "\(quoted(shortened($0.text).replacing("%", with: "%%"))) \(number($0.at))" }
                .joined(separator: ", ")
            lines.append(ticks.isEmpty ? "unset \(name)tics" : "set \(name)tics (\(list))")
        } else {
            if let step = ChartScript.step(of: axis, name == "x" ? positions.x : positions.y) {
                lines.append("set \(name)tics \(number(step))")
            }
            lines.append("set grid \(name)tics linetype 1 linewidth 1 \(colour(.grid))")
        }
        return lines
    }

    /// Where the marks lie on each axis.
    private var positions: (x: [Double], y: [Double]) {
        var (x, y): ([Double], [Double]) = ([], [])
        for mark in chart.marks {
            switch mark {
            case .line(let points, _, _, _), .points(let points, _, _):
                x += points.map(\.x)
                y += points.map(\.y)
            case .boxes(let boxes, _, _, _):
                x += boxes.flatMap { [$0.x.lowerBound, $0.x.upperBound] }
                y += boxes.flatMap { [$0.y.lowerBound, $0.y.upperBound] }
            case .horizontalBars(let bars, _, _):
                x += bars.flatMap { [$0.low, $0.value, $0.high] }
                y += bars.map(\.at)
            case .verticalBars(let bars, _, _):
                x += bars.map(\.at)
                y += bars.flatMap { [$0.low, $0.value, $0.high] }
            case .text, .verticalRule, .horizontalRule:
                break
            }
        }
        return (x.filter(\.isFinite), y.filter(\.isFinite))
    }

    /// A round step that leaves each tick's text its room: at most about seven of them. Nil for a logarithm.
    static func step(of axis: Chart.Axis, _ positions: [Double]) -> Double? {
        guard !axis.isLogarithmic, let low = axis.low ?? positions.min(), let high = axis.high ?? positions.max(),
            (high - low).isFinite, high - low > 1e-9
        else { return nil }
        let rough = (high - low) / 6
        let magnitude = pow(10, floor(log10(rough)))
        let digit = [1.0, 2, 5, 10].first { $0 * magnitude >= rough * 0.999 } ?? 10
        return digit * magnitude
    }

    /// Labels, and rules as arrows without heads.
    private var texts: [String] {
        var lines: [String] = []
        var rules: [String] = []
        for mark in chart.marks {
            switch mark {
            case .text(let text, let at, let anchor, let ink):
                lines.append(label(text, "first \(number(at.x)),\(number(at.y))", anchor, ink))
            case .verticalRule(let x, let text, let ink):
                rules.append("from first \(number(x)),graph 0 to first \(number(x)),graph 1 nohead \(colour(ink))")
                lines.append(label(text, "first \(number(x)),graph 0.96 offset 0.6,0", .left, ink))
            case .horizontalRule(let y, let text, let ink):
                rules.append("from graph 0,first \(number(y)) to graph 1,first \(number(y)) nohead \(colour(ink))")
                lines.append(label(text, "graph 0.99,first \(number(y)) offset 0,0.6", .right, ink))
            case .line, .points, .boxes, .horizontalBars, .verticalBars:
                break
            }
        }
        return lines + rules.map { "set arrow \($0) linewidth 1.5 dashtype 2 front" }
    }

    private func label(_ text: String, _ position: String, _ anchor: Chart.Anchor, _ ink: Chart.Ink) -> String {
        "set label \(quoted(text)) at \(position) \(anchor.rawValue) front textcolor \(rgb(ink))"
    }

    /// The data block and the plot command of a mark that is plotted.
    private func plot(_ mark: Chart.Mark, index: Int) -> (data: String, command: String)? {
        let rows: [[Double]]
        let style: String
        switch mark {
        case .line(let points, let ink, let dashed, _):
            rows = points.map { [$0.x, $0.y] }
            style = "using 1:2 with lines linewidth 2.5 \(colour(ink))\(dashed ? " dashtype 2" : "")"
        case .points(let points, let ink, _):
            rows = points.map { [$0.x, $0.y] }
            style = "using 1:2 with points pointtype 7 pointsize 0.7 \(colour(ink))"
        case .boxes(let boxes, let ink, let faint, _):
            rows = boxes.map {
                [
                    ($0.x.lowerBound + $0.x.upperBound) / 2, ($0.y.lowerBound + $0.y.upperBound) / 2, $0.x.lowerBound,
                    $0.x.upperBound, $0.y.lowerBound, $0.y.upperBound,
                ]
            }
            let fill = faint ? "transparent solid 0.3" : "solid 1 noborder"
            style = "using 1:2:3:4:5:6 with boxxyerror fillstyle \(fill) \(colour(ink))"
        case .horizontalBars(let bars, let ink, _):
            rows = bars.map { [$0.value, $0.at, $0.low, $0.high] }
            style = "using 1:2:3:4 with xerrorbars pointtype 7 pointsize 0.7 linewidth 2 \(colour(ink))"
        case .verticalBars(let bars, let ink, _):
            rows = bars.map { [$0.at, $0.value, $0.low, $0.high] }
            style = "using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.7 linewidth 2 \(colour(ink))"
        case .text, .verticalRule, .horizontalRule:
            return nil
        }
        let finite = rows.filter { $0.allSatisfy(\.isFinite) }
        guard !finite.isEmpty else { return nil }
        let block = finite.map { $0.map(number).joined(separator: " ") }.joined(separator: "\n")
        return ("$d\(index) << EOD\n\(block)\nEOD", "$d\(index) \(style)")
    }

    /// A longer text would leave the drawing no room; the numbers below it have the whole.
    private func shortened(_ text: String) -> String {
        text.count <= 44 ? text : "\(text.prefix(26))...\(text.suffix(15))"
    }

    /// The shortest digits that give the same number back.
    private func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "NaN" }

    private func colour(_ ink: Chart.Ink) -> String { "linecolor \(rgb(ink))" }

    private func rgb(_ ink: Chart.Ink) -> String { "rgb '\(InkCode.hexadecimal(ink))'" }

    /// Between single quotes a quote is doubled and nothing else is special; line ends would end the command.
    private func quoted(_ text: String) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": quoted += "''"
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{2028}", "\u{2029}": quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "'"
    }
}

/// Inks as colours that nobody would choose: gnuplot writes them into its SVG, where they are replaced by variables.
enum InkCode {
    static func hexadecimal(_ ink: Chart.Ink) -> String { "#0000\(twoDigits(code(ink)))" }

    /// The ink behind a colour's components.
    static func ink(red: Int, green: Int, blue: Int) -> Chart.Ink? {
        guard red == 0, green == 0, blue >= 1, blue <= Chart.Ink.allCases.count else { return nil }
        return Chart.Ink.allCases[blue - 1]
    }

    private static func code(_ ink: Chart.Ink) -> Int { (Chart.Ink.allCases.firstIndex(of: ink) ?? 0) + 1 }

    private static func twoDigits(_ code: Int) -> String {
        let digits = String(code, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }
}
