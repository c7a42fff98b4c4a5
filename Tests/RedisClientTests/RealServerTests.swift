import RESP
import RedisClient
import Testing

@Suite("Real servers", .serialized)
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
        #expect(connection.greeting.version?.isEmpty == false)
        #expect(try await connection.send(["PING"]) == .simpleString(Array("PONG".utf8)))
        #expect(try await connection.send(["INFO", "server"]).text?.contains("redis_version:") == true)
        await #expect(throws: RedisError.server(code: "ERR", message: "no such key")) {
            try await connection.send(["RENAME", "a", "b"])
        }
        await connection.close()
        await #expect(throws: RedisError.closed) { try await connection.send(["PING"]) }
    }
}
