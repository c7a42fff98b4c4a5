import Foundation
import ModelFile
import Testing

@testable import Lab

@Suite("Two hosts can be cut apart", .serialized, .enabled(if: Servers.canRun && NetworkNamespaces.areAllowed))
struct TwoHostsTests {
    private static var spaces: Set<String> {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")
        return Set((names ?? []).filter { $0.hasPrefix("rlab") })
    }

    @Test("The majority promotes, the minority's master stands down when it is heard again, and the hosts are gone")
    func cut() async throws {
        let scratch = try Scratch()
        let before = Self.spaces
        let loaded = try ModelReader.read(
            directory: LabTests.package.path + "/models/two-hosts",
            overrides: ["cluster-node-timeout=1000", "scenario.for=8s"])
        var options = LabOptions(output: scratch.path + "/out")
        options.settle = 2_000_000_000
        options.hosts = 2
        let scenario = try loaded.scenario(named: "cut-host", overrides: ["scenario.for=8s"])
        let lab = try Lab(try #require(Servers.binary), loaded.model, scenario, options)
        let held = try await lab.run { progress in
            guard case .finished(let line) = progress else {
                Issue.record("\(progress)")
                return
            }
            #expect(line.outcome.victims == [2, 3, 4])
            #expect(line.outcome.actions.map(\.action) == ["cut", "heal"])
            #expect(line.outcome.milestones.promotions == 1)
            #expect(line.outcome.milestones.promoted.map { $0 < 8_000_000 } == true)
            #expect(line.outcome.milestones.demoted.map { $0 >= 8_000_000 } == true)
        }
        #expect(held == 1)
        #expect(Self.spaces.isSubset(of: before))
    }

    @Test("A model of one host is refused")
    func oneHost() throws {
        let loaded = try ModelReader.read(directory: LabTests.package.path + "/models/six-processes", overrides: [])
        var options = LabOptions(output: "/nowhere")
        options.hosts = 2
        #expect(throws: LabError.self) {
            try Lab(
                try #require(Servers.binary), loaded.model, try loaded.scenario(named: "kill-master", overrides: []),
                options)
        }
    }
}

enum NetworkNamespaces {
    /// Network namespaces and bridges need root and a kernel that lets it make them.
    static let areAllowed: Bool = {
        let name = "rlabtest\(getpid())"
        guard geteuid() == 0, let ip = ServerBinary.alongPath("ip"),
            let bridge = try? ChildProcess(ip, ["link", "add", name, "type", "bridge"]), bridge.succeeds(within: 5000)
        else {
            FileHandle.standardError.write(Data("NO NETWORK NAMESPACES HERE: tests of --hosts 2 are skipped\n".utf8))
            return false
        }
        _ = try? ChildProcess(ip, ["link", "delete", name]).succeeds(within: 5000)
        return true
    }()
}
