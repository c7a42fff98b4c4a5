import Foundation
import Glibc
import RedisClient
import Synchronization

/// A server that answers by a script: for what no real one can be made to say.
final class ScriptedServer: Sendable {
    let address: ServerAddress
    private let received = Mutex<[String]>([])

    enum Step: Sendable {
        /// Waits until one request has come whole (its last word is the given one).
        case awaitRequest(endingWith: String)
        case send(String)
        /// Holds the connection until the client closes it.
        case awaitClose
    }

    /// Everything that came, as text.
    var transcript: String { received.withLock { $0.joined() } }

    /// Serves one connection on a thread of its own, then closes it.
    init(_ steps: [Step]) throws {
        let bytes = (0..<3).map { _ in Int.random(in: 1...254) }
        let host = "127.\(bytes[0]).\(bytes[1]).\(bytes[2])"
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw POSIXError(.EMFILE) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, host, &name.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &name) { pointer -> UInt16? in
            let isListening = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, address, &length) == 0
            }
            return isListening ? UInt16(bigEndian: pointer.pointee.sin_port) : nil
        }
        guard let port else { throw POSIXError(.EADDRINUSE) }
        address = ServerAddress(host: host, port: Int(port))
        Thread.detachNewThread { [self] in
            let connection = accept(listener, nil, nil)
            close(listener)
            for step in steps where connection >= 0 { perform(step, on: connection) }
            close(connection)
        }
    }

    private func perform(_ step: Step, on connection: CInt) {
        switch step {
        case .awaitRequest(let word):
            var text = ""
            while !text.hasSuffix("\r\n\(word)\r\n"), let more = receive(connection) { text += more }
        case .send(let text):
            let bytes = Array(text.utf8)
            _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        case .awaitClose: while receive(connection) != nil {}
        }
    }

    private func receive(_ connection: CInt) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        received.withLock { $0.append(text) }
        return text
    }
}
