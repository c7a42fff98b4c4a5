package import RedisCluster

/// What was seen of a live cluster, by whom, and between which two replies.
///
/// Polling never sees a moment, so every change carries an interval: it came about after the last question was sent
/// whose answer still showed the old state, and before the first answer with the new one was read. Times are µs after
/// the recording's start on a monotonic clock; `Header.startedAt` ties them to the wall clock.
package struct Recording: Sendable, Equatable {
    package var header: Header
    package var entries: [Entry]

    package init(header: Header, entries: [Entry] = []) {
        self.header = header
        self.entries = entries
    }

    package struct Header: Sendable, Equatable {
        /// Of the format; 1.
        package var version: Int
        /// Wall clock of the start, µs since the epoch.
        package var startedAt: Int64
        /// Between two polls of one node, µs.
        package var interval: Int64
        /// Addresses and ids were replaced, consistently.
        package var isRedacted: Bool

        package init(version: Int = 1, startedAt: Int64, interval: Int64, isRedacted: Bool = false) {
            self.version = version
            self.startedAt = startedAt
            self.interval = interval
            self.isRedacted = isRedacted
        }
    }

    package enum Entry: Sendable, Equatable {
        /// A server was found, or came back with another run id, version, address or configuration.
        case server(ObservedServer)
        /// A node's CLUSTER NODES for the first time, or after a silence.
        case view(ObservedView)
        /// Lines of a node's CLUSTER NODES that changed (pings and pongs alone are no change), and ids that went.
        case change(ObservedChange)
        /// Fields of CLUSTER INFO, ROLE or INFO that changed.
        case status(ObservedStatus)
        /// A node stopped answering, or answers again.
        case silence(ObservedSilence)
        /// What was done to the cluster.
        case note(Note)
    }
}

/// Between two replies, in µs after the recording's start.
///
/// `after` is when the question was sent that was answered first, so that a change always lies within. Where nothing
/// was known before (the first view), it is when the question was sent that was answered at `before`.
package struct ObservedInterval: Sendable, Equatable {
    package var after: Int64
    package var before: Int64

    package init(after: Int64, before: Int64) {
        self.after = after
        self.before = before
    }
}

package struct ObservedServer: Sendable, Equatable {
    package var at: Int64
    package var id: NodeName
    /// As the recorder reaches it.
    package var address: NodeAddress
    package var runID: String
    /// `redis` or `valkey`.
    package var product: String
    package var version: String
    /// Directives that the simulation asks for, by name, as CONFIG GET answers.
    package var configuration: [Setting]
    /// From kubectl, where it was asked.
    package var pod: String?
    package var worker: String?
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`; or `Terminating` once the pod is being deleted.
    package var podPhase: String?

    package struct Setting: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        at: Int64, id: NodeName, address: NodeAddress, runID: String, product: String, version: String,
        configuration: [Setting], pod: String? = nil, worker: String? = nil,
        podPhase: String? = nil
    ) {
        self.at = at
        self.id = id
        self.address = address
        self.runID = runID
        self.product = product
        self.version = version
        self.configuration = configuration
        self.pod = pod
        self.worker = worker
        self.podPhase = podPhase
    }
}

package struct ObservedView: Sendable, Equatable {
    package var interval: ObservedInterval
    package var observer: NodeName
    package var view: ClusterView

    package init(interval: ObservedInterval, observer: NodeName, view: ClusterView) {
        self.interval = interval
        self.observer = observer
        self.view = view
    }
}

package struct ObservedChange: Sendable, Equatable {
    package var interval: ObservedInterval
    package var observer: NodeName
    /// As they are now, whole: `pingSent` tells since when a ping is unanswered.
    package var lines: [ClusterView.Node]
    package var gone: [NodeName]

    package init(interval: ObservedInterval, observer: NodeName, lines: [ClusterView.Node], gone: [NodeName]) {
        self.interval = interval
        self.observer = observer
        self.lines = lines
        self.gone = gone
    }
}

package struct ObservedStatus: Sendable, Equatable {
    package var interval: ObservedInterval
    package var observer: NodeName
    /// `cluster_state`, `cluster_current_epoch`, `role`, `master_link_status`, `master_repl_offset`, ...
    package var fields: [ObservedServer.Setting]

    package init(interval: ObservedInterval, observer: NodeName, fields: [ObservedServer.Setting]) {
        self.interval = interval
        self.observer = observer
        self.fields = fields
    }
}

package struct ObservedSilence: Sendable, Equatable {
    package var interval: ObservedInterval
    package var observer: NodeName
    package var kind: Kind

    package enum Kind: String, Sendable, CaseIterable {
        /// The connection was refused or reset.
        case refused
        /// Nothing came in time.
        case timeout
        /// The server answers, but loads its data.
        case loading
        case answers
    }

    package init(interval: ObservedInterval, observer: NodeName, kind: Kind) {
        self.interval = interval
        self.observer = observer
        self.kind = kind
    }
}

/// What was done to the cluster and when, said by whoever did it.
package struct Note: Sendable, Equatable {
    package var at: Int64
    package var text: String
    /// The step of the scenario, where a machine wrote the note: `kill`, `freeze`, `thaw`, `terminate`, `start`, `cut`,
    /// `heal`, `failover`; and whom it hit.
    package var action: String?
    package var targets: [NodeName]

    package init(at: Int64, text: String, action: String? = nil, targets: [NodeName] = []) {
        self.at = at
        self.text = text
        self.action = action
        self.targets = targets
    }
}
