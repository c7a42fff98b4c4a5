/// How a lab runs its trials.
package struct LabOptions: Sendable {
    /// Path of a server's binary.
    package var server: String
    package var trials: Int

    package init(server: String = "redis-server", trials: Int = 1) {
        self.server = server
        self.trials = trials
    }
}
