import Glibc

/// A redis-server or valkey-server that can be started.
package struct ServerBinary: Sendable, Equatable {
    /// As found: its name decides what a program of many names is, so links are not followed.
    package var path: String
    /// `redis` or `valkey`.
    package var product: String
    /// `7.0.15`
    package var version: String

    package init(path: String, product: String, version: String) {
        self.path = path
        self.product = product
        self.version = version
    }

    /// Valkey's masters do not log whom they suspect since 8.1 (clusterCron), so that the first and last suspicion
    /// can't be told from the logs; recordings show them.
    package var logsEverySuspicion: Bool {
        guard product == "valkey" else { return true }
        let parts = version.split(separator: ".").prefix(2).compactMap { Int($0) }
        return parts.count < 2 || (parts[0], parts[1]) < (8, 1)
    }

    /// Finds a binary by path, or by name along PATH, and asks its version.
    package init(finding name: String) throws(LabError) {
        guard let path = ServerBinary.resolve(name) else {
            throw LabError(
                "no server \(name)", "there is no such program that can be run",
                instead: "install it (Debian: apt install redis-server), or name one with --server PATH")
        }
        let answer = ChildProcess.output(of: path, ["--version"]) ?? ""
        guard let (product, version) = ServerBinary.identity(answer) else {
            throw LabError(
                "\(path) is no server", "it answers --version with \"\(answer.prefix { $0 != "\n" }.prefix(80))\"",
                instead: "name a redis-server or valkey-server that runs on this machine")
        }
        self.init(path: path, product: product, version: version)
    }

    /// `Redis server v=7.0.15 sha=...` and `Valkey server v=9.1.2 sha=...`.
    package static func identity(_ answer: String) -> (product: String, version: String)? {
        let words = answer.split(whereSeparator: \.isWhitespace)
        guard words.count >= 3, words[1] == "server", words[2].hasPrefix("v=") else { return nil }
        let product = words[0].lowercased()
        guard product == "redis" || product == "valkey" else { return nil }
        return (product, String(words[2].dropFirst(2)))
    }

    private static func resolve(_ name: String) -> String? {
        if name.contains("/") { return isProgram(name) ? absolute(name) : nil }
        return alongPath(name)
    }

    static func alongPath(_ name: String) -> String? {
        let directories = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        // Where `ip` is, whoever asks.
        let everywhere = directories + ":/usr/sbin:/sbin"
        return everywhere.split(separator: ":").map { "\($0)/\(name)" }.first(where: isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// Servers are started in other directories.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return String(cString: directory) + "/" + path
    }

    /// A path as /proc says it; unchanged where there is no such file.
    static func withoutLinks(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The level at which suspicions are logged: debug in Redis, notice in Valkey since 8.
    var logLevel: String {
        let major = Int(version.prefix { $0 != "." }) ?? 0
        return product == "valkey" && major >= 8 ? "notice" : "debug"
    }

    /// `redis 7.0.15`
    package var spoken: String { "\(product) \(version)" }
}
