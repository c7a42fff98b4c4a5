import Foundation
import Testing

@testable import Reports

@Suite("Reports in a browser", .needsBrowser, .needsGnuplot, .serialized)
struct BrowserTests {
    /// Runs in a copy of the page that allows it: texts that a drawing cuts off or that lie on one another, and
    /// texts whose colour is too near the background's.
    private static let inspection = """
        <script>
        const found = [];
        const shade = c => { const p = c.match(/[\\d.]+/g).slice(0, 3).map(x => { const s = x / 255;
          return s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4); });
          return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2]; };
        const ground = shade(getComputedStyle(document.body).backgroundColor);
        document.querySelectorAll('svg').forEach(svg => {
          const frame = svg.getBoundingClientRect();
          const boxes = [];
          svg.querySelectorAll('text').forEach(t => {
            const b = t.getBoundingClientRect(), text = t.textContent.trim();
            if (!text) return;
            if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1
              || b.bottom > frame.bottom + 1) found.push('cut off: ' + text);
            for (const [o, other] of boxes) {
              if (b.left + 2 < o.right && o.left + 2 < b.right && b.top + 4 < o.bottom && o.top + 4 < b.bottom)
                found.push('on one another: ' + text + ' / ' + other);
            }
            boxes.push([b, text]);
            const light = shade(getComputedStyle(t).fill);
            const contrast = (Math.max(light, ground) + 0.05) / (Math.min(light, ground) + 0.05);
            if (contrast < 4.5) found.push('faint: ' + text);
          });
        });
        if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the window');
        const answer = document.createElement('pre');
        answer.id = 'inspection';
        answer.textContent = 'FOUND[' + found.join(';') + '] ' + getComputedStyle(document.body).backgroundColor;
        document.body.append(answer);
        </script></body>
        """

    @Test("The console is silent and nothing is asked for", arguments: Browser.Scheme.allCases)
    func silent(scheme: Browser.Scheme) throws {
        let browser = try Browser()
        defer { browser.close() }
        let reports = ReportBuilder.reports(of: [try Samples.forecast(), try Samples.result(Samples.replay)])
        let visit = try browser.visit(try HTMLPage(reports, gnuplot: Gnuplot()).text(), scheme)
        #expect(visit.console.isEmpty && visit.requests.isEmpty)
        #expect(visit.document.contains("</svg>") && visit.document.contains("What repeats it"))
    }

    @Test("The browser would have noticed")
    func control() throws {
        let browser = try Browser()
        defer { browser.close() }
        let visit = try browser.visit(
            "<!DOCTYPE html><img src=\"http://127.0.0.1:9/x.png\"><script>console.error('a fault')</script>")
        #expect(visit.console.contains { $0.contains("a fault") })
        #expect(visit.requests.contains { $0.contains("http://127.0.0.1:9/x.png") })
    }

    @Test("Every text of every chart is whole, free of others and legible", arguments: Browser.Scheme.allCases)
    func legible(scheme: Browser.Scheme) throws {
        let browser = try Browser()
        defer { browser.close() }
        let results = [try Samples.forecast(), try Samples.result(Samples.replay)]
        let reports = ReportBuilder.reports(of: try results + Samples.shipped.map(Samples.shippedResult))
        let page = try HTMLPage(reports, gnuplot: Gnuplot()).text()
        let open = page.replacing(/<meta http-equiv[^>]*>/, with: "").replacing(
            "</body>", with: BrowserTests.inspection)
        let visit = try browser.visit(open, scheme)
        let answer = try #require(visit.document.firstMatch(of: /FOUND\[([^\]]*)\] (rgb[^<]*)</))
        #expect(answer.1.isEmpty, "\(answer.1)")
        #expect(answer.2 == (scheme == .dark ? "rgb(21, 24, 28)" : "rgb(255, 255, 255)"))
    }
}
