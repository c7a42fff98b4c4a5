/// How a live cluster is watched.
package struct RecordingOptions: Sendable {
    /// Between two polls of one node's CLUSTER NODES and CLUSTER INFO; 5 ms at least.
    package var interval: Duration
    /// Addresses, ids and names are replaced in the recording, consistently.
    package var redacts: Bool
    /// Between two polls of one node's ROLE and INFO.
    package var statusInterval: Duration
    /// Between two polls of one node's configuration.
    package var configurationInterval: Duration
    /// A node that has not answered for this long counts as silent. Its answer is still waited for.
    package var silenceAfter: Duration
    /// A connection whose answer takes longer is given up.
    package var replyTimeout: Duration
    package var connectTimeout: Duration

    package init(
        interval: Duration = .milliseconds(50), redacts: Bool = false, statusInterval: Duration = .seconds(1),
        configurationInterval: Duration = .seconds(10), silenceAfter: Duration = .seconds(1),
        replyTimeout: Duration = .seconds(5), connectTimeout: Duration = .seconds(1)
    ) {
        self.interval = interval
        self.redacts = redacts
        self.statusInterval = statusInterval
        self.configurationInterval = configurationInterval
        self.silenceAfter = silenceAfter
        self.replyTimeout = replyTimeout
        self.connectTimeout = connectTimeout
    }

    package static let shortestInterval = Duration.milliseconds(5)
    package static let longestInterval = Duration.seconds(60)

    /// A lost server is looked for at the interval first, then twice as rarely each time, down to this.
    static let slowestReconnect = Duration.milliseconds(200)
}

extension Duration {
    /// Whole µs.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
