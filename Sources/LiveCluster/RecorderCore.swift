import NIOCore
import Recording
import RedisClient

/// Joins the follower, its pollers and the file. On the event loop only.
final class RecorderCore {
    let loop: any EventLoop
    let connectionOptions: ConnectionOptions
    let interval: TimeAmount
    let statusInterval: TimeAmount
    let configurationInterval: TimeAmount
    let silenceAfter: TimeAmount
    private let origin: NIODeadline
    private let seeds: Int
    private var follower: ClusterFollower
    private var pollers: [ClusterFollower.PlaceID: NodePoller] = [:]
    private var redactor: Redactor?
    private var writer: RecordingWriter?
    /// Recorded before there was a file.
    private var pending: [Recording.Entry]? = []
    private let observer: LiveObserver
    private var reported: Set<String> = []
    /// The latest trouble of each seed, by place.
    private var seedFailures: [ClusterFollower.PlaceID: RedisError] = [:]
    /// Succeeds with the first view, fails when no seed gives one.
    private var contact: EventLoopPromise<Void>?
    /// Fails when the file can't be written.
    private let end: EventLoopPromise<Void>
    private var isClosed = false
    private var hasFailed = false
    private var summary = RecordingSummary()

    init(
        loop: any EventLoop, origin: NIODeadline, seeds: Int, options: RecordingOptions,
        connection: ConnectionOptions, observer: LiveObserver, contact: EventLoopPromise<Void>,
        end: EventLoopPromise<Void>
    ) {
        self.loop = loop
        self.origin = origin
        self.seeds = seeds
        self.observer = observer
        self.contact = contact
        self.end = end
        connectionOptions = connection
        interval = TimeAmount(options.interval)
        statusInterval = TimeAmount(options.statusInterval)
        configurationInterval = TimeAmount(options.configurationInterval)
        silenceAfter = TimeAmount(options.silenceAfter)
        follower = ClusterFollower(interval: options.interval.microseconds)
        redactor = options.redacts ? Redactor() : nil
    }

    func begin(_ seeds: [ServerAddress]) { handle(follower.begin(seeds: seeds), from: nil) }

    /// From now on entries are written, what came before first. Throws RecordingError.
    func open(_ destination: LiveRecorder.Destination?, _ header: Recording.Header) throws(RecordingError) {
        if let destination {
            writer = try RecordingWriter(path: destination.path, mode: destination.mode, header: header)
        }
        let entries = pending ?? []
        pending = nil
        try writer?.append(entries)
    }

    /// The end of all; a sign of life of each node says until when nothing else happened.
    func close() -> RecordingSummary {
        guard !isClosed else { return summary }
        record(follower.signsOfLife())
        isClosed = true
        for place in pollers.keys.sorted() { pollers[place]?.stop() }
        pollers.removeAll()
        writer = nil
        contact?.fail(LiveClusterError.stopped)
        contact = nil
        if !hasFailed { end.succeed() }
        return summary
    }

    // MARK: What the pollers report

    /// Whether there was anything new.
    @discardableResult
    func answered(_ place: ClusterFollower.PlaceID, _ answer: PollAnswer, _ reply: TimedReply) -> Bool {
        let output = follower.answered(
            place, answer, sent: time(reply.sentAt), received: time(reply.receivedAt))
        if case .nodes = answer {
            summary.polls += 1
            if output.problem == nil {
                contact?.succeed()
                contact = nil
            }
        }
        handle(output, from: place)
        return output.isNews
    }

    func failed(_ place: ClusterFollower.PlaceID, _ failure: PollFailure, _ error: RedisError, asked: NIODeadline) {
        let address = follower.places[place]?.address
        // Before the first contact it is one of the reasons why there is none.
        if contact == nil, case .unusable(let words) = failure, let address { report("\(address): \(words)") }
        if contact != nil, follower.places[place]?.isSeed == true {
            seedFailures[place] = error
            if seedFailures.count == seeds {
                let reasons = seedFailures.keys.sorted().compactMap { place in
                    follower.places[place].map { "\($0.address): \(seedFailures[place]?.description ?? "")" }
                }
                contact?.fail(LiveClusterError.noAnswer(reasons))
                contact = nil
            }
        }
        handle(follower.failed(place, failure, asked: time(asked), failed: time(.now())), from: place)
    }

    func overdue(_ place: ClusterFollower.PlaceID, asked: NIODeadline) {
        handle(follower.overdue(place, asked: time(asked), at: time(.now())), from: place)
    }

    func show(_ pods: [PodObservation]) { handle(follower.show(pods, at: time(.now())), from: nil) }

    func report(_ problem: String) {
        guard reported.count < RecorderCore.mostProblems, reported.insert(problem).inserted else { return }
        observer.problem(problem)
    }

    /// Kept apart by their words; more than these are not worth the memory.
    private static let mostProblems = 1000

    /// - Parameter instant: of CLOCK_MONOTONIC in ns; now if not given.
    func note(_ note: Note, at instant: UInt64?) {
        var note = note
        note.at = time(instant.map { .uptimeNanoseconds($0) } ?? .now())
        record([.note(note)])
    }

    /// µs after the start.
    private func time(_ instant: NIODeadline) -> Int64 { (instant - origin).nanoseconds / 1000 }

    // MARK: What the follower wants

    private func handle(_ output: ClusterFollower.Output, from place: ClusterFollower.PlaceID?) {
        record(output.entries)
        if let problem = output.problem, let place, let address = follower.places[place]?.address {
            report("\(address): \(problem)")
        }
        for action in output.actions {
            switch action {
            case .start(let place, let address):
                let poller = NodePoller(place: place, address: address, core: self)
                pollers[place] = poller
                poller.start()
            case .stop(let place): pollers.removeValue(forKey: place)?.stop()
            }
        }
    }

    private func record(_ entries: [Recording.Entry]) {
        guard !entries.isEmpty, !isClosed else { return }
        summary.count(entries)
        observer.entries(entries)
        let redacted = entries.map { redactor?.redact($0) ?? $0 }
        if pending != nil {
            pending?.append(contentsOf: redacted)
            return
        }
        do {
            try writer?.append(redacted)
            summary.bytes = writer?.byteCount ?? 0
        } catch {
            writer = nil
            if !hasFailed { end.fail(error) }
            hasFailed = true
        }
    }
}
