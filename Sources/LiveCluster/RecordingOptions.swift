/// How a live cluster is watched.
package struct RecordingOptions: Sendable {
    /// Between two polls of one node's CLUSTER NODES.
    package var interval: Duration
    /// Addresses and ids are replaced in the recording, consistently.
    package var redacts: Bool

    package init(interval: Duration = .milliseconds(50), redacts: Bool = false) {
        self.interval = interval
        self.redacts = redacts
    }
}
