package import NIOCore
import NIOPosix
package import RESP

/// One connection to one server. Requests are answered in their order; any task may send at any time.
///
/// Everything ends: a request with its reply, with `.timeout` or with the connection. After any error but `.server` and
/// `.auth` the connection is closed and stays so; who wants another one connects again.
package final class RedisConnection: Sendable {
    package let address: ServerAddress
    package let greeting: Greeting
    private let channel: any Channel
    private let queue: NIOLoopBound<RequestQueue>

    private init(
        address: ServerAddress, greeting: Greeting, channel: any Channel, queue: NIOLoopBound<RequestQueue>
    ) {
        self.address = address
        self.greeting = greeting
        self.channel = channel
        self.queue = queue
    }

    /// The thread that this connection's replies come on.
    package var eventLoop: any EventLoop { channel.eventLoop }

    /// Connects, encrypts, authenticates and agrees on a protocol.
    ///
    /// - Parameter onPush: called on the event loop with what the server sends unasked (RESP3 only).
    package static func connect(
        to address: ServerAddress, options: ConnectionOptions = ConnectionOptions(),
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onPush: @escaping @Sendable (RESPValue) -> Void = { _ in }
    ) async throws(RedisError) -> RedisConnection {
        let opened = try await open(address, options, group, onPush)
        let handshake = Handshake(credentials: options.credentials) { command in
            await RedisConnection.send([command], through: opened.queue)[0]
        }
        do throws(RedisError) {
            let greeting = try await handshake.greet()
            return RedisConnection(
                address: address, greeting: greeting, channel: opened.channel, queue: opened.queue)
        } catch {
            close(opened.queue)
            throw error
        }
    }

    private struct Opened: Sendable {
        var channel: any Channel
        var queue: NIOLoopBound<RequestQueue>
    }

    private static func open(
        _ address: ServerAddress, _ options: ConnectionOptions, _ group: any EventLoopGroup,
        _ onPush: @escaping @Sendable (RESPValue) -> Void
    ) async throws(RedisError) -> Opened {
        guard (1...65_535).contains(address.port) else { throw .unreachable("\(address.port) is no port") }
        let initialize: @Sendable (any Channel) -> EventLoopFuture<Opened> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let handlers = channel.pipeline.syncOperations
                if let tls = options.tls { try handlers.addHandler(tls.handler(for: address)) }
                let queue = RequestQueue(options: options, onPush: onPush)
                try handlers.addHandler(queue)
                return Opened(channel: channel, queue: NIOLoopBound(queue, eventLoop: channel.eventLoop))
            }
        }
        let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(options.connectTimeout))
        do {
            // A literal address needs no resolver.
            if let literal = try? SocketAddress(ipAddress: address.host, port: address.port) {
                return try await bootstrap.connect(to: literal, channelInitializer: initialize)
            }
            return try await bootstrap.connect(
                host: address.host, port: address.port, channelInitializer: initialize)
        } catch {
            throw RedisError(transport: error, connectTimeout: options.connectTimeout)
        }
    }

    // MARK: Requests

    /// One request.
    ///
    /// - Throws: `.server` and `.auth` for an error reply.
    package func send(_ command: [String]) async throws(RedisError) -> RESPValue {
        let value = try await send(RESPCommand(command)).value
        if let error = RedisError(value) { throw error }
        return value
    }

    /// One request, with its instants. An error reply is returned as a value.
    package func send(_ command: RESPCommand) async throws(RedisError) -> TimedReply {
        try await RedisConnection.send([command], through: queue)[0].get()
    }

    /// Requests written in one piece, their replies in the same order. Error replies are returned as values: the other
    /// requests were carried out all the same.
    package func pipeline(_ commands: [[String]]) async throws(RedisError) -> [RESPValue] {
        guard !commands.isEmpty else { return [] }
        var values: [RESPValue] = []
        values.reserveCapacity(commands.count)
        for reply in await RedisConnection.send(commands.map { RESPCommand($0) }, through: queue) {
            values.append(try reply.get().value)
        }
        return values
    }

    /// One request without a task's cost, for those who ask often. `completion` is called once, on the event loop, and
    /// must not block it; an error reply is a value.
    package func request(
        _ command: RESPCommand, _ completion: @escaping @Sendable (Result<TimedReply, RedisError>) -> Void
    ) {
        request([(command, completion)])
    }

    /// Several such requests, written in one piece: the server reads and answers them together.
    package func request(
        _ requests: [(command: RESPCommand, completion: @Sendable (Result<TimedReply, RedisError>) -> Void)]
    ) {
        let queue = queue
        // One by one: an array of such pairs does not convert as a whole.
        let send: @Sendable () -> Void = { queue.value.send(requests.map { ($0.command, $0.completion) }) }
        if queue.eventLoop.inEventLoop { send() } else { queue.eventLoop.execute(send) }
    }

    /// All replies, once the last has come.
    private static func send(
        _ commands: [RESPCommand], through queue: NIOLoopBound<RequestQueue>
    ) async -> [Result<TimedReply, RedisError>] {
        await withCheckedContinuation { continuation in
            queue.eventLoop.execute {
                var replies: [Result<TimedReply, RedisError>] = []
                queue.value.send(
                    commands.map { command in
                        (
                            command,
                            { reply in
                                replies.append(reply)
                                if replies.count == commands.count { continuation.resume(returning: replies) }
                            }
                        )
                    })
            }
        }
    }

    // MARK: The end

    /// Closes at once: what waits for a reply gets `.closed`. Returns when the socket is closed. May be called again.
    package func close() async {
        RedisConnection.close(queue)
        await waitUntilClosed()
    }

    /// Returns when the connection has ended, for whatever reason.
    package func waitUntilClosed() async { try? await channel.closeFuture.get() }

    /// Calls `action` on the event loop when the connection has ended, for whatever reason.
    package func onClose(_ action: @escaping @Sendable () -> Void) {
        channel.closeFuture.whenComplete { _ in action() }
    }

    private static func close(_ queue: NIOLoopBound<RequestQueue>) {
        queue.eventLoop.execute { queue.value.close(.closed) }
    }
}
