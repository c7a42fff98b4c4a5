import RedisCluster
import SystemModel

/// When a cluster is well: what must be so before a fault.
extension LabCluster {
    package func awaitHealth(within patience: Duration) async throws {
        try await awaitCondition("the cluster does not become well", patience) { try await self.illness() }
    }

    /// What is not as it should be: every node ok, nobody suspected, all links up, one opinion about the roles, every
    /// replica in sync, nobody loading or rewriting. nil where all is well.
    private func illness() async throws -> String? {
        var opinion: [Role]?
        for index in servers.indices {
            let address = servers[index].address
            guard try await text(index, "CLUSTER", "INFO").contains("cluster_state:ok") else {
                return "cluster_state of \(address) is fail"
            }
            let view = try await view(of: index)
            if let why = illness(of: view) { return "\(address): \(why)" }
            let roles = roles(in: view)
            if let opinion, opinion != roles { return "\(address) sees other roles than \(servers[0].address)" }
            opinion = roles
            if let why = try await business(of: index) { return "\(address): \(why)" }
        }
        return opinion?.contains { $0.isMaster && !$0.hasReplicas && shape.replicasPerMaster > 0 } == true
            ? "a master has no replica" : nil
    }

    private func illness(of view: ClusterView) -> String? {
        guard view.nodes.count == shape.nodes else { return "\(view.nodes.count) nodes of \(shape.nodes)" }
        for node in view.nodes {
            let flags: [NodeFlags] = [.pfail, .fail, .handshake, .noAddress]
            if flags.contains(where: { node.flags.has($0) }) { return "\(node.id.text) is \(node.flags.text)" }
            if !node.isConnected { return "\(node.id.text) is disconnected" }
        }
        return nil
    }

    /// What a server is still busy with.
    private func business(of index: Int) async throws -> String? {
        let replication = try await text(index, "INFO", "replication")
        if replication.contains("role:slave"), !replication.contains("master_link_status:up") { return "not in sync" }
        let persistence = try await text(index, "INFO", "persistence")
        for activity in ["loading", "rdb_bgsave_in_progress", "aof_rewrite_in_progress"]
        where persistence.contains("\(activity):1") { return activity }
        return nil
    }

    // MARK: Roles

    /// A node's part in the cluster, in one observer's view.
    struct Role: Equatable {
        var isMaster: Bool
        var ownsSlots: Bool
        /// The process it replicates.
        var master: Int?
        var hasReplicas = false
    }

    /// Roles by process.
    func roles(in view: ClusterView) -> [Role] {
        var roles = servers.map { server in
            guard let name = server.name, let node = view[name] else { return Role(isMaster: false, ownsSlots: false) }
            let master = servers.firstIndex { $0.name != nil && $0.name == node.master }
            return Role(isMaster: node.flags.has(.master), ownsSlots: !node.slots.isEmpty, master: master)
        }
        for role in roles { if let master = role.master { roles[master].hasReplicas = true } }
        return roles
    }

    /// Roles as the first server that answers sees them.
    func currentRoles() async throws -> [Role] {
        for server in servers where server.answers {
            if let view = try? await view(of: server.index) { return roles(in: view) }
        }
        throw LabError("nobody answers", "no server runs that is not stopped", instead: "give the scenario fewer steps")
    }

    func name(_ index: Int) -> NodeName? { servers[index].name }

    func index(of name: NodeName) -> Int? { servers.firstIndex { $0.name == name } }
}
