import Foundation
import RESP
import RedisClient
import Testing

@Suite("TLS", .serialized, .enabled(if: Certificates.isPossible, "NO OPENSSL: TLS is not tested; install openssl"))
struct TLSTests {
    static let binaries = ServerBinaries.all.filter { ServerBinaries.knows("SSL_accept", $0) }

    @Test("There is a server with TLS", .enabled(if: !TLSTests.binaries.isEmpty, "NO SERVER WITH TLS"))
    func present() {}

    private static func host() -> String {
        "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
    }

    private func server(
        _ binary: String, _ certificates: Certificates, host: String, clients: String
    ) throws -> RealServer {
        let arguments = [
            "--tls-port", "6380", "--tls-cert-file", certificates.path("server.crt"), "--tls-key-file",
            certificates.path("server.key"), "--tls-ca-cert-file", certificates.path("ca.crt"), "--tls-auth-clients",
            clients,
        ]
        return try RealServer(binary, arguments, host: host, tlsPort: 6380)
    }

    private func ping(_ server: RealServer, _ tls: TLS?, limit: Duration = .seconds(5)) async throws -> String? {
        let options = ConnectionOptions(replyTimeout: limit, tls: tls)
        let connection = try await RedisConnection.connect(to: server.address, options: options)
        let text = try await connection.send(["PING"]).text
        await connection.close()
        return text
    }

    @Test("The server is verified by address, by name, or not at all", arguments: TLSTests.binaries)
    func verification(binary: String) async throws {
        let host = TLSTests.host()
        let certificates = try Certificates(host: host)
        let server = try server(binary, certificates, host: host, clients: "no")
        defer { server.stop() }
        let authority = certificates.path("ca.crt")
        #expect(try await ping(server, TLS(authority: authority)) == "PONG")
        #expect(try await ping(server, TLS(authority: authority, serverName: "redis.test")) == "PONG")
        #expect(try await ping(server, TLS(verification: .none)) == "PONG")
        for tls in [try TLS(), try TLS(authority: certificates.path("other-ca.crt"))] {
            await expectUntrusted(server, tls)
        }
    }

    private func expectUntrusted(_ server: RealServer, _ tls: TLS) async {
        let error = await #expect(throws: RedisError.self) { try await ping(server, tls) }
        guard case .tls? = error else {
            Issue.record("\(error as Any)")
            return
        }
    }

    @Test("A certificate for another address is accepted for its name only", arguments: TLSTests.binaries)
    func otherAddress(binary: String) async throws {
        let certificates = try Certificates(host: "127.0.0.2")
        let server = try server(binary, certificates, host: TLSTests.host(), clients: "no")
        defer { server.stop() }
        let authority = certificates.path("ca.crt")
        #expect(try await ping(server, TLS(authority: authority, serverName: "redis.test")) == "PONG")
        await expectUntrusted(server, try TLS(authority: authority, serverName: "other.test"))
        await expectUntrusted(server, try TLS(authority: authority))
    }

    @Test("A server that wants a client's certificate gets it", arguments: TLSTests.binaries)
    func clientCertificate(binary: String) async throws {
        let host = TLSTests.host()
        let certificates = try Certificates(host: host)
        let server = try server(binary, certificates, host: host, clients: "yes")
        defer { server.stop() }
        let authority = certificates.path("ca.crt")
        let own = try TLS(
            authority: authority, certificate: certificates.path("client.crt"), key: certificates.path("client.key"))
        #expect(try await ping(server, own) == "PONG")
        await #expect(throws: RedisError.self) { try await ping(server, TLS(authority: authority)) }
    }

    @Test("TLS and plain text don't understand each other, and that ends", arguments: TLSTests.binaries)
    func mixed(binary: String) async throws {
        let host = TLSTests.host()
        let certificates = try Certificates(host: host)
        let encrypted = try server(binary, certificates, host: host, clients: "no")
        defer { encrypted.stop() }
        await #expect(throws: RedisError.self) { try await ping(encrypted, nil, limit: .milliseconds(500)) }
        let plain = try RealServer(binary)
        defer { plain.stop() }
        await #expect(throws: RedisError.self) {
            try await ping(plain, TLS(verification: .none), limit: .milliseconds(500))
        }
    }

    @Test("Files that hold no certificates or keys are named")
    func badFiles() throws {
        let certificates = try Certificates(host: "127.0.0.1")
        let certificate = certificates.path("client.crt")
        let key = certificates.path("client.key")
        let empty = certificates.path("empty")
        try Data().write(to: URL(filePath: empty))
        #expect(throws: ConnectionOptionsError.certificateWithoutKey) { try TLS(certificate: certificate) }
        #expect(throws: ConnectionOptionsError.certificateWithoutKey) { try TLS(key: key) }
        #expect(throws: ConnectionOptionsError.badServerName("127.0.0.1")) { try TLS(serverName: "127.0.0.1") }
        for (authority, cert, secret) in [
            (empty, nil, nil), (key, nil, nil), (certificates.path("absent"), nil, nil), (nil, empty, key),
            (nil, certificate, empty), (nil, certificate, certificate), (nil, certificate, certificates.path("ca.key")),
        ] as [(String?, String?, String?)] {
            let error = #expect(throws: ConnectionOptionsError.self) {
                try TLS(authority: authority, certificate: cert, key: secret)
            }
            guard case .unusableFile? = error else {
                Issue.record("\(error as Any)")
                continue
            }
        }
    }
}
