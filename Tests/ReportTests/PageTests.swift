import Foundation
import Testing

@testable import Reports

@Suite("Reports of results")
struct PageTests {
    @Test("A report has its parts in their order")
    func order() throws {
        let page = try HTMLPage(ReportBuilder.reports(of: [Samples.forecast()]), gnuplot: nil).text()
        let parts = [
            "What of small?", "Some slot takes no writes for 7.00 s (95 %: 6.90 to 7.10 s)", "What repeats it",
            "rehearse run small", "00ff", "What is assumed", "One number behind this is a guess",
            "environment.nfs.commit", "environment.nfs.lease", "What is not modelled", "Memory.",
            "How far this was validated", "Not validated against your cluster.", "How long slots take no writes",
            "What happens when", "Where the servers are", "a pod is stuck", "What the answer depends on",
        ]
        var rest = page[...]
        for part in parts {
            let found = try #require(rest.range(of: part), "\(part) is missing, or not in its place")
            rest = rest[found.upperBound...]
        }
        #expect(page.contains("longer than 60 s (95 %: 9.50 s or more) at the 99th percentile"))
    }

    @Test("What is to be copied stays as it is: lines, blanks, and fences of its own")
    func code() throws {
        let lines = ["spec:", "  maxUnavailable: 1", "# ``` <b>"]
        var report = Report(title: "t", question: nil, answer: ["a"])
        report.sections = [Report.Section("s", [.code(lines)])]
        #expect(MarkdownPage([report]).text.contains("\n````\nspec:\n  maxUnavailable: 1\n# ``` <b>\n````\n"))
        let html = try HTMLPage([report], gnuplot: nil).text()
        #expect(html.contains("<code>spec:\n  maxUnavailable: 1\n# ``` &lt;b&gt;</code></pre>"))
    }

    @Test("A replay beside a forecast is its validation")
    func validation() throws {
        let reports = ReportBuilder.reports(of: [try Samples.forecast(), try Samples.result(Samples.replay)])
        let statement =
            "Held against 1 recording of redis:7.0: agrees. "
            + "Of 90 transitions 91.0 % came within the predicted 90 % range, 95 %: 84.0 to 95.0 %."
        #expect(reports[0].validation.first == statement)
        #expect(reports[1].answer.first == statement)
        #expect(reports[0].validation.count == 3 && reports[1].validation.count == 1)
    }

    @Test("Names from a user's files are text and nothing else, in every form", .needsGnuplot)
    func hostile() throws {
        let name = Samples.hostileName
        let reports = ReportBuilder.reports(of: [try Samples.forecast(named: name, worker: name)])
        let directory = FileManager.default.currentDirectoryPath
        let page = try HTMLPage(reports, gnuplot: Gnuplot()).text()
        #expect(!FileManager.default.fileExists(atPath: directory + "/owned"))
        #expect(!page.contains("<script") && !page.contains("\u{202e}"))
        // In the drawing as elsewhere.
        #expect(page.components(separatedBy: "&lt;script&gt;alert(1)&lt;/script&gt;").count > 4)
        // Between backquotes, more than the command has, nothing is markup.
        let lines = MarkdownPage(reports).text.split(separator: "\n").filter { !$0.hasPrefix("- Command: `` rehearse") }
        let markdown = lines.joined(separator: "\n")
        #expect(!markdown.contains("<script") && !markdown.contains(" **x**"))
        #expect(markdown.contains("\\`touch owned\\`"))
    }

    @Test("A page holds no script, no style sheet, image or font of elsewhere, and forbids them")
    func selfContained() throws {
        let page = try HTMLPage(ReportBuilder.reports(of: [Samples.forecast()]), gnuplot: nil).text()
        for word in ["<script", "src=", "@import", "url(", "https://"] { #expect(!page.contains(word), "\(word)") }
        #expect(page.contains("default-src 'none'"))
    }

    @Test("The same result gives the same bytes", .needsGnuplot)
    func sameBytes() throws {
        func page() throws -> String {
            try HTMLPage(ReportBuilder.reports(of: [Samples.forecast()]), gnuplot: Gnuplot()).text()
        }
        let first = try page()
        #expect(first == (try page()))
        #expect(first.components(separatedBy: "<svg").count == 6, "five charts")
        // Every colour is the page's, and every name in it belongs to one figure.
        #expect(!first.contains("rgb("))
        let names = first.matches(of: /id="([^"]+)"/).map { String($0.1) }
        #expect(Set(names).count == names.count)
    }

    @Test("A drawing says in words what it is")
    func alternatives() throws {
        let reports = ReportBuilder.reports(of: [try Samples.forecast(), try Samples.result(Samples.replay)])
        let figures = reports.flatMap(\.sections).flatMap(\.blocks).compactMap { block -> Report.Figure? in
            if case .figure(let figure) = block { figure } else { nil }
        }
        #expect(figures.count == 7)
        for figure in figures {
            #expect(!figure.title.isEmpty && figure.description.count > 20 && !figure.numbers.rows.isEmpty)
            let svg = ThemedDrawing(identifier: "f", title: figure.title, description: figure.description, height: 9)
                .markup(of: "<defs>\n</defs>\n<path/>\n</g>\n</svg>\n")
            #expect(svg.contains("role=\"img\" aria-labelledby=\"f-title f-desc\""))
            #expect(svg.contains("<path/>\n</svg>"))
        }
    }

    @Test("A result of another command becomes tables")
    func plain() throws {
        let text =
            #"{"format": "rehearse.other/v1", "model": "m", "verdict": "It fits.", "headRoom": 3, "rows": "#
            + #"[{"a": 1, "b": null}, {"a": 2, "c": "x|y"}], "names": ["p", "q"]}"#
        let markdown = MarkdownPage(ReportBuilder.reports(of: [try Samples.result(text)])).text
        #expect(markdown.hasPrefix("# m, other\n\n**It fits.**"))
        #expect(markdown.contains("| Head room | 3 |"))
        #expect(markdown.contains("| A | B | C |\n| --- | --- | --- |\n| 1 | - | - |\n| 2 | - | x\\|y |"))
        #expect(markdown.contains("- p\n- q"))
    }

    @Test("An index has each answer in a line")
    func index() throws {
        let text = ReportIndex([try Samples.forecast(), try Samples.result(Samples.replay, name: "a/live run.json")])
            .text
        #expect(text.contains("| [small: kill](result.html) | Some slot takes no writes for 7.00 s"))
        #expect(text.contains("(live-run.html) | Held against 1 recording"))
    }
}

@Suite("What is no result")
struct DamagedResultTests {
    @Test("What is wrong is said with its place")
    func places() {
        func fault(_ text: String) -> ResultFile.Fault? {
            do throws(ResultFile.Fault) {
                _ = try ResultFile(name: "x", bytes: Array(text.utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(fault("{\n  \"ä\": x}").map { [$0.line, $0.column] } == [2, 8])
        #expect(fault("")?.what == "no JSON")
        #expect(fault("[]")?.what == "no result")
        #expect(fault(#"{"format": "other"}"#)?.what == "no result")
    }

    @Test("No damage to a result's values crashes a report", arguments: [0, 1, 2, 3])
    func damage(_ kind: Int) throws {
        let replacement = ["null", "-1e308", "\"text\"", "[[]]"][kind]
        for text in try [Samples.replay, Samples.forecastText()] {
            for match in text.matches(of: /: (-?[0-9.]+|"[^"]*"|null)/) {
                let value = match.output.1
                guard !value.hasPrefix("\"rehearse.") else { continue }
                let damaged = text.replacingCharacters(in: value.startIndex..<value.endIndex, with: replacement)
                let reports = ReportBuilder.reports(of: [try Samples.result(damaged)])
                #expect(!MarkdownPage(reports).text.isEmpty)
                for case .figure(let figure) in reports.flatMap(\.sections).flatMap(\.blocks) {
                    #expect(!ChartScript(chart: figure.chart).text.isEmpty)
                }
            }
        }
    }
}
