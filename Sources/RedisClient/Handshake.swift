import RESP

/// What the server told about itself when the connection began.
package struct Greeting: Sendable, Equatable {
    /// 3, or 2 where the server has no HELLO, does not let us use it, or speaks no RESP3.
    package var protocolVersion: Int
    /// `redis` or `valkey`; nil without HELLO. Valkey up to 8 says `redis` where it is told to be compatible.
    package var server: String?
    /// nil without HELLO.
    package var version: String?
    /// `master` or `replica`, as replication sees it; nil without HELLO.
    package var role: String?
    /// `standalone`, `sentinel` or `cluster`; nil without HELLO.
    package var mode: String?

    package init(
        protocolVersion: Int, server: String? = nil, version: String? = nil, role: String? = nil, mode: String? = nil
    ) {
        self.protocolVersion = protocolVersion
        self.server = server
        self.version = version
        self.role = role
        self.mode = mode
    }
}

/// HELLO 3 with AUTH, and RESP2's AUTH where the server has no HELLO (before Redis 6) or does not let us use it.
struct Handshake {
    let credentials: Credentials?
    let send: (RESPCommand) async -> Result<TimedReply, RedisError>

    func greet() async throws(RedisError) -> Greeting {
        var hello = ["HELLO", "3"]
        if let credentials {
            hello += ["AUTH", credentials.user ?? "default", credentials.password.secret]
        }
        let reply = try await send(RESPCommand(hello)).get().value
        guard let (code, message) = reply.failure else { return Handshake.greeting(reply) }
        // Valkey 9 asks for authentication first, even before it says that it has no such command.
        let mayHaveNoHello = code == "NOPERM" || code == "NOPROTO" || message.lowercased().contains("unknown command")
        guard mayHaveNoHello || (code == "NOAUTH" && credentials != nil) else {
            // Redis says ERR to a password where none is configured.
            throw code == "NOAUTH" || code == "WRONGPASS" || message.contains("AUTH")
                ? .auth(discreet(message)) : .server(code: code, message: discreet(message))
        }
        try await authenticate()
        return Greeting(protocolVersion: 2)
    }

    private func authenticate() async throws(RedisError) {
        guard let credentials else { return }
        let words = ["AUTH"] + (credentials.user.map { [$0] } ?? []) + [credentials.password.secret]
        let reply = try await send(RESPCommand(words)).get().value
        if let (_, message) = reply.failure { throw .auth(discreet(message)) }
    }

    /// An unknown command's error repeats the words it came with, and so the password.
    private func discreet(_ message: String) -> String {
        let mark = ", with args beginning with"
        let head = message.ranges(of: mark).first.map { String(message[..<$0.lowerBound]) } ?? message
        guard let secret = credentials?.password.secret, !secret.isEmpty, head.contains(secret) else { return head }
        return "refused, in words that repeat the password"
    }

    private static func greeting(_ reply: RESPValue) -> Greeting {
        Greeting(
            protocolVersion: Int(reply["proto"]?.integer ?? 3), server: reply["server"]?.text,
            version: reply["version"]?.text, role: reply["role"]?.text, mode: reply["mode"]?.text)
    }
}
