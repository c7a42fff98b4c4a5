import Glibc
import RedisCluster
import SystemModel

/// The faults themselves. Each returns its instant, taken right before the system call.
extension LabCluster {
    func signal(_ processes: [Int], _ number: Int32) -> Moment {
        let pids = processes.compactMap { servers[$0].process?.pid }
        let time = Moment.now
        for pid in pids { kill(pid, number) }
        for process in processes {
            if number == SIGSTOP { servers[process].isFrozen = true }
            if number == SIGCONT { servers[process].isFrozen = false }
        }
        return time
    }

    /// CLUSTER FAILOVER at each; a refusal is the server's answer and no error of the lab's.
    func failOver(_ processes: [Int], _ mode: FailoverMode) async -> Moment {
        let words = ["CLUSTER", "FAILOVER"] + (mode == .plain ? [] : [mode.rawValue.uppercased()])
        // A connection's making must not come between.
        for process in processes { _ = try? await text(process, "PING") }
        let time = Moment.now
        for process in processes { _ = try? await ask(process, words) }
        return time
    }

    /// Everything that a server that has ended kept.
    func loseFiles(of process: Int) {
        let path = servers[process].directory
        guard servers[process].process == nil, let remover = try? ChildProcess("/bin/rm", ["-rf", "--", path]) else {
            return
        }
        _ = remover.succeeds(within: 10_000)
        mkdir(path, 0o700)
    }

    func isRunning(_ process: Int) -> Bool { servers[process].process != nil }

    /// True where the server has ended and is reaped.
    func hasEnded(_ process: Int) -> Bool {
        reap()
        return !isRunning(process)
    }
}
