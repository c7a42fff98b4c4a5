import Foundation
import Testing

@testable import Lab

/// What is left of a lab that ends before its time: nothing.
@Suite("A lab that is ended leaves nothing", .serialized, .enabled(if: Servers.canRun), .timeLimit(.minutes(3)))
struct LeftoverTests {
    /// `swift test` builds products into the directory of the test bundle.
    private static let tool = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "rehearse")

    /// The tool's lab command, whose cluster's directory is made below `scratch`.
    private func start(in scratch: Scratch) throws -> Process {
        let process = Process()
        process.executableURL = Self.tool
        process.arguments = ["lab", "--scenario", "kill-master", "--settle", "60s", "-o", scratch.path + "/out"]
        process.currentDirectoryURL = LabTests.package
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": scratch.path]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test("By whatever signal", arguments: [SIGINT, SIGTERM, SIGKILL])
    func signals(number: Int32) async throws {
        let scratch = try Scratch()
        let process = try start(in: scratch)
        let isUp = await Servers.await(60) { Servers.processes(below: scratch.path).count >= 6 }
        #expect(isUp)
        // A server that is stopped must go too.
        if let server = Servers.processes(below: scratch.path).first { kill(server, SIGSTOP) }
        kill(process.processIdentifier, number)
        let isClean = await Servers.await(20) {
            !process.isRunning && Servers.processes(below: scratch.path).isEmpty && scratch.files == ["out"]
        }
        #expect(isClean, "\(Servers.processes(below: scratch.path)) \(scratch.files)")
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        #expect(process.terminationStatus == (number == SIGKILL ? SIGKILL : 130))
    }

    @Test("A foreign process in the lab's directory is left alone, its directory is not")
    func foreigner() async throws {
        let binary = try #require(Servers.binary)
        let directory = try LabDirectory(for: binary)
        let home = try directory.make("0")
        let foreigner = try ChildProcess("/bin/sleep", ["60"], ChildProcess.Setting(directory: home))
        let server = try ChildProcess(
            binary.path, ["--port", "0", "--save", ""], ChildProcess.Setting(directory: home))
        #expect(await Servers.await(10) { Servers.processes(below: directory.path).count == 2 })
        await directory.close()
        #expect(!FileManager.default.fileExists(atPath: directory.path))
        #expect(await Servers.await(10) { server.reap() })
        #expect(!foreigner.reap())
        kill(foreigner.pid, SIGKILL)
        await foreigner.awaitEnd()
    }
}
