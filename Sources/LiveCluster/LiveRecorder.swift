import NIOCore
import NIOPosix
package import Recording
package import RedisClient
package import RedisCluster

/// Why a cluster can't be recorded.
package enum LiveClusterError: Error, Equatable, CustomStringConvertible {
    /// What each of the given addresses said.
    case noAnswer([String])
    /// It was stopped before anybody had answered.
    case stopped

    package var description: String {
        switch self {
        case .noAnswer(let reasons): reasons.joined(separator: "; ")
        case .stopped: "stopped before any node had answered"
        }
    }
}

/// Who is told while a recording grows. Called on the recorder's own thread, which must not be kept waiting.
package struct LiveObserver: Sendable {
    /// What was recorded, as it was seen: redaction concerns the file only.
    package var entries: @Sendable ([Recording.Entry]) -> Void
    /// What hinders the recording, each once.
    package var problem: @Sendable (String) -> Void

    package init(
        entries: @escaping @Sendable ([Recording.Entry]) -> Void = { _ in },
        problem: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.entries = entries
        self.problem = problem
    }
}

/// What a recording came to.
package struct RecordingSummary: Sendable, Equatable {
    package var nodes: Set<NodeName> = []
    /// Replies to CLUSTER NODES.
    package var polls = 0
    package var changes = 0
    package var notes = 0
    package var bytes: Int64 = 0

    mutating func count(_ entries: [Recording.Entry]) {
        for entry in entries {
            switch entry {
            case .server(let server): nodes.insert(server.id)
            case .view(let view): nodes.insert(view.observer)
            case .change: changes += 1
            case .note: notes += 1
            case .status, .silence: break
            }
        }
    }
}

/// Records a live cluster until it is stopped. Everything happens on one event loop.
package final class LiveRecorder: Sendable {
    /// Of CLOCK_MONOTONIC, in ns: what times in the recording count from.
    package let origin: UInt64
    private let core: NIOLoopBound<RecorderCore>
    private let end: EventLoopFuture<Void>

    private init(origin: UInt64, core: NIOLoopBound<RecorderCore>, end: EventLoopFuture<Void>) {
        self.origin = origin
        self.core = core
        self.end = end
    }

    deinit {
        let core = core
        core.eventLoop.execute { _ = core.value.close() }
    }

    /// Where a recording goes.
    package struct Destination: Sendable {
        package var path: String
        package var mode: RecordingWriter.Mode

        package init(path: String, mode: RecordingWriter.Mode = .create) {
            self.path = path
            self.mode = mode
        }
    }

    /// Begins, and returns when the first node has answered.
    ///
    /// - Parameters:
    ///   - seeds: one or more nodes; all others are found through them.
    ///   - destination: the file; without one, only the observer is told.
    /// - Throws: LiveClusterError where no seed answers, RecordingError where the file can't be written.
    package static func start(
        seeds: [ServerAddress], options: RecordingOptions = RecordingOptions(),
        connection: ConnectionOptions = ConnectionOptions(), to destination: Destination? = nil,
        observer: LiveObserver = LiveObserver()
    ) async throws -> LiveRecorder {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let contact = loop.makePromise(of: Void.self)
        let end = loop.makePromise(of: Void.self)
        let start = NIODeadline.now()
        let header = Recording.Header(
            startedAt: WallClock.microseconds, interval: options.interval.microseconds, isRedacted: options.redacts)
        var connection = connection
        connection.connectTimeout = options.connectTimeout
        connection.replyTimeout = options.replyTimeout
        let core = try await loop.submit { [connection] in
            let core = RecorderCore(
                loop: loop, origin: start, seeds: Set(seeds).count, options: options, connection: connection,
                observer: observer, contact: contact, end: end)
            core.begin(seeds)
            return NIOLoopBound(core, eventLoop: loop)
        }.get()
        let recorder = LiveRecorder(origin: start.uptimeNanoseconds, core: core, end: end.futureResult)
        do {
            try await contact.futureResult.get()
            try await loop.submit { try core.value.open(destination, header) }.get()
            return recorder
        } catch {
            _ = try? await recorder.stop()
            throw error
        }
    }

    /// Records what was done to the cluster.
    ///
    /// - Parameters:
    ///   - action: where a machine did it, the step's name (`kill`, `freeze`, ...), and `targets` whom it hit.
    ///   - instant: when, of CLOCK_MONOTONIC in ns; now if not given.
    package func note(
        _ text: String, action: String? = nil, targets: [NodeName] = [], at instant: UInt64? = nil
    ) async throws {
        let core = core
        try await core.eventLoop.submit {
            core.value.note(Note(at: 0, text: text, action: action, targets: targets), at: instant)
        }.get()
    }

    /// What kubectl says of the pods now.
    package func show(_ pods: [PodObservation]) {
        let core = core
        core.eventLoop.execute { core.value.show(pods) }
    }

    /// Tells the observer of a problem, if it is a new one.
    package func report(_ problem: String) {
        let core = core
        core.eventLoop.execute { core.value.report(problem) }
    }

    /// Returns when the recorder is stopped. Throws RecordingError when the file can't be written any more.
    package func wait() async throws { try await end.get() }

    /// Ends the recording; the file is complete when this returns. May be called again.
    ///
    /// - Throws: RecordingError if not everything could be written.
    @discardableResult
    package func stop() async throws -> RecordingSummary {
        let core = core
        let summary = try await core.eventLoop.submit { core.value.close() }.get()
        try await end.get()
        return summary
    }
}
