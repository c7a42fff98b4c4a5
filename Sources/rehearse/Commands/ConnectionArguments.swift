import ArgumentParser
import Foundation
import RedisClient

/// How to reach a live cluster: for every command that does.
struct ConnectionArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Who to be to the servers; by default the user named default.", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("A file whose first line is the password.", valueName: "file"))
    var passwordFile: String?

    @Flag(help: "Ask for the password on the terminal. Without these two: REDIS_PASSWORD or REDISCLI_AUTH, if set.")
    var askPassword = false

    @Flag(help: "Connect with TLS.")
    var tls = false

    @Option(help: ArgumentHelp("Trust these authorities, instead of the system's.", valueName: "file"))
    var cacert: String?

    @Option(help: ArgumentHelp("Our certificate, for servers that want one; with --key.", valueName: "file"))
    var cert: String?

    @Option(help: ArgumentHelp("The certificate's private key.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("The name that the servers' certificates must bear.", valueName: "name"))
    var sni: String?

    @Flag(help: "Trust any certificate.")
    var insecure = false

    func validate() throws {
        if askPassword, passwordFile != nil {
            throw ValidationError("--password-file and --ask-password exclude each other")
        }
    }

    /// Reads the files, asks for the password. Throws ConnectionOptionsError or PasswordError.
    func options() throws -> ConnectionOptions {
        var flags = ConnectionFlags()
        flags.tls = tls
        flags.cacert = cacert
        flags.cert = cert
        flags.key = key
        flags.sni = sni
        flags.insecure = insecure
        flags.user = user
        flags.passwordSource = passwordSource
        return try flags.options()
    }

    private var passwordSource: PasswordSource? {
        if let passwordFile { return .file(passwordFile) }
        if askPassword { return .prompt }
        let environment = ProcessInfo.processInfo.environment
        return ["REDIS_PASSWORD", "REDISCLI_AUTH"].first { environment[$0]?.isEmpty == false }.map { .environment($0) }
    }
}

extension ServerAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
