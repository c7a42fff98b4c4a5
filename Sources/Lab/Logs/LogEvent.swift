package import RedisCluster

/// One line of a server's log that says something about the cluster, with its instant.
package struct LogEvent: Sendable, Equatable {
    /// Unix µs. Servers write whole ms, cut off; this is the middle of that ms, so that differences are unbiased.
    package var time: Int64
    package var kind: Kind

    /// The words are those of Redis 6.2 to 7.4 and Valkey 7.2 to 9.1, read from their binaries and their logs.
    package enum Kind: Sendable, Equatable {
        /// PFAIL: this node's own ping went unanswered. Redis logs it at debug, Valkey 8 and later at notice.
        case suspected(NodeName)
        /// FAIL by this node's own count of reports.
        case failed(NodeName)
        /// FAIL learnt from another node's message.
        case toldFailed(NodeName)
        case cleared(NodeName)
        case stateOk, stateFail
        case electionScheduled, electionStarted, electionWon
        /// CLUSTER FAILOVER TAKEOVER.
        case takenOver
        /// Follows another master from now on; a master that logs it is one no longer.
        case follows(NodeName)
        /// A full or a partial synchronisation with the master is complete.
        case synchronised
        /// The server serves clients.
        case ready
    }

    package init(time: Int64, kind: Kind) {
        self.time = time
        self.kind = kind
    }
}

extension LogEvent {
    /// Reads a line of the default (`legacy`) format, written by a server whose time zone is UTC; nil for lines that
    /// say nothing about the cluster.
    package init?(line: Substring) {
        // `123:M 22 Nov 2026 18:47:12.345 * Cluster state changed: ok`
        let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false)
        guard words.count == 7, let kind = Kind(message: words[6]), let time = LogEvent.instant(words[1...4]) else {
            return nil
        }
        self.init(time: time, kind: kind)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Unix µs of `22 Nov 2026 18:47:12.345`.
    private static func instant(_ words: ArraySlice<Substring>) -> Int64? {
        let words = Array(words)
        let clock = words[3].split(whereSeparator: { $0 == ":" || $0 == "." })
        guard let day = Int64(words[0]), let month = months.firstIndex(of: String(words[1])),
            let year = Int64(words[2]),
            (1...31).contains(day), (1970...9999).contains(year), clock.count == 4, clock[3].utf8.count == 3,
            let hour = Int64(clock[0]), let minute = Int64(clock[1]), let second = Int64(clock[2]),
            let millisecond = Int64(clock[3]), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second), millisecond >= 0
        else { return nil }
        let days = daysSinceEpoch(year: year, month: Int64(month) + 1, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
        return (seconds * 1000 + millisecond) * 1000 + 500
    }

    /// Days from 1 January 1970 in the Gregorian calendar, whose years are counted from March so that leap days end
    /// them.
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}

extension LogEvent.Kind {
    /// What a message says, whichever version wrote it.
    init?(message: Substring) {
        let text = message.hasPrefix("*** ") ? message.dropFirst(4) : message
        if let kind = Self.aboutANode(text) ?? Self.aboutTheServer(text) { self = kind } else { return nil }
    }

    private static func aboutANode(_ text: Substring) -> Self? {
        if text.hasPrefix("NODE "), text.contains(" possibly failing") { return name(in: text).map { .suspected($0) } }
        if text.hasPrefix("Marking node "), text.contains(" as failing") { return name(in: text).map { .failed($0) } }
        if text.hasPrefix("FAIL message received from ") { return name(in: text, last: true).map { .toldFailed($0) } }
        if text.hasPrefix("Clear FAIL state for node ") { return name(in: text).map { .cleared($0) } }
        if text.contains("econfiguring myself as a replica of ") { return name(in: text).map { .follows($0) } }
        return nil
    }

    private static func aboutTheServer(_ text: Substring) -> Self? {
        switch true {
        case text.hasPrefix("Cluster state changed: ok"): .stateOk
        case text.hasPrefix("Cluster state changed: fail"): .stateFail
        case text.hasPrefix("Start of election delayed for "): .electionScheduled
        case text.hasPrefix("Starting a failover election for epoch "): .electionStarted
        case text.hasPrefix("Failover election won: "): .electionWon
        case text.hasPrefix("Taking over the "): .takenOver
        case text.contains(" <-> REPLICA sync: Finished with success"), text.hasPrefix("Successful partial resync"):
            .synchronised
        case text.hasPrefix("Ready to accept connections"): .ready
        default: nil
        }
    }

    /// The first node id in a message, or the last: words of 40 hex digits, with or without a colon behind them.
    /// Node names and shard ids, in parentheses or behind "shard", are none: a name may look like anything.
    private static func name(in text: Substring, last: Bool = false) -> NodeName? {
        let ids = text.prefix { $0 != ";" }.split(separator: " ")
            .compactMap { NodeName($0.prefix { $0 != ":" && $0 != "." }) }
        return last ? ids.last : ids.first
    }
}
