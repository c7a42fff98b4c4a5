import Foundation

/// The results of a sweep, one JSON object a line, written while it runs: what a stopped sweep continues from.
///
/// Lines are appended whole and in the order of alternatives and replications, so a journal that was continued holds
/// the same bytes as one that never stopped. What the system has of it survives a kill -9; after each alternative it is
/// on the disk. One process writes it at a time.
package final class SweepJournal {
    private let path: String
    private let descriptor: Int32
    private let encoder = JSONEncoder()
    /// The rows that the file held, by alternative, until they are asked for.
    private var known: [[OutcomeLine]]
    private var ended: [Bool]

    /// Opens the journal of a sweep, and makes it where there is none.
    ///
    /// - Parameter digest: of the inputs; a file made of others is refused.
    package init(path: String, digest: String, alternatives: [String]) throws(JournalError) {
        self.path = path
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        known = Array(repeating: [], count: alternatives.count)
        ended = Array(repeating: false, count: alternatives.count)
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { throw JournalError(path, why: SweepJournal.reason(errno), isOutput: true) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw JournalError(path, why: "it is not a regular file", isOutput: false)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw JournalError(path, why: "another process is writing it", isOutput: false)
        }
        let header = JournalHeader(digest: digest, alternatives: alternatives)
        let whole = try read(expecting: header)
        guard ftruncate(descriptor, off_t(whole)) == 0 else {
            throw JournalError(path, why: SweepJournal.reason(errno), isOutput: true)
        }
        if whole == 0 { try append(lines: [header]) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Rows that were in the file when it was opened.
    package var rowsFound: Int { known.reduce(0) { $0 + $1.count } }

    /// Puts the rows of an alternative that the file holds into an empty table.
    func restore(_ alternative: Int, into table: OutcomeTable) throws(JournalError) {
        guard known[alternative].count <= table.capacity else {
            throw JournalError(
                path,
                why:
                    "it holds \(known[alternative].count) replications of alternative \(alternative), and the plan has "
                    + "\(table.capacity) at most")
        }
        for line in known[alternative] {
            guard let row = line.row else {
                throw JournalError(path, why: "replication \(line.replication) of \(alternative) is damaged")
            }
            table.append(row, times: line.milestones)
        }
        known[alternative] = []
    }

    func append(_ rows: Range<Int>, of alternative: Int, _ table: OutcomeTable) throws(JournalError) {
        try append(lines: rows.map { OutcomeLine(alternative: alternative, replication: $0, of: table) })
    }

    /// The alternative is complete, and on the disk when this returns.
    func end(_ alternative: Int, replications: Int) throws(JournalError) {
        guard !ended[alternative] else { return }
        try append(lines: [AlternativeEndLine(alternative: alternative, replications: replications)])
        guard fsync(descriptor) == 0 else {
            throw JournalError(path, why: SweepJournal.reason(errno), isOutput: true)
        }
    }

    // MARK: Writing

    private func append(lines: [some Encodable]) throws(JournalError) {
        var bytes = Data()
        for line in lines {
            guard let encoded = try? encoder.encode(line) else {
                throw JournalError(path, why: "a result can't be written as JSON", isOutput: true)
            }
            bytes.append(encoded)
            bytes.append(0x0A)
        }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw JournalError(path, why: SweepJournal.reason(errno), isOutput: true) }
            written += count
        }
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }

    // MARK: Reading

    /// Takes in what the file holds; the bytes up to the end of its last whole line.
    private func read(expecting header: JournalHeader) throws(JournalError) -> Int {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        let data: Data
        do { data = try handle.readToEnd() ?? Data() } catch {
            throw JournalError(path, why: "it can't be read")
        }
        var start = data.startIndex
        var number = 0
        var place = Place()
        let decoder = JSONDecoder()
        // What follows the last line feed was cut off when its writer was killed.
        while let end = data[start...].firstIndex(of: 0x0A) {
            number += 1
            let line = data[start..<end]
            if number == 1 {
                try check(line, header, decoder)
            } else {
                try take(line, number, &place, decoder)
            }
            start = end + 1
        }
        // A journal whose writer was killed in its first line holds the beginning of that line, and nothing else.
        if number == 0, let first = try? encoder.encode(header), !first.starts(with: data) {
            throw JournalError(path, line: 1, why: "it is not a journal of this tool", isOutput: false)
        }
        return start - data.startIndex
    }

    /// Where reading stands: the next line is this one.
    private struct Place {
        var alternative = 0
        var replication = 0
    }

    private func check(_ line: Data, _ header: JournalHeader, _ decoder: JSONDecoder) throws(JournalError) {
        guard let found = try? decoder.decode(JournalHeader.self, from: line), found.format == header.format else {
            throw JournalError(path, line: 1, why: "it is not a journal of this tool", isOutput: false)
        }
        guard found == header else {
            throw JournalError(
                path, line: 1,
                why: "it holds results of other inputs: another model, scenario, seed, option or version",
                isOutput: false)
        }
    }

    private func take(
        _ line: Data, _ number: Int, _ place: inout Place, _ decoder: JSONDecoder
    ) throws(JournalError) {
        if let row = try? decoder.decode(OutcomeLine.self, from: line), row.alternative == place.alternative,
            known.indices.contains(row.alternative), row.replication == place.replication
        {
            known[row.alternative].append(row)
            place.replication += 1
        } else if let end = try? decoder.decode(AlternativeEndLine.self, from: line),
            end.alternative == place.alternative, known.indices.contains(end.alternative),
            end.replications == place.replication
        {
            ended[end.alternative] = true
            place = Place(alternative: end.alternative + 1)
        } else {
            throw JournalError(
                path, line: number,
                why: "expected was replication \(place.replication) of alternative \(place.alternative)",
                isOutput: false)
        }
    }
}

/// Why a journal can't be used.
package struct JournalError: Error, Sendable, Equatable, CustomStringConvertible {
    package let path: String
    package let line: Int
    package let why: String
    /// The system refused to write, rather than the file being the wrong one.
    package let isOutput: Bool

    init(_ path: String, line: Int = 1, why: String, isOutput: Bool = false) {
        (self.path, self.line, self.why, self.isOutput) = (path, line, why, isOutput)
    }

    package var description: String {
        let instead = isOutput ? "name a file that can be written" : "name another file, or delete this one"
        return "\(path):\(line):1: can't be continued: \(why); \(instead)"
    }
}
