import Foundation

/// Draws charts by gnuplot: commands to its standard input, SVG from its standard output, no files.
package struct Gnuplot: Sendable {
    /// The program's path.
    private let program: String

    /// Why there is no drawing.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case absent
        case failed(String)

        package var description: String {
            switch self {
            case .absent:
                "gnuplot: not found: charts are drawn by it; install it (Debian: apt-get install gnuplot-nox), "
                    + "write FILE.md, or add --no-figures"
            case .failed(let reason):
                "gnuplot: it drew nothing: \(reason); install 5.4 or later (Debian: gnuplot-nox), or add --no-figures"
            }
        }
    }

    /// The gnuplot along PATH.
    package init(searching path: String = ProcessInfo.processInfo.environment["PATH"] ?? "") throws(Failure) {
        let candidates = path.split(separator: ":").map { "\($0)/gnuplot" }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw .absent
        }
        program = found
    }

    /// The SVG as gnuplot writes it.
    func draw(_ script: String) throws(Failure) -> String {
        let process = Process()
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.executableURL = URL(filePath: program)
        // No start-up file, no history and no locale of the user's may change a drawing.
        process.arguments = ["--default-settings", "-"]
        process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { throw .failed(error.localizedDescription) }
        let complaints = Collected()
        let readers = DispatchGroup()
        DispatchQueue.global().async(group: readers) {
            complaints.data = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
        }
        DispatchQueue.global().async(group: readers) {
            // One that ends early is known by its status.
            try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
            try? input.fileHandleForWriting.close()
        }
        let drawing = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        readers.wait()
        process.waitUntilExit()
        guard process.terminationStatus == 0, !drawing.isEmpty else {
            let lines = String(decoding: complaints.data, as: UTF8.self).split(whereSeparator: \.isNewline)
            throw .failed(lines.last.map(String.init) ?? "status \(process.terminationStatus)")
        }
        return String(decoding: drawing, as: UTF8.self)
    }

    /// Written by one thread before another is told so by a group.
    private final class Collected: @unchecked Sendable { var data = Data() }
}
