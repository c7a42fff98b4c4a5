import Glibc
import RedisCluster
import SystemModel

/// How a cluster comes to be: as `redis-cli --cluster create` does it (clusterManagerCommandCreate of 7.0).
extension LabCluster {
    /// Masters get equal ranges, all get epochs 1, 2, 3..., all meet the first; then replicas follow their masters.
    package func create() async throws {
        for master in 0..<shape.masters {
            // Redis 6.2 has no ADDSLOTSRANGE.
            let slots = slotRange(ofMaster: master).map { String($0) }
            _ = try await ask(master, ["CLUSTER", "ADDSLOTS"] + slots)
        }
        for index in servers.indices {
            _ = try await ask(index, ["CLUSTER", "SET-CONFIG-EPOCH", String(index + 1)])
        }
        for index in servers.indices.dropFirst() {
            _ = try await ask(index, ["CLUSTER", "MEET", servers[0].address, String(port)])
        }
        try await awaitCondition("the servers don't meet", .seconds(60)) { try await self.whoHasNotMetAll() }
        for replica in shape.masters..<shape.nodes {
            guard let master = shape.master(of: replica), let name = servers[master].name else { continue }
            try await replicate(replica, name)
        }
        try await awaitHealth(within: .seconds(120))
    }

    /// clusterManagerNodesByHost's shares: 0-5460, 5461-10922, 10923-16383 for three.
    private func slotRange(ofMaster master: Int) -> ClosedRange<Int> {
        let share = Double(SlotLayout.slotCount) / Double(shape.masters)
        func end(_ index: Int) -> Int {
            index == shape.masters - 1 ? SlotLayout.slotCount - 1 : Int((share * Double(index + 1) - 1).rounded())
        }
        return (master == 0 ? 0 : end(master - 1) + 1)...end(master)
    }

    /// A node that does not know its master yet is asked again.
    private func replicate(_ replica: Int, _ master: NodeName) async throws {
        try await awaitCondition("\(servers[replica].address) becomes no replica", .seconds(30)) {
            do {
                _ = try await self.ask(replica, ["CLUSTER", "REPLICATE", master.text])
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    private func whoHasNotMetAll() async throws -> String? {
        for index in servers.indices {
            let view = try await view(of: index)
            let known = view.nodes.count { !$0.flags.has(.handshake) && !$0.address.ip.isEmpty }
            let owners = view.nodes.count { !$0.slots.isEmpty }
            guard view.nodes.count == shape.nodes, known == shape.nodes, owners == shape.masters else {
                return "\(servers[index].address) knows \(known) of \(shape.nodes) nodes, \(owners) with slots"
            }
        }
        return nil
    }

    /// Asks every 100 ms until nothing stands in the way; throws what still does.
    func awaitCondition(
        _ what: String, _ patience: Duration, obstacle: () async throws -> String?
    ) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            let why: String?
            do { why = try await obstacle() } catch { why = "\(error)" }
            guard let why else { return }
            try Task.checkCancellation()
            guard ContinuousClock.now < deadline else {
                throw LabError(what, why, instead: "try again with fewer --jobs, if the machine is busy")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
