import NIOCore
import NIOSSL

/// How a connection is encrypted and whom it trusts. The files are read once, when it is made.
package struct TLS: Sendable {
    let context: NIOSSLContext
    /// The name asked for (SNI); nil is the address's host, where that is a name.
    let serverName: String?

    package enum Verification: Sendable {
        /// A chain to a trusted authority, and a certificate for the server's name or for the address connected to.
        case full
        /// Any certificate, be it an attacker's: the caller's explicit choice.
        case none
    }

    /// - Parameters:
    ///   - authority: a PEM file of the certificates to trust instead of the system's.
    ///   - certificate: a PEM file, our own certificate first.
    ///   - key: the PEM file of its private key, not encrypted.
    package init(
        authority: String? = nil, certificate: String? = nil, key: String? = nil, serverName: String? = nil,
        verification: Verification = .full
    ) throws(ConnectionOptionsError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if verification == .none { configuration.certificateVerification = .none }
        if let authority {
            let trusted = try TLS.reading(authority) { try NIOSSLCertificate.fromPEMFile(authority) }
            guard !trusted.isEmpty else { throw .unusableFile(authority, reason: "it holds no certificate") }
            configuration.trustRoots = .certificates(trusted)
        }
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            let chain = try TLS.reading(certificate) { try NIOSSLCertificate.fromPEMFile(certificate) }
            guard !chain.isEmpty else { throw .unusableFile(certificate, reason: "it holds no certificate") }
            configuration.certificateChain = chain.map { .certificate($0) }
            let privateKey = try TLS.reading(key) { try NIOSSLPrivateKey(file: key, format: .pem) }
            configuration.privateKey = .privateKey(privateKey)
        default: throw .certificateWithoutKey
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .unusableFile(key ?? authority ?? "TLS", reason: "\(error)")
        }
        self.serverName = serverName
        if let serverName, !TLS.isName(serverName) { throw .badServerName(serverName) }
    }

    private static func reading<T>(_ path: String, _ read: () throws -> T) throws(ConnectionOptionsError) -> T {
        do {
            return try read()
        } catch {
            throw .unusableFile(path, reason: "\(error)")
        }
    }

    /// The handler for one connection. An address is no server name; the certificate must then hold the address.
    func handler(for address: ServerAddress) throws -> NIOSSLClientHandler {
        let host = TLS.isName(address.host) ? address.host : nil
        return try NIOSSLClientHandler(context: context, serverHostname: serverName ?? host)
    }

    private static func isName(_ text: String) -> Bool {
        (try? SocketAddress(ipAddress: text, port: 0)) == nil && !text.isEmpty && text.utf8.count < 254
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
