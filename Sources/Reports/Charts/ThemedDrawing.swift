/// gnuplot's SVG made part of a page: colours become the page's variables, names become unique, texts say what it is.
struct ThemedDrawing {
    /// Unique in the page; letters, digits and hyphens.
    let identifier: String
    let title: String
    let description: String
    let height: Int

    func markup(of drawing: String) -> String {
        var lines: [Substring] = []
        var isBody = false
        for line in drawing.split(separator: "\n") {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            // Before the definitions' end there are only the program's name and symbols; the one in use is our own.
            if trimmed == "</defs>" {
                isBody = true
            } else if isBody, trimmed != "</svg>", !trimmed.isEmpty {
                lines.append(trimmed)
            }
        }
        // The canvas, a group of gnuplot's around everything, has lost its beginning with the head.
        if lines.last == "</g>" { lines.removeLast() }
        let body = ThemedDrawing.withoutEmptyGroups(lines.map(themed)).joined(separator: "\n")
        let names = "\(identifier)-title \(identifier)-desc"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(ChartScript.width) \(height)" role="img" \
            aria-labelledby="\(names)">
            <title id="\(identifier)-title">\(Markup.escaped(title))</title>
            <desc id="\(identifier)-desc">\(Markup.escaped(description))</desc>
            <defs><circle id="\(identifier)-dot" r="1" fill="currentColor" stroke="none"/></defs>
            \(body)
            </svg>
            """
    }

    /// A line with the page's colours and fonts in place of the drawing's own.
    private func themed(_ line: Substring) -> String {
        var text = String(line)
        // Of the elements only these hold texts of ours; within them nothing looks like an attribute.
        guard !text.hasPrefix("<text>") else { return text }
        for (found, replacement) in [
            (" color=\"black\"", ""), (" color=\"white\"", ""), (" font-family=\"Arial\"", ""),
            (" font-family=\"sans-serif\"", ""), ("fill=\"black\"", "fill=\"var(--text)\""),
            ("xlink:href='#gpPt6'", "href=\"#\(identifier)-dot\""),
        ] { text = text.replacing(found, with: replacement) }
        text = text.replacing(/\ ?id="gnuplot_plot_\d+" ?/, with: "")
        // A tooltip would show what gnuplot was asked to draw.
        text = text.replacing(/<title>(gnuplot_plot_\d+|\$d\d+ using [\d:]+)<\/title>/, with: "")
        return text.replacing(/rgb\( *(\d+), *(\d+), *(\d+)\)/) { match in
            guard let red = Int(match.1), let green = Int(match.2), let blue = Int(match.3),
                let ink = InkCode.ink(red: red, green: green, blue: blue)
            else { return String(match.0) }
            return "var(--\(ink.rawValue))"
        }
    }

    /// gnuplot opens and closes groups in which nothing is drawn.
    private static func withoutEmptyGroups(_ lines: [String]) -> [String] {
        var kept: [String] = []
        for line in lines {
            if line == "</g>", let last = kept.last, last.hasPrefix("<g"), last.hasSuffix(">"), !last.contains("</") {
                kept.removeLast()
            } else {
                kept.append(line)
            }
        }
        return kept
    }
}
