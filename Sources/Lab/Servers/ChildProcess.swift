import CLaunch
import Glibc

/// A program of ours that runs, known by its pid until it is reaped.
///
/// It runs in a session of its own, so that Ctrl-C at the terminal reaches the lab and not the servers, inherits no
/// open file, and starts with signals as a fresh program expects them.
struct ChildProcess: Sendable {
    let pid: pid_t

    /// Where a child starts and what it is given.
    struct Setting {
        var directory: String?
        /// `NAME=value`; the lab's own environment is not handed down.
        var environment = ChildProcess.environment
        /// Appended to; nil is /dev/null.
        var output: String?
        /// Becomes standard input; nil is /dev/null.
        var input: Int32?
    }

    init(_ program: String, _ arguments: [String], _ setting: Setting = Setting()) throws(LabError) {
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var variables = setting.environment.map { strdup($0) } + [nil]
        defer { for variable in variables { free(variable) } }
        var pid: pid_t = 0
        let failure = rehearse_launch(
            &pid, program, &words, &variables, setting.directory, setting.input ?? -1, setting.output ?? "/dev/null")
        guard failure == 0 else { throw .system("\(program) can't be started", failure) }
        self.pid = pid
    }

    /// Gives its session this process's nice value: where Linux groups processes by session (sched_autogroup),
    /// their own values count within a group only. Nothing happens where it does not, or where that is not allowed.
    func takeOnPriority() {
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let file = open("/proc/\(pid)/autogroup", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        let text = Array("\(own)".utf8)
        if own != 0 { _ = text.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } }
    }

    /// True once it has ended; its entry is then gone, and its pid must not be used again.
    func reap() -> Bool {
        var status: Int32 = 0
        let result = waitpid(pid, &status, WNOHANG)
        return result == pid || (result < 0 && errno == ECHILD)
    }

    /// Waits for its end without holding a thread.
    func awaitEnd() async {
        while !reap() { await pause(.milliseconds(2)) }
    }

    /// What a program prints, where it ends with status 0 within 10 s; nil otherwise. For short questions.
    static func output(of program: String, _ arguments: [String]) -> String? {
        var template = Array("\(temporaryDirectory)/rehearse-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { return nil }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(file)
            unlink(path)
        }
        guard let child = try? ChildProcess(program, arguments, Setting(output: path)) else { return nil }
        guard child.succeeds(within: 10_000) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = pread(file, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    /// True where it ends with status 0 in time; one that does not end is killed.
    func succeeds(within milliseconds: Int) -> Bool {
        var status: Int32 = 0
        for _ in 0..<milliseconds {
            if waitpid(pid, &status, WNOHANG) == pid { return status == 0 }
            usleep(1000)
        }
        kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
        return false
    }

    /// Servers log in the time zone they are told; logs are read as UTC.
    static var environment: [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let libraries = getenv("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=" + String(cString: $0)] } ?? []
        return ["PATH=" + path, "LC_ALL=C", "TZ=UTC0"] + libraries
    }

    static var temporaryDirectory: String {
        let chosen = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        return chosen.hasPrefix("/") ? chosen : "/tmp"
    }
}

/// Sleeps; returns early where the task is cancelled.
func pause(_ duration: Duration) async { try? await Task.sleep(for: duration, tolerance: .zero) }
