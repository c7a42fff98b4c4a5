/// How a client library goes about a cluster: when it learns the topology anew, how it retries, how long it waits.
///
/// Times are ns. Defaults are the libraries' own, as their sources and manuals say; `source` names them.
package struct ClientBehaviour: Sendable, Equatable {
    package var name: String
    package var summary: String
    package var source: String
    /// Until a connect is given up.
    package var connectTimeout: Int64
    /// Until an answer is given up.
    package var commandTimeout: Int64
    /// Attempts of one command, the first included; redirections count.
    package var attempts: Int
    /// Between two attempts.
    package var backOff: BackOff
    /// The topology is asked for each time this has passed; nil is never.
    package var refreshPeriod: Int64?
    /// The topology is asked for after a redirection.
    package var refreshesOnMoved = false
    /// The topology is asked for after so many connection failures in a row; nil is never.
    package var refreshesAfterFailures: Int?
    /// No two refreshes that an event triggers are closer than this.
    package var refreshSpacing: Int64 = 0
    /// Where it may be used, a redirection also corrects the one slot's owner.
    package var learnsFromMoved = true
    /// A command for a server whose connection is lost waits in the client for it to come back, until its timeout.
    package var queuesWhileDisconnected = false

    package enum BackOff: Sendable, Equatable {
        case none
        case constant(Int64)
        /// Doubles from the first to the longest.
        case exponential(first: Int64, longest: Int64)
    }

    func pause(afterAttempt attempt: Int) -> Int64 {
        switch backOff {
        case .none: return 0
        case .constant(let length): return length
        case .exponential(let first, let longest):
            return min(longest, first << Int64(min(max(attempt - 1, 0), 30)))
        }
    }

    private static let second: Int64 = 1_000_000_000
    private static let millisecond: Int64 = 1_000_000

    package static let presets: [ClientBehaviour] = lettuce + [jedis, goRedis, redisPy, redisPyTimeout]

    package static func preset(named name: String) -> ClientBehaviour? { presets.first { $0.name == name } }

    private static var lettuce: [ClientBehaviour] {
        let plain = ClientBehaviour(
            name: "lettuce", summary: "Lettuce as it comes: no refresh, commands wait for the lost connection",
            source: "Lettuce 6: ClusterTopologyRefreshOptions off, timeout 60 s, connect timeout 10 s, maxRedirects 5",
            connectTimeout: 10 * second, commandTimeout: 60 * second, attempts: 6, backOff: .none, refreshPeriod: nil,
            learnsFromMoved: false, queuesWhileDisconnected: true)
        var periodic = plain
        periodic.name = "lettuce-periodic"
        periodic.summary = "Lettuce with enablePeriodicRefresh(5 s)"
        periodic.source = "Lettuce 6: ClusterTopologyRefreshOptions.enablePeriodicRefresh"
        periodic.refreshPeriod = 5 * second
        var adaptive = plain
        adaptive.name = "lettuce-adaptive"
        adaptive.summary = "Lettuce with enableAllAdaptiveRefreshTriggers"
        adaptive.source = "Lettuce 6: triggers on MOVED and failed reconnects, 30 s apart (lettuce#2308)"
        adaptive.refreshesOnMoved = true
        adaptive.refreshesAfterFailures = 3
        adaptive.refreshSpacing = 30 * second
        var both = adaptive
        both.name = "lettuce-both"
        both.summary = "Lettuce with adaptive triggers and a refresh every 5 s, commands given up after 1 s"
        both.source = "as lettuce-periodic and lettuce-adaptive; timeout 1 s as the libraries' production guides advise"
        both.refreshPeriod = 5 * second
        both.commandTimeout = second
        return [plain, periodic, adaptive, both]
    }

    private static var jedis: ClientBehaviour {
        ClientBehaviour(
            name: "jedis", summary: "Jedis as it comes: 5 attempts, slots renewed after two failed connections",
            source: "Jedis 4 and 5: 5 attempts, timeouts 2 s, ClusterCommandExecutor.handleConnectionProblem",
            connectTimeout: 2 * second, commandTimeout: 2 * second, attempts: 5,
            backOff: .constant(500 * millisecond), refreshPeriod: nil, refreshesOnMoved: true,
            refreshesAfterFailures: 2)
    }

    private static var goRedis: ClientBehaviour {
        ClientBehaviour(
            name: "go-redis", summary: "go-redis as it comes: 3 retries, state reloaded every 10 s when used",
            source: "go-redis 9: MaxRedirects 3, backoff 8 to 512 ms, dial 5 s, read 3 s, clusterStateHolder 10 s",
            connectTimeout: 5 * second, commandTimeout: 3 * second, attempts: 4,
            backOff: .exponential(first: 8 * millisecond, longest: 512 * millisecond), refreshPeriod: 10 * second,
            refreshesOnMoved: true)
    }

    private static var redisPy: ClientBehaviour {
        ClientBehaviour(
            name: "redis-py", summary: "redis-py as it comes: no socket timeout, topology anew after a lost connection",
            source: "redis-py 5: cluster_error_retry_attempts 3, socket_timeout None (the kernel's: 15 min), "
                + "reinitialize after ConnectionError, 0.25 s after CLUSTERDOWN",
            connectTimeout: 130 * second, commandTimeout: 900 * second, attempts: 4,
            backOff: .constant(250 * millisecond), refreshPeriod: nil, refreshesAfterFailures: 1)
    }

    private static var redisPyTimeout: ClientBehaviour {
        var client = redisPy
        client.name = "redis-py-1s"
        client.summary = "redis-py with socket_timeout and socket_connect_timeout of 1 s"
        client.source = "redis-py 5: as redis-py, with both timeouts set"
        client.connectTimeout = second
        client.commandTimeout = second
        return client
    }
}

/// How a client comes to the servers' addresses.
package enum ClientAccess: String, Sendable, CaseIterable {
    /// It knows the servers' addresses, and asks those it knows for the topology.
    case addresses
    /// It knows the Service's port on a node only: each topology comes from a Ready pod at random; MOVED and the
    /// topology name pod addresses, which it can reach.
    case service

    package var name: String {
        switch self {
        case .addresses: "seeds are server addresses"
        case .service: "seed is the Service"
        }
    }
}
