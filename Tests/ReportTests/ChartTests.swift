import Foundation
import FoundationXML
import Testing

@testable import Reports

@Suite("Charts")
struct ChartTests {
    @Test("Texts are legible on either background, marks can be told from it")
    func contrast() throws {
        for colour in Palette.inks where colour.name != "grid" {
            for (ink, ground, scheme) in [
                (colour.light, Palette.background.light, "light"), (colour.dark, Palette.background.dark, "dark"),
            ] {
                let needed = ["text", "muted"].contains(colour.name) ? 4.5 : 3
                let contrast = try luminances(ink, ground)
                #expect(contrast >= needed, "\(colour.name) in the \(scheme)")
            }
        }
        #expect(Palette.inks.map(\.name) == Chart.Ink.allCases.map(\.rawValue))
        #expect(try luminances("#000000", "#ffffff") == 21)
    }

    /// WCAG's contrast ratio of two colours `#rrggbb`.
    private func luminances(_ one: String, _ other: String) throws -> Double {
        let values = try [one, other].map { colour in
            let number = try #require(Int(colour.dropFirst(), radix: 16))
            let parts = [number >> 16, number >> 8 & 255, number & 255].map { part in
                let share = Double(part) / 255
                return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }.sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }

    private func chart(_ marks: [Chart.Mark]) -> Chart {
        Chart(x: Chart.Axis("x, s"), y: Chart.Axis("y", ticks: [Chart.Tick(0, "it's `here`")]), marks: marks)
    }

    @Test("A script quotes every text and leaves out what is no number")
    func script() {
        let text = ChartScript(
            chart: chart([
                .line(
                    [Chart.Point(0, 1), Chart.Point(.nan, 2), Chart.Point(3, .infinity)], .first, dashed: false,
                    name: "a\nb'"),
                .text("c", at: Chart.Point(1, 1), .left, .text),
            ])
        ).text
        #expect(text.contains("'it''s `here`' 0.0"))
        #expect(chart([.points([], .first, name: "a")]).legend.map(\.name) == ["a"])
        #expect(text.contains("$d0 << EOD\n0.0 1.0\nEOD"))
        #expect(text.contains("set label 'c' at first 1.0,1.0 left"))
    }

    @Test("Each kind of mark is drawn, and nothing at all is no failure", .needsGnuplot)
    func marks() throws {
        let points = [Chart.Point(0, 0), Chart.Point(4, 2)]
        let bars = [Chart.Bar(at: 1, value: 2, low: 1, high: 3)]
        let kinds: [(Chart.Mark, String)] = [
            (.line(points, .first, dashed: true, name: "n"), "var(--first)"),
            (.points(points, .second, name: nil), "#f-dot"),
            (.boxes([Chart.Box(x: 0...2, y: 0...1)], .third, faint: true, name: nil), "fill-opacity"),
            (.horizontalBars(bars, .fourth, name: nil), "var(--fourth)"),
            (.verticalBars(bars, .fifth, name: nil), "var(--fifth)"),
            (.text("words <here>", at: Chart.Point(1, 1), .center, .text), "words &lt;here"),
            (.verticalRule(1, "knee", .alert), "var(--alert)"), (.horizontalRule(1, "limit", .alert), "limit"),
        ]
        let gnuplot = try Gnuplot()
        for (mark, expected) in kinds {
            let script = ChartScript(chart: chart([mark, .points(points, .muted, name: nil)])).text
            let svg = ThemedDrawing(identifier: "f", title: "t", description: "d", height: 320)
                .markup(of: try gnuplot.draw(script))
            #expect(svg.contains(expected), "\(mark)")
            #expect(!svg.contains("rgb(") && !svg.contains("gnuplot"), "\(mark)")
            #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(mark)")
        }
        var empty = chart([])
        (empty.x.low, empty.x.high, empty.y.low, empty.y.high) = (0, 1, 0, 1)
        #expect(try gnuplot.draw(ChartScript(chart: empty).text).contains("</svg>"))
    }

    @Test("Without gnuplot, or with one that fails, it says what to install")
    func absence() throws {
        #expect(throws: Gnuplot.Failure.absent) { try Gnuplot(searching: "/nowhere") }
        #expect(Gnuplot.Failure.absent.description.contains("apt-get install gnuplot-nox"))
        let directory = FileManager.default.temporaryDirectory.appending(path: "rehearse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let program = directory.appending(path: "gnuplot").path
        try Data("#!/bin/sh\necho broken >&2\nexit 3\n".utf8).write(to: URL(filePath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        #expect(throws: Gnuplot.Failure.failed("broken")) { try Gnuplot(searching: directory.path).draw("plot x") }
    }
}
