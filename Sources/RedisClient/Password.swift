/// A password. It prints, dumps and mirrors as a placeholder, whatever prints it.
package struct Password: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// For the server alone.
    let secret: String

    package init(_ secret: String) { self.secret = secret }

    package var description: String { "<password>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

/// Who we are to the server.
package struct Credentials: Sendable {
    /// nil is the user `default`, and all there is before Redis 6.
    package var user: String?
    package var password: Password

    package init(user: String?, password: Password) {
        self.user = user
        self.password = password
    }
}
