import Foundation
import ModelFile
import Randomness
import SystemModel
import Testing

@testable import Lab

@Suite("Servers start on their own", .serialized, .enabled(if: Servers.canRun), .timeLimit(.minutes(2)))
struct StartTests {
    /// Servers that start together ping at random in step, long after: in sixty trials whose servers had started within
    /// a tenth of a second, those pings of all nodes fell into the same tenth after a minute.
    @Test("Servers do not start in step")
    func phases() async throws {
        let model = try ModelReader.read(directory: LabTests.package.path + "/models/six-processes").model
        var dice = RandomStream(key: Moment.now.monotonic)
        let cluster = try LabCluster(try #require(Servers.binary), model, hosts: 1, nil, dice: &dice)
        do {
            try await cluster.start()
            var starts: [Double] = []
            for server in await cluster.servers { starts.append(try startTime(of: try #require(server.process).pid)) }
            await cluster.close()
            let earliest = try #require(starts.min())
            #expect(try #require(starts.max()) - earliest > 0.1, "\(starts)")
            #expect(try #require(starts.max()) - earliest < 2, "\(starts)")
        } catch {
            await cluster.close()
            throw error
        }
    }

    /// The 22nd field of /proc/PID/stat: hundredths of a second since boot.
    private func startTime(of process: pid_t) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = try #require(text.split(separator: ")").last).split(separator: " ")
        return try #require(Double(fields[19])) / 100
    }
}
