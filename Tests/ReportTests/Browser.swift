import Foundation
import Testing

/// A headless Chromium that looks at a file.
struct Browser {
    /// What opening a page brought about.
    struct Visit {
        /// The document after loading, as HTML.
        var document: String
        /// What the page, or the browser about it, said on the console.
        var console: [String]
        /// Addresses that the page asked for; the browser's own errands are not among them.
        var requests: [String]
    }

    /// Debian's, or nil where there is none.
    static let executable: String? = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .first(where: FileManager.default.isExecutableFile(atPath:))

    enum Scheme: Int, CaseIterable {
        case dark = 0
        case light = 1
    }

    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "rehearse-browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func close() { try? FileManager.default.removeItem(at: directory) }

    func visit(_ html: String, _ scheme: Scheme = .light) throws -> Visit {
        let page = directory.appending(path: "page.html")
        let network = directory.appending(path: "network.json")
        try Data(html.utf8).write(to: page)
        let browser = Process()
        browser.executableURL = URL(filePath: try #require(Browser.executable))
        browser.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
            "--user-data-dir=\(directory.appending(path: "profile").path)", "--enable-logging=stderr",
            "--log-net-log=\(network.path)", "--blink-settings=preferredColorScheme=\(scheme.rawValue)",
            "--window-size=1000,800", "--timeout=30000", "--dump-dom", page.absoluteString,
        ]
        let (output, errors) = (directory.appending(path: "out"), directory.appending(path: "err"))
        for file in [output, errors] { try Data().write(to: file) }
        browser.standardOutput = try FileHandle(forWritingTo: output)
        browser.standardError = try FileHandle(forWritingTo: errors)
        browser.standardInput = FileHandle.nullDevice
        try browser.run()
        let deadline = Date(timeIntervalSinceNow: 120)
        while browser.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
        if browser.isRunning { kill(browser.processIdentifier, SIGKILL) }
        browser.waitUntilExit()
        let words = try String(contentsOf: errors, encoding: .utf8).split(separator: "\n").map(String.init)
        // Each event is a line; a request's names who wanted it, for which a file is "null".
        let events = try String(contentsOf: network, encoding: .utf8).split(separator: "\n")
        let requests = events.filter { $0.contains("\"initiator\":\"null\"") && $0.contains("\"url\":\"") }
        return Visit(
            document: try String(contentsOf: output, encoding: .utf8),
            console: words.filter { $0.contains(":CONSOLE:") || $0.contains("CONSOLE(") },
            requests: requests.map(String.init).filter { !$0.contains("\"url\":\"data:") })
    }
}
