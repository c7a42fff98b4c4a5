/// Where a server listens for clients: a host name, an IPv4 or IPv6 address, and a TCP port.
package struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    /// 1 to 65535.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `host:port`; an IPv6 address in brackets.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
