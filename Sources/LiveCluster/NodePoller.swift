import NIOCore
import RESP
import Recording
import RedisClient

/// Asks one address, on its own connection: at fixed instants that do not drift, without waiting for anybody else. On
/// the event loop only.
final class NodePoller {
    private let place: ClusterFollower.PlaceID
    private let address: ServerAddress
    private unowned let core: RecorderCore
    private let loop: any EventLoop
    private var connection: RedisConnection?
    /// When the connection began to be made.
    private var connecting: NIODeadline?
    /// When the poll was sent that is not answered yet.
    private var asked: NIODeadline?
    private var nextTick: NIODeadline
    private var stateDue = NIODeadline.distantPast
    private var statusDue = NIODeadline.distantPast
    private var configurationDue = NIODeadline.distantPast
    private var reconnectDelay: TimeAmount
    private var isStopped = false

    init(place: ClusterFollower.PlaceID, address: ServerAddress, core: RecorderCore) {
        self.place = place
        self.address = address
        self.core = core
        loop = core.loop
        // The golden ratio spreads any number of nodes evenly over the interval.
        let phase = (Double(place) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
        nextTick = .now() + .nanoseconds(Int64(phase * Double(core.interval.nanoseconds)))
        reconnectDelay = core.interval
    }

    func start() {
        connect()
        scheduleTick()
    }

    func stop() {
        isStopped = true
        drop()
    }

    private func drop() {
        asked = nil
        guard let connection else { return }
        self.connection = nil
        Task { await connection.close() }
    }

    // MARK: The connection

    private func connect() {
        guard !isStopped else { return }
        let start = NIODeadline.now()
        connecting = start
        let bound = NIOLoopBound(self, eventLoop: loop)
        Task { [address, loop, options = core.connectionOptions] in
            do throws(RedisError) {
                let connection = try await RedisConnection.connect(to: address, options: options, on: loop)
                loop.execute { bound.value.connected(connection, since: start) }
            } catch {
                loop.execute { bound.value.failed(error, asked: start) }
            }
        }
    }

    private func connected(_ connection: RedisConnection, since start: NIODeadline) {
        connecting = nil
        guard !isStopped else {
            Task { await connection.close() }
            return
        }
        self.connection = connection
        reconnectDelay = core.interval
        let bound = NIOLoopBound(self, eventLoop: loop)
        // A connection that ends while nothing waits for an answer ends unnoticed otherwise.
        connection.onClose {
            guard let current = bound.value.connection, current === connection else { return }
            bound.value.failed(.reset, asked: .now())
        }
        // Who it is comes first; the rest is asked once it has said so.
        let now = NIODeadline.now()
        statusDue = now + core.statusInterval
        ask([.info])
        askConfiguration()
        poll(now)
    }

    private static let unwelcomeDelay = TimeAmount.seconds(2)

    private func failed(_ error: RedisError, asked: NIODeadline) {
        guard !isStopped else { return }
        drop()
        connecting = nil
        let failure = PollFailure(error)
        core.failed(place, failure, error, asked: asked)
        guard !isStopped else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        // A server that turns us away keeps a log of it.
        let delay = if case .unusable = failure { NodePoller.unwelcomeDelay } else { reconnectDelay }
        loop.scheduleTask(in: delay) { bound.value.connect() }
        let slowest = TimeAmount.nanoseconds(RecordingOptions.slowestReconnect.microseconds * 1000)
        reconnectDelay = max(core.interval, min(.nanoseconds(reconnectDelay.nanoseconds * 2), slowest))
    }

    // MARK: Ticks

    private func scheduleTick() {
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(deadline: nextTick) { bound.value.tick() }
    }

    private func tick() {
        guard !isStopped else { return }
        let now = NIODeadline.now()
        // Ticks that were missed stay missed.
        let missed = (now - nextTick).nanoseconds / core.interval.nanoseconds
        nextTick = nextTick + .nanoseconds((missed + 1) * core.interval.nanoseconds)
        scheduleTick()
        if let waiting = asked ?? connecting {
            if now - waiting > core.silenceAfter { core.overdue(place, asked: waiting) }
        } else if connection != nil {
            poll(now)
            if now >= configurationDue { askConfiguration() }
        }
    }

    // MARK: Questions

    /// CLUSTER INFO costs a server as much as CLUSTER NODES does: it goes through all slots.
    private static let shortestStateInterval = TimeAmount.milliseconds(20)

    private func poll(_ now: NIODeadline) {
        asked = now
        var questions = [Question.nodes]
        if now >= stateDue {
            stateDue =
                now + max(core.interval, NodePoller.shortestStateInterval) - .nanoseconds(core.interval.nanoseconds / 2)
            questions.append(.clusterInfo)
        }
        if now >= statusDue {
            statusDue = now + core.statusInterval
            questions += [.role, .info]
        }
        ask(questions)
    }

    private func ask(_ questions: [Question]) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        connection?.request(
            questions.map { question in (question.command, { bound.value.take($0, to: question) }) })
    }

    private func askConfiguration() {
        guard let connection else { return }
        configurationDue = .now() + core.configurationInterval
        let collected = ConfigurationAnswers(awaited: Question.directives.count)
        let bound = NIOLoopBound(self, eventLoop: loop)
        let answers = NIOLoopBound(collected, eventLoop: loop)
        let requests = Question.directives.map { command in
            (
                command,
                { @Sendable (result: Result<TimedReply, RedisError>) in
                    guard case .success(let reply) = result, answers.value.isComplete(with: reply.value),
                        !bound.value.isStopped
                    else { return }
                    bound.value.core.answered(bound.value.place, .configuration(answers.value.settings), reply)
                }
            )
        }
        connection.request(requests)
    }

    private func take(_ result: Result<TimedReply, RedisError>, to question: Question) {
        guard !isStopped else { return }
        switch result {
        case .success(let reply):
            if question == .nodes { asked = nil }
            take(reply, to: question)
        case .failure(let error):
            // The other questions of this connection fail with it.
            if connection != nil, error != .closed { failed(error, asked: asked ?? .now()) }
        }
    }

    private func take(_ reply: TimedReply, to question: Question) {
        if let (code, message) = reply.value.failure {
            refused(question, code, message, reply)
            return
        }
        switch question {
        case .nodes:
            guard let bytes = reply.value.bytes else { return }
            let isNews = core.answered(place, .nodes(bytes), reply)
            if isNews { ask([.clusterInfo, .role, .info]) }
        case .clusterInfo:
            let info = InfoText(reply.value.text ?? "")
            core.answered(place, .status(.clusterInfo, info.fields(StatusFields.clusterInfo)), reply)
        case .info:
            let info = InfoText(reply.value.text ?? "")
            core.answered(place, .identity(ServerIdentity(info)), reply)
            core.answered(place, .status(.info, info.fields(StatusFields.info)), reply)
        case .role:
            core.answered(place, .status(.role, RoleReply.fields(reply.value)), reply)
        }
    }

    /// Only the view is indispensable.
    private func refused(_ question: Question, _ code: String, _ message: String, _ reply: TimedReply) {
        switch question {
        case .nodes where code == "LOADING": core.answered(place, .loading, reply)
        case .nodes:
            failed(.server(code: code, message: message), asked: reply.sentAt)
        case .info: core.answered(place, .identity(ServerIdentity(InfoText(""))), reply)
        case .clusterInfo, .role: break
        }
    }
}

/// What is asked again and again; the words are made once.
private enum Question {
    case nodes, clusterInfo, info, role

    var command: RESPCommand {
        switch self {
        case .nodes: Question.nodesCommand
        case .clusterInfo: Question.clusterInfoCommand
        case .info: Question.infoCommand
        case .role: Question.roleCommand
        }
    }

    private static let nodesCommand = RESPCommand("CLUSTER", "NODES")
    private static let clusterInfoCommand = RESPCommand("CLUSTER", "INFO")
    private static let infoCommand = RESPCommand("INFO")
    private static let roleCommand = RESPCommand("ROLE")
    /// One by one: before Redis 7.0 CONFIG GET takes one.
    static let directives = StatusFields.directives.map { RESPCommand("CONFIG", "GET", $0) }
}

/// The answers to CONFIG GET, one for each directive.
private final class ConfigurationAnswers {
    private var awaited: Int
    private(set) var settings: [ObservedServer.Setting] = []

    init(awaited: Int) { self.awaited = awaited }

    /// Takes the next one; true if it was the last.
    func isComplete(with reply: RESPValue) -> Bool {
        awaited -= 1
        for pair in reply.failure == nil ? reply.pairs ?? [] : [] {
            if let name = pair.key.text, let value = pair.value.text {
                settings.append(.init(name: name, value: value))
            }
        }
        return awaited == 0
    }
}

extension TimedReply {
    var sentAt: NIODeadline { .uptimeNanoseconds(sent) }
    var receivedAt: NIODeadline { .uptimeNanoseconds(received) }
}

extension PollFailure {
    init(_ error: RedisError) {
        switch error {
        case .refused, .reset, .closed: self = .refused
        case .timeout: self = .timeout
        case .unreachable: self = .unreachable
        case .tls, .auth, .protocol, .server: self = .unusable(error.description)
        }
    }
}
