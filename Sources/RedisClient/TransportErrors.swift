import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import RESP

extension RedisError {
    /// What SwiftNIO, its TLS or the decoder reports, in our words.
    init(transport error: any Error, connectTimeout: Duration) {
        switch error {
        case let error as RedisError: self = error
        case let error as RESPError: self = .protocol(what: error.what, offset: error.offset)
        case let error as IOError: self.init(errno: error.errnoCode, connectTimeout: connectTimeout)
        case ChannelError.connectTimeout: self = .timeout(waitingFor: "connection", after: connectTimeout)
        case let error as NIOConnectionError: self.init(error, connectTimeout: connectTimeout)
        case NIOSSLError.uncleanShutdown: self = .reset
        case NIOSSLError.handshakeFailed(let cause): self = .tls("handshake failed: \(cause)")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .tls("\(error)")
        case is ChannelError: self = .reset
        default: self = .unreachable("\(error)")
        }
    }

    private init(errno code: CInt, connectTimeout: Duration) {
        switch code {
        case ECONNREFUSED: self = .refused
        case ECONNRESET, EPIPE, ECONNABORTED: self = .reset
        case ETIMEDOUT: self = .timeout(waitingFor: "connection", after: connectTimeout)
        default: self = .unreachable(String(cString: strerror(code)))
        }
    }

    /// Several addresses may have been tried; the first failure speaks for all.
    private init(_ error: NIOConnectionError, connectTimeout: Duration) {
        if let first = error.connectionErrors.first {
            self.init(transport: first.error, connectTimeout: connectTimeout)
        } else {
            self = .unreachable("no address of \(error.host) is known")
        }
    }
}
