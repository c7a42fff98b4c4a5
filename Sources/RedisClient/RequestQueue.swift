import NIOCore
package import RESP

/// A reply, and the instants between which the server gave it.
package struct TimedReply: Sendable {
    /// As the server sent it; an error reply too.
    package var value: RESPValue
    /// Just before the request was handed to the system, on the monotonic clock (CLOCK_MONOTONIC), in nanoseconds.
    package var sent: UInt64
    /// Just after the reply's last bytes were read, on the same clock, in nanoseconds.
    package var received: UInt64
}

/// The one end of a connection that knows which reply belongs to which request: replies come in order. On the event
/// loop only.
final class RequestQueue: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias Completion = (Result<TimedReply, RedisError>) -> Void

    private struct Waiting {
        var name: String
        var sent: NIODeadline
        var completion: Completion
    }

    private let options: ConnectionOptions
    private let onPush: @Sendable (RESPValue) -> Void
    private var decoder: RESPDecoder
    private var waiting = CircularBuffer<Waiting>()
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    /// Why nothing can be sent any more.
    private var end: RedisError?

    init(options: ConnectionOptions, onPush: @escaping @Sendable (RESPValue) -> Void) {
        self.options = options
        self.onPush = onPush
        decoder = RESPDecoder(limits: options.limits)
    }

    private var limit: TimeAmount { TimeAmount(options.replyTimeout) }

    // MARK: Requests

    /// Writes requests in one piece. Each completion is called once, on the event loop, in the requests' order.
    func send(_ requests: [(command: RESPCommand, completion: Completion)]) {
        guard end == nil, let context else {
            for request in requests { request.completion(.failure(end ?? .closed)) }
            return
        }
        var buffer = context.channel.allocator.buffer(capacity: requests.reduce(0) { $0 + $1.command.bytes.count })
        let now = NIODeadline.now()
        for request in requests {
            buffer.writeBytes(request.command.bytes)
            waiting.append(Waiting(name: request.command.name, sent: now, completion: request.completion))
        }
        watch()
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Ends the connection. What waits for a reply gets `reason`.
    func close(_ reason: RedisError) {
        guard end == nil else { return }
        end = reason
        timer?.cancel()
        timer = nil
        context?.close(promise: nil)
        while let request = waiting.popFirst() { request.completion(.failure(reason)) }
    }

    /// One timer watches the oldest request; it is set anew only when it fires, not with each reply.
    private func watch() {
        guard timer == nil, let oldest = waiting.first, let context else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: oldest.sent + limit) { [self] in
            timer = nil
            guard let oldest = waiting.first else { return }
            if oldest.sent + limit <= .now() {
                close(.timeout(waitingFor: "reply to \(oldest.name)", after: options.replyTimeout))
            } else {
                watch()
            }
        }
    }

    // MARK: The channel's events

    typealias OutboundOut = ByteBuffer

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        close(.reset)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard end == nil else { return }
        let received = NIODeadline.now()
        unwrapInboundIn(data).withUnsafeReadableBytes { decoder.feed($0) }
        do throws(RESPError) {
            while end == nil {
                let start = decoder.offset
                guard let value = try decoder.next() else { return }
                take(value, received: received, offset: start)
            }
        } catch {
            close(.protocol(what: error.what, offset: error.offset))
        }
    }

    private func take(_ value: RESPValue, received: NIODeadline, offset: Int) {
        if case .push = value.plain { return onPush(value) }
        guard let request = waiting.popFirst() else {
            // A server that turns us away says so before it closes, unasked.
            close(RedisError(value) ?? .protocol(what: "a reply that nothing asked for", offset: offset))
            return
        }
        let reply = TimedReply(
            value: value, sent: request.sent.uptimeNanoseconds, received: received.uptimeNanoseconds)
        request.completion(.success(reply))
    }

    func channelInactive(context: ChannelHandlerContext) {
        close(.reset)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(RedisError(transport: error, connectTimeout: options.connectTimeout))
    }
}
