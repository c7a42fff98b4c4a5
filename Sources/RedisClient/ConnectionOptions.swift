package import RESP

/// How to connect, and how long to wait.
package struct ConnectionOptions: Sendable {
    /// For a TCP connection, all addresses of a name together.
    package var connectTimeout: Duration
    /// From a request's being written to its reply. The first reply's includes the TLS handshake.
    package var replyTimeout: Duration
    /// nil is plain TCP.
    package var tls: TLS?
    package var credentials: Credentials?
    package var limits: RESPLimits

    package init(
        connectTimeout: Duration = .seconds(5), replyTimeout: Duration = .seconds(5), tls: TLS? = nil,
        credentials: Credentials? = nil, limits: RESPLimits = RESPLimits()
    ) {
        self.connectTimeout = connectTimeout
        self.replyTimeout = replyTimeout
        self.tls = tls
        self.credentials = credentials
        self.limits = limits
    }
}

/// What a command line says about a connection, flag by flag, with redis-cli's names.
package struct ConnectionFlags: Sendable {
    package var tls = false
    package var cacert: String?
    package var cert: String?
    package var key: String?
    package var sni: String?
    package var insecure = false
    package var user: String?
    package var passwordSource: PasswordSource?

    package init() {}

    /// Reads the files and asks for the password.
    package func options() throws -> ConnectionOptions {
        if !tls, let flag = flagThatNeedsTLS { throw ConnectionOptionsError.needsTLS(flag) }
        if user != nil, passwordSource == nil { throw ConnectionOptionsError.userWithoutPassword }
        var options = ConnectionOptions()
        if tls {
            options.tls = try TLS(
                authority: cacert, certificate: cert, key: key, serverName: sni, verification: insecure ? .none : .full)
        }
        if let passwordSource {
            options.credentials = Credentials(user: user, password: try passwordSource.read())
        }
        return options
    }

    private var flagThatNeedsTLS: String? {
        if cacert != nil { return "--cacert" }
        if cert != nil { return "--cert" }
        if key != nil { return "--key" }
        if sni != nil { return "--sni" }
        return insecure ? "--insecure" : nil
    }
}

package enum ConnectionOptionsError: Error, Sendable, Equatable, CustomStringConvertible {
    case needsTLS(String)
    case certificateWithoutKey
    case userWithoutPassword
    case unusableFile(String, reason: String)
    case badServerName(String)

    package var description: String {
        switch self {
        case .needsTLS(let flag): "\(flag): only means something with TLS; add --tls"
        case .certificateWithoutKey: "a client certificate and its key belong together; give both --cert and --key"
        case .userWithoutPassword: "a user needs a password; say where it is"
        case .unusableFile(let path, let reason): "\(path): cannot be used: \(reason)"
        case .badServerName(let name): "\(name): no server name; write a host name, without an address or a port"
        }
    }
}
