import Glibc

/// The directory of a lab's results: a recording for each trial, and trials.jsonl with a line for each.
///
/// Trials are numbered on from what is there, so that a lab can be repeated to have more of them.
actor TrialWriter {
    nonisolated let first: Int
    private nonisolated let directory: String
    private nonisolated let scenario: String
    private let file: Int32

    init(directory: String, scenario: String) throws(LabError) {
        self.directory = directory
        self.scenario = scenario
        guard TrialWriter.makeDirectory(directory) else { throw .system("no directory \(directory)", errno) }
        file = open("\(directory)/trials.jsonl", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .system("\(directory)/trials.jsonl can't be written", errno) }
        var number = 1
        while access(TrialWriter.path(directory, scenario, number), F_OK) == 0 { number += 1 }
        first = number
    }

    deinit { close(file) }

    /// With those above it.
    private static func makeDirectory(_ path: String) -> Bool {
        var status = stat()
        if stat(path, &status) == 0 {
            errno = ENOTDIR
            return status.st_mode & S_IFMT == S_IFDIR
        }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex, !makeDirectory(String(path[..<slash])) {
            return false
        }
        return mkdir(path, 0o755) == 0 || errno == EEXIST
    }

    private static func path(_ directory: String, _ scenario: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(directory)/\(scenario)-" + String(repeating: "0", count: max(0, 3 - digits.count)) + "\(digits).jsonl"
    }

    nonisolated func path(of number: Int) -> String { TrialWriter.path(directory, scenario, number) }

    /// Within the directory.
    nonisolated func name(of number: Int) -> String { String(path(of: number).dropFirst(directory.count + 1)) }

    func append(_ line: TrialLine) throws(LabError) {
        let bytes = Array((line.text + "\n").utf8)
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw .system("\(directory)/trials.jsonl can't be written", errno) }
    }
}
