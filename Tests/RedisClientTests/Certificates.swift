import Foundation

/// An authority, a server's and a client's certificate, and an authority that signed neither; made by openssl.
final class Certificates: Sendable {
    let directory: URL

    static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    struct Failed: Error {
        var arguments: [String]
        var output: String
    }

    func path(_ name: String) -> String { directory.appending(path: name).path }

    /// The server's certificate holds `host` as an address, and the name redis.test.
    init(host: String) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "rehearse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for authority in ["ca", "other-ca"] {
            try openssl(
                key(authority) + ["-x509", "-days", "2", "-subj", "/CN=\(authority)", "-out", path("\(authority).crt")])
        }
        for name in ["server", "client"] {
            let extensions = "subjectAltName=IP:\(host),DNS:redis.test\n"
            try Data(extensions.utf8).write(to: directory.appending(path: "\(name).ext"))
            try openssl(key(name) + ["-subj", "/CN=\(name)", "-out", path("\(name).csr")])
            try openssl([
                "x509", "-req", "-in", path("\(name).csr"), "-CA", path("ca.crt"), "-CAkey", path("ca.key"),
                "-CAcreateserial", "-days", "2", "-extfile", path("\(name).ext"), "-out", path("\(name).crt"),
            ])
        }
    }

    private func key(_ name: String) -> [String] {
        ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path("\(name).key")]
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        let output = Pipe()
        process.standardError = output
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(arguments: arguments, output: text) }
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}
