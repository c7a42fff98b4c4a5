import CLaunch
import Glibc

/// A directory of the lab's own, and what makes sure that nothing below it survives the lab.
///
/// A keeper (a shell in a session of its own) waits for the end of a pipe whose other end only this process holds. It
/// ends when the lab closes it, exits or is killed in whatever way; the keeper then kills every process of this
/// server's binary whose working directory is below the directory, takes down the networks it was told of, and removes
/// the directory. There is no other way of cleaning up, so the one for the worst case is the one that always runs.
package final class LabDirectory: Sendable {
    package let path: String
    private let keeper: ChildProcess
    private let pipe: Int32

    package init(for binary: ServerBinary) throws(LabError) {
        var template = Array("\(ChildProcess.temporaryDirectory)/rehearse-lab-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .system("no directory in \(ChildProcess.temporaryDirectory)", errno)
        }
        let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // What /proc says about working directories has no links in it.
        path = ServerBinary.withoutLinks(made)
        var ends: [Int32] = [0, 0]
        let failure = rehearse_pipe(&ends)
        guard failure == 0 else {
            rmdir(path)
            throw .system("no pipe", failure)
        }
        defer { Glibc.close(ends[0]) }
        do {
            keeper = try ChildProcess(
                "/bin/sh", ["-c", LabDirectory.script, "keeper", path, ServerBinary.withoutLinks(binary.path)],
                ChildProcess.Setting(directory: "/", input: ends[0]))
        } catch {
            Glibc.close(ends[1])
            rmdir(path)
            throw error
        }
        pipe = ends[1]
    }

    /// $1 is the directory, $2 the server's executable; each line on the pipe is a command that takes something down.
    private static let script = """
        trap '' HUP INT QUIT TERM
        commands=''
        while IFS= read -r line; do commands="$commands
        $line"; done
        kill_servers() {
            for link in $(find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$1/*" 2>/dev/null); do
                case "$(readlink "${link%cwd}exe")" in
                "$2"*) pid=${link#/proc/}; kill -9 "${pid%/cwd}" 2>/dev/null; found=1 ;;
                esac
            done
        }
        for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            found=0
            kill_servers "$1" "$2"
            rm -rf -- "$1" 2>/dev/null
            if [ "$found" = 0 ] && [ ! -e "$1" ]; then break; fi
            sleep 0.1
        done
        eval "$commands" >/dev/null 2>&1
        """

    /// A shell command to run at the end, after the servers are gone.
    func atTheEnd(_ command: String) {
        let line = Array((command + "\n").utf8)
        _ = line.withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
    }

    /// A directory below, made now.
    func make(_ name: String) throws(LabError) -> String {
        let made = "\(path)/\(name)"
        guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw .system("no directory \(made)", errno) }
        return made
    }

    /// Everything goes. The lab's servers should be reaped by then; must be called once.
    package func close() async {
        Glibc.close(pipe)
        await keeper.awaitEnd()
    }
}
