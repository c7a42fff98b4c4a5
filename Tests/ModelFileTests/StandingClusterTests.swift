import Foundation
import RedisCluster
import SystemModel
import Testing

@testable import ModelFile

/// `cluster.created`: what exists when a rehearsal begins.
struct StandingClusterTests {
    @Test func readsTheReference() throws {
        let standing = try ShippedModels.read("two-nodes-six-pods").model.standing
        #expect(
            standing.nodeIDs?.map { String($0.text.prefix(8)) } == [
                "07feeb4b", "2dc05ff2", "5b53a30a", "0f425d5f", "0acfbf92", "64cc1c51",
            ])
        #expect(standing.slots == [10923...16383, 5462...10922, 0...5461])
        #expect(standing.configEpochs == [2, 1, 5] && standing.currentEpoch == 5)
        #expect(standing.addresses?.first == "10.244.1.77")
        #expect(standing.lastAddresses == [StandingCluster.WorkerAddress(worker: "node1", address: "10.244.1.80")])
    }

    /// As `redis-cli --cluster create` leaves it.
    @Test func saysNothingByDefault() throws {
        let model = try ShippedModels.read("six-processes").model
        #expect(model.standing == StandingCluster())
        #expect(model.standing.layout(model.shape).parts == [0...5460, 5461...10922, 10923...16383])
        #expect((0..<3).map { model.standing.configEpoch(ofMaster: $0) } == [1, 2, 3])
        #expect(model.standing.currentEpoch(model.shape) == 6)
    }

    /// Lists for six nodes say nothing about eight.
    @Test func isLeftOutWhereTheSizeIsOverridden() throws {
        let loaded = try ShippedModels.read("two-nodes-six-pods", ["cluster.masters=4"])
        #expect(loaded.model.standing == StandingCluster())
    }

    /// Each mistake is shown where it stands.
    @Test(arguments: [
        ("[2, 1, 5]", "[2, 1]", "2 configEpochs"), ("[2, 1, 5]", "[2, 1, 1]", "\"1\" twice in configEpochs"),
        ("[2, 1, 5]", "[2, 1, x]", "\"x\" as a config epoch"),
        ("configEpochs: [2, 1, 5]", "configEpochs: 2", "\"2\" as configEpochs"),
        ("currentEpoch: 5", "currentEpoch: 4", "a currentEpoch of 4"),
        ("[10923-16383, ", "[10924-16383, ", "slot 10923 missing"),
        ("[10923-16383, ", "[10922-16383, ", "slot 10922 twice"),
        ("[10923-16383, ", "[10923-16382, ", "slots 16383 to 16383 missing"),
        ("[10923-16383, ", "[16383-10923, ", "\"16383-10923\" as slots"),
        ("[10923-16383, ", "[10923--1, ", "\"10923--1\" as slots"),
        ("\"07feeb4b", "\"x7feeb4b", "as a node id"), ("[10.244.1.77,", "[10.244.1.777,", "\"10.244.1.777\" as a pod"),
        ("{node1: 10.244.1.80}", "{node7: 10.244.1.80}", "no node node7"),
        ("currentEpoch: 5", "currentEpoc: 5", "unknown key \"currentEpoc\""),
    ])
    func refuses(old: String, new: String, message: String) throws {
        let files = FileManager.default
        let copy = files.temporaryDirectory.appendingPathComponent("rehearse-\(UUID().uuidString)").path
        try files.copyItem(atPath: ShippedModels.path("two-nodes-six-pods"), toPath: copy)
        defer { try? files.removeItem(atPath: copy) }
        let path = copy + "/environment.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: old, with: new)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains(new) }) + 1
        let error = #expect(throws: ModelError.self) { try ModelReader.read(directory: copy) }
        let diagnostics = error?.diagnostics.map(\.description) ?? []
        #expect(diagnostics.count == 1, "\(diagnostics)")
        #expect(diagnostics.first?.hasPrefix("\(path):\(line):") == true, "\(diagnostics)")
        #expect(diagnostics.first?.contains(message) == true, "\(diagnostics)")
    }
}
