import RESP
import RedisClient
import Testing

@Suite("What a server may say")
struct ScriptedServerTests {
    static let helloReply = "%1\r\n$5\r\nproto\r\n:3\r\n"
    static let credentials = Credentials(user: nil, password: Password("sesame"))

    private func connect(
        _ steps: [ScriptedServer.Step], options: ConnectionOptions = ConnectionOptions()
    ) async throws -> (ScriptedServer, RedisConnection) {
        let server = try ScriptedServer(steps)
        return (server, try await RedisConnection.connect(to: server.address, options: options))
    }

    @Test(
        "Falls back to RESP2 and AUTH",
        arguments: [
            "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n",
            "-ERR unknown command 'HELLO'\r\n",
            "-NOPERM this user has no permissions to run the 'hello' command\r\n",
            "-NOAUTH Authentication required.\r\n",
            "-NOPROTO unsupported protocol version\r\n",
        ])
    func fallback(error: String) async throws {
        let (server, connection) = try await connect(
            [
                .awaitRequest(endingWith: "sesame"), .send(error), .awaitRequest(endingWith: "sesame"),
                .send("+OK\r\n"), .awaitRequest(endingWith: "PING"), .send("+PONG\r\n"), .awaitClose,
            ], options: ConnectionOptions(credentials: ScriptedServerTests.credentials))
        #expect(connection.greeting == Greeting(protocolVersion: 2))
        #expect(try await connection.send(["PING"]).text == "PONG")
        #expect(server.transcript.contains("*2\r\n$4\r\nAUTH\r\n$6\r\nsesame\r\n"))
        await connection.close()
    }

    @Test("Falls back to RESP2 without credentials")
    func fallbackWithout() async throws {
        let (_, connection) = try await connect([
            .awaitRequest(endingWith: "3"), .send("-ERR unknown command\r\n"), .awaitClose,
        ])
        #expect(connection.greeting.protocolVersion == 2)
        await connection.close()
    }

    @Test("An error that repeats the words of AUTH does not give the password away")
    func discretion() async throws {
        let echo = "-ERR unknown command `AUTH`, with args beginning with: `sesame`, \r\n"
        let error = await #expect(throws: RedisError.self) {
            _ = try await connect(
                [
                    .awaitRequest(endingWith: "sesame"), .send(echo), .awaitRequest(endingWith: "sesame"), .send(echo),
                    .awaitClose,
                ], options: ConnectionOptions(credentials: ScriptedServerTests.credentials))
        }
        #expect(error == .auth("unknown command `AUTH`"))
    }

    @Test("A server that turns us away is quoted, though it does not wait for a question")
    func turnedAway() async throws {
        await #expect(throws: RedisError.server(code: "ERR", message: "max number of clients reached")) {
            _ = try await connect([.send("-ERR max number of clients reached\r\n"), .awaitClose])
        }
    }

    @Test("Bytes that are no RESP end the connection, and say where")
    func garbage() async throws {
        await #expect(throws: RedisError.protocol(what: "no type begins with 'H'", offset: 0)) {
            _ = try await connect([.awaitRequest(endingWith: "3"), .send("HTTP/1.1 400\r\n"), .awaitClose])
        }
        let (_, connection) = try await connect([
            .awaitRequest(endingWith: "3"), .send(ScriptedServerTests.helloReply), .awaitRequest(endingWith: "PING"),
            .send("*1\r\n:x\r\n"), .awaitClose,
        ])
        let expected = RedisError.protocol(
            what: "an integer that is no number of 64 bits", offset: ScriptedServerTests.helloReply.utf8.count + 5)
        await #expect(throws: expected) { try await connection.send(["PING"]) }
        await connection.waitUntilClosed()
        await #expect(throws: expected) { try await connection.send(["PING"]) }
    }

    @Test("A reply that nothing asked for ends the connection")
    func unasked() async throws {
        let (_, connection) = try await connect([
            .awaitRequest(endingWith: "3"), .send(ScriptedServerTests.helloReply), .send("+OK\r\n"), .awaitClose,
        ])
        await connection.waitUntilClosed()
        await #expect(throws: RedisError.self) { try await connection.send(["PING"]) }
    }

    @Test("A connection that ends within a reply is lost; all that waited learn it")
    func cut() async throws {
        let (_, connection) = try await connect([
            .awaitRequest(endingWith: "3"), .send(ScriptedServerTests.helloReply), .awaitRequest(endingWith: "TIME"),
            .send("+PONG\r\n$100\r\nabc"),
        ])
        await #expect(throws: RedisError.reset) { try await connection.pipeline([["PING"], ["INFO"], ["TIME"]]) }
        await connection.waitUntilClosed()
    }

    @Test("A server that never answers is given up at the time set")
    func silent() async throws {
        let start = ContinuousClock.now
        let limit = Duration.milliseconds(80)
        await #expect(throws: RedisError.timeout(waitingFor: "reply to HELLO", after: limit)) {
            _ = try await connect([.awaitClose], options: ConnectionOptions(replyTimeout: limit))
        }
        #expect(ContinuousClock.now - start >= limit)
    }

    @Test("Pushes come to their handler and disturb no reply")
    func pushes() async throws {
        let server = try ScriptedServer([
            .awaitRequest(endingWith: "3"), .send(">1\r\n+first\r\n" + ScriptedServerTests.helloReply),
            .awaitRequest(endingWith: "PING"), .send(">1\r\n+second\r\n+PONG\r\n>1\r\n+third\r\n"), .awaitClose,
        ])
        let (stream, pushed) = AsyncStream.makeStream(of: String.self)
        let connection = try await RedisConnection.connect(to: server.address) { push in
            pushed.yield(push.elements?.first?.text ?? "")
        }
        #expect(try await connection.send(["PING"]).text == "PONG")
        var words: [String] = []
        for await word in stream {
            words.append(word)
            if words.count == 3 { break }
        }
        #expect(words == ["first", "second", "third"])
        await connection.close()
    }

    @Test("What waits when we close is told so; closing twice does no harm")
    func closing() async throws {
        let (_, connection) = try await connect([
            .awaitRequest(endingWith: "3"), .send(ScriptedServerTests.helloReply), .awaitClose,
        ])
        let reply = Task { try await connection.pipeline([["PING"]]) }
        let (stream, finished) = AsyncStream.makeStream(of: RedisError?.self)
        connection.request(RESPCommand("PING")) { result in
            if case .failure(let error) = result { finished.yield(error) } else { finished.yield(nil) }
        }
        await connection.close()
        await connection.close()
        await #expect(throws: RedisError.closed) { try await reply.value }
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next() == .closed)
    }
}
