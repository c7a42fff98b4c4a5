import SystemModel
import Testing

@testable import ModelFile

/// Who follows whom when nothing in the manifests says it.
@Suite("Masters and their replicas")
struct PairingTests {
    /// What redis-cli 7.0.15 printed for six servers, each with an address of its own: 5 to 1, 6 to 2, 4 to 3.
    @Test("redis-cli attaches replicas from a list that it has rotated")
    func rotated() {
        #expect(ClusterShape(masters: 3, replicasPerMaster: 1).asCreatedByRedisCLI.attachments == [2, 0, 1])
        #expect(ClusterShape(masters: 3, replicasPerMaster: 2).asCreatedByRedisCLI.attachments == [2, 0, 0, 1, 1, 2])
        #expect(ClusterShape(masters: 3, replicasPerMaster: 0).asCreatedByRedisCLI.attachments == nil)
    }

    @Test("One replica more for each master comes after those there are")
    func grown() {
        let rotated = ClusterShape(masters: 3, replicasPerMaster: 1).asCreatedByRedisCLI.withAnotherReplica
        #expect(rotated.attachments == [2, 0, 1, 0, 1, 2] && rotated.nodes == 9 && rotated.replicasPerMaster == 2)
        let inTurn = ClusterShape(masters: 3, replicasPerMaster: 1).withAnotherReplica
        #expect(inTurn == ClusterShape(masters: 3, replicasPerMaster: 2))
    }

    private func loaded(_ cluster: String) throws -> LoadedModel {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.replace(
            "    masters: 3\n    replicasPerMaster: 1\n", by: cluster, in: "environment.yaml")
        return try ModelReader.read(directory: model.path)
    }

    @Test("Written numbers mean replicas in turn, none mean redis-cli's order; follows says otherwise")
    func chosen() throws {
        let inTurn = try loaded("    masters: 3\n    replicasPerMaster: 1\n")
        #expect(inTurn.model.shape.pairing == [0, 1, 2])
        #expect(inTurn.assumed.contains { $0.text.contains("in turn: redis-app-3 follows redis-app-0") })
        let open = try loaded("")
        #expect(open.model.shape.pairing == [2, 0, 1])
        let says = "redis-cli --cluster create does: redis-app-3 follows redis-app-2"
        #expect(open.assumed.contains { $0.text.contains(says) })
        let told = try loaded("    masters: 3\n    replicasPerMaster: 1\n    follows: [1, 2, 0]\n")
        #expect(told.model.shape.pairing == [1, 2, 0])
        #expect(!told.assumed.contains { $0.text.contains("follows redis-app") })
    }

    @Test("Pairs that don't fit are refused", arguments: ["[0, 1]", "[0, 1, 3]"])
    func refused(follows: String) throws {
        let error = try #require(throws: ModelError.self) {
            try loaded("    masters: 3\n    replicasPerMaster: 1\n    follows: \(follows)\n")
        }
        #expect(error.description.contains("write [0, 1, 2]"), "\(error)")
    }
}
