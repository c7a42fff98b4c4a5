/// Where a server listens for clients: a host name, an IPv4 or IPv6 address, and a TCP port.
package struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    /// 1 to 65535.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Redis's own port.
    package static let defaultPort = 6379

    /// Reads `HOST`, `HOST:PORT`, `[IPV6]:PORT` and a bare IPv6 address; nil for anything else.
    package init?(_ text: String) {
        var host = Substring(text)
        var port: Substring?
        if text.first == "[" {
            guard let end = text.lastIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":", host.contains(":") else { return nil }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "[") }) else {
            return nil
        }
        var number = ServerAddress.defaultPort
        if let port {
            guard port.utf8.count <= 5, port.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
                let read = Int(port), (1...65_535).contains(read)
            else { return nil }
            number = read
        }
        self.init(host: String(host), port: number)
    }

    /// `host:port`; an IPv6 address in brackets.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
