import RESP
import RedisClient
import Testing

@Suite("Real servers")
struct RealServerTests {
    @Test("There is a server binary", .enabled(if: !ServerBinaries.all.isEmpty, Comment(rawValue: ServerBinaries.none)))
    func present() {}

    @Test("Greets, answers and closes", arguments: ServerBinaries.all)
    func answers(binary: String) async throws {
        let server = try RealServer(binary)
        defer { server.stop() }
        let connection = try await RedisConnection.connect(to: server.address)
        #expect(connection.greeting.protocolVersion == 3)
        #expect(connection.greeting.role == "master")
        #expect(connection.greeting.mode == "standalone")
        #expect(connection.greeting.version?.isEmpty == false)
        #expect(try await connection.send(["PING"]) == .simpleString(Array("PONG".utf8)))
        #expect(try await connection.send(["INFO", "server"]).text?.contains("redis_version:") == true)
        #expect(try await connection.send(["CONFIG", "GET", "maxclients"])["maxclients"]?.integer ?? 0 > 0)
        await #expect(throws: RedisError.server(code: "ERR", message: "no such key")) {
            try await connection.send(["RENAME", "a", "b"])
        }
        await connection.close()
        await #expect(throws: RedisError.closed) { try await connection.send(["PING"]) }
    }

    @Test("Speaks every type of RESP3 that the server can be made to send", arguments: ServerBinaries.all)
    func types(binary: String) async throws {
        // Since Redis 7.0 DEBUG has to be asked for.
        let debug = ServerBinaries.knows("enable-debug-command", binary) ? ["--enable-debug-command", "yes"] : []
        let server = try RealServer(binary, debug)
        defer { server.stop() }
        let connection = try await RedisConnection.connect(to: server.address)
        func ask(_ kind: String) async throws -> RESPValue { try await connection.send(["DEBUG", "PROTOCOL", kind]) }
        #expect(try await ask("string") == .bulkString(Array("Hello World".utf8)))
        #expect(try await ask("integer") == .integer(12345))
        let double = try await ask("double")
        #expect(double == .double(3.141) || double == .double(3.14159265359), "\(double)")
        #expect(try await ask("null") == .null)
        #expect(try await ask("array").elements?.count == 3)
        #expect(try await ask("set").elements?.count == 3)
        #expect(try await ask("map").pairs?.count == 3)
        #expect(try await ask("true") == .boolean(true))
        #expect(try await ask("false") == .boolean(false))
        #expect(try await ask("verbatim").text == "This is a verbatim\nstring")
        #expect(try await ask("bignum") == .bigNumber(Array("1234567999999999999999999999999999999".utf8)))
        guard case .attributed(let pairs, _) = try await ask("attrib") else {
            Issue.record("no attribute came")
            return
        }
        #expect(pairs.count == 1)
        await connection.close()
    }

    @Test("Pipelined replies come in order, errors among them", arguments: ServerBinaries.all)
    func pipeline(binary: String) async throws {
        let server = try RealServer(binary)
        defer { server.stop() }
        let connection = try await RedisConnection.connect(to: server.address)
        let commands = (0..<2000).map { $0 % 100 == 7 ? ["NOSUCH"] : ["ECHO", "\($0)"] }
        let replies = try await connection.pipeline(commands)
        #expect(replies.count == commands.count)
        for (number, reply) in replies.enumerated() {
            #expect(number % 100 == 7 ? reply.failure?.code == "ERR" : reply.text == "\(number)")
        }
        #expect(try await connection.pipeline([]) == [])
        await connection.close()
    }

    @Test("Requests from many tasks get their own replies, large ones too", arguments: ServerBinaries.all)
    func concurrent(binary: String) async throws {
        let server = try RealServer(binary)
        defer { server.stop() }
        let connection = try await RedisConnection.connect(to: server.address)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                let text = String(repeating: "\(number),", count: number * 1000)
                group.addTask { try await connection.send(["ECHO", text]).text == text }
            }
            for try await same in group { #expect(same) }
        }
        await connection.close()
    }

    @Test("A reply lies between the instants it came with", arguments: ServerBinaries.all)
    func instants(binary: String) async throws {
        let server = try RealServer(binary)
        defer { server.stop() }
        let connection = try await RedisConnection.connect(to: server.address)
        let (stream, arrived) = AsyncStream.makeStream(of: TimedReply?.self)
        for _ in 0..<100 { connection.request(RESPCommand("PING")) { arrived.yield(try? $0.get()) } }
        var before: UInt64 = 0
        var count = 0
        for await reply in stream {
            let reply = try #require(reply)
            #expect(reply.value.text == "PONG")
            #expect(reply.sent >= before && reply.sent < reply.received)
            before = reply.sent
            count += 1
            if count == 100 { break }
        }
        await connection.close()
    }

    @Test("IPv6", arguments: ServerBinaries.all)
    func version6(binary: String) async throws {
        let server = try RealServer(binary, host: "::1")
        defer { server.stop() }
        let connection = try await RedisConnection.connect(to: server.address)
        #expect(try await connection.send(["PING"]).text == "PONG")
        await connection.close()
    }

    @Test("A frozen server times out; the connection is closed", arguments: ServerBinaries.all)
    func frozen(binary: String) async throws {
        let server = try RealServer(binary)
        defer { server.stop() }
        let limit = Duration.milliseconds(200)
        let connection = try await RedisConnection.connect(
            to: server.address, options: ConnectionOptions(replyTimeout: limit))
        for _ in 0..<20 { #expect(try await connection.send(["PING"]).text == "PONG") }
        server.freeze()
        let error = RedisError.timeout(waitingFor: "reply to PING", after: limit)
        await #expect(throws: error) { try await connection.send(["PING"]) }
        server.thaw()
        await connection.waitUntilClosed()
        await #expect(throws: error) { try await connection.send(["PING"]) }
    }

    @Test("A killed server resets what waits, and then refuses", arguments: ServerBinaries.all)
    func killed(binary: String) async throws {
        let server = try RealServer(binary)
        defer { server.stop() }
        let connection = try await RedisConnection.connect(to: server.address)
        server.freeze()
        let (stream, ended) = AsyncStream.makeStream(of: RedisError?.self)
        connection.request(RESPCommand("PING")) { result in
            if case .failure(let error) = result { ended.yield(error) } else { ended.yield(nil) }
        }
        server.stop()
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next() == .reset)
        await #expect(throws: RedisError.refused) { _ = try await RedisConnection.connect(to: server.address) }
    }
}

@Suite("Nobody there")
struct NobodyThereTests {
    @Test("A name that does not exist")
    func unknownName() async throws {
        let address = ServerAddress(host: "no-such-host.invalid", port: 6379)
        let error = await #expect(throws: RedisError.self) { _ = try await RedisConnection.connect(to: address) }
        guard case .unreachable? = error else {
            Issue.record("\(error as Any)")
            return
        }
    }

    @Test("A port that is none", arguments: [0, -1, 65_536, .max])
    func badPort(port: Int) async throws {
        let address = ServerAddress(host: "127.0.0.1", port: port)
        await #expect(throws: RedisError.unreachable("\(port) is no port")) {
            _ = try await RedisConnection.connect(to: address)
        }
    }
}
