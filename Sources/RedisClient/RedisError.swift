package import RESP

/// Why a server could not be asked, or what it answered instead.
package enum RedisError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nothing listens there.
    case refused
    /// No way there: the name is not known, no route, the host is down.
    case unreachable(String)
    /// What did not happen within which time. The connection is closed: a late reply could not be told from the next.
    case timeout(waitingFor: String, after: Duration)
    /// The connection ended, or was cut, from outside.
    case reset
    /// We closed the connection.
    case closed
    case tls(String)
    /// The server wants other credentials.
    case auth(String)
    /// The bytes are no RESP, or not what was asked for.
    case `protocol`(what: String, offset: Int)
    /// An error reply. The code is empty where the server gave none.
    case server(code: String, message: String)

    package var description: String {
        switch self {
        case .refused: "connection refused"
        case .unreachable(let reason): "not reachable: \(reason)"
        case .timeout(let what, let limit): "no \(what) within \(RedisError.text(limit))"
        case .reset: "connection lost"
        case .closed: "connection closed by us"
        case .tls(let reason): "TLS: \(reason)"
        case .auth(let reason): "not authenticated: \(reason)"
        case .protocol(let what, let offset): "not understood: \(what), at byte \(offset)"
        case .server(let code, let message): code.isEmpty ? message : "\(code) \(message)"
        }
    }

    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard seconds < 10 else { return "\(seconds) s" }
        return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms"
    }

    /// An error reply as an error, nil for every other reply.
    package init?(_ reply: RESPValue) {
        guard let (code, message) = reply.failure else { return nil }
        self = code == "NOAUTH" || code == "WRONGPASS" ? .auth(message) : .server(code: code, message: message)
    }
}
