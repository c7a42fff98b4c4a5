import RESP
import RedisClient
import Testing

@Suite("Users and passwords", .serialized)
struct AuthenticationTests {
    private static func options(_ user: String?, _ password: String) -> ConnectionOptions {
        ConnectionOptions(credentials: Credentials(user: user, password: Password(password)))
    }

    private static let guarded =
        ["--requirepass", "sesame", "--user"] + "eve on >open ~* -@all +ping".split(separator: " ").map(String.init)

    @Test("The right password lets in, by either name of the default user", arguments: ServerBinaries.all)
    func right(binary: String) async throws {
        let server = try RealServer(binary, AuthenticationTests.guarded)
        defer { server.stop() }
        for (user, password) in [(nil, "sesame"), ("default", "sesame"), ("eve", "open")] {
            let connection = try await RedisConnection.connect(
                to: server.address, options: AuthenticationTests.options(user, password))
            #expect(connection.greeting.protocolVersion == 3)
            #expect(try await connection.send(["PING"]).text == "PONG")
            await connection.close()
        }
    }

    @Test("A wrong password, a wrong user and none are told apart from other faults", arguments: ServerBinaries.all)
    func wrong(binary: String) async throws {
        let server = try RealServer(binary, AuthenticationTests.guarded)
        defer { server.stop() }
        let attempts = [
            ConnectionOptions(), AuthenticationTests.options(nil, "open"), AuthenticationTests.options("eve", "sesame"),
            AuthenticationTests.options("adam", "sesame"),
        ]
        for options in attempts {
            let error = await #expect(throws: RedisError.self) {
                _ = try await RedisConnection.connect(to: server.address, options: options)
            }
            guard case .auth(let message)? = error else {
                Issue.record("\(error as Any)")
                continue
            }
            #expect(!message.contains("sesame") && !message.isEmpty)
        }
    }

    @Test("A user who may not do something learns what", arguments: ServerBinaries.all)
    func forbidden(binary: String) async throws {
        let server = try RealServer(binary, AuthenticationTests.guarded)
        defer { server.stop() }
        let connection = try await RedisConnection.connect(
            to: server.address, options: AuthenticationTests.options("eve", "open"))
        let error = await #expect(throws: RedisError.self) { try await connection.send(["INFO"]) }
        guard case .server("NOPERM", let message)? = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(message.contains("info"))
        #expect(try await connection.send(["PING"]).text == "PONG")
        await connection.close()
    }

    @Test("A server without HELLO is spoken to in RESP2", arguments: ServerBinaries.all)
    func withoutHello(binary: String) async throws {
        let server = try RealServer(
            binary, AuthenticationTests.guarded + ["--rename-command", "HELLO", "goodbye"])
        defer { server.stop() }
        let connection = try await RedisConnection.connect(
            to: server.address, options: AuthenticationTests.options("eve", "open"))
        #expect(connection.greeting == Greeting(protocolVersion: 2))
        #expect(try await connection.send(["PING"]).text == "PONG")
        await connection.close()
        let error = await #expect(throws: RedisError.self) {
            _ = try await RedisConnection.connect(to: server.address, options: AuthenticationTests.options("eve", "x"))
        }
        guard case .auth? = error else {
            Issue.record("\(error as Any)")
            return
        }
    }

    @Test("Where neither HELLO nor AUTH exists the error keeps the password", arguments: ServerBinaries.all)
    func withoutAuth(binary: String) async throws {
        let server = try RealServer(
            binary, ["--rename-command", "HELLO", "goodbye", "--rename-command", "AUTH", "door"])
        defer { server.stop() }
        let error = await #expect(throws: RedisError.self) {
            _ = try await RedisConnection.connect(
                to: server.address, options: AuthenticationTests.options("eve", "sesame"))
        }
        guard case .auth(let message)? = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(message.lowercased().contains("unknown command") && !message.contains("sesame"))
    }
}
