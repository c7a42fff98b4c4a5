import RESP
import Recording

/// ROLE: what replication, not the cluster, takes the server for.
enum RoleReply {
    /// `role` (`master`, `slave`); of a replica `replication_state` (`connect`, `connecting`, `sync`, `connected`) and
    /// `replication_offset`; of a master `replicas_in_sync`.
    static func fields(_ reply: RESPValue) -> [ObservedServer.Setting] {
        guard let elements = reply.elements, let role = elements.first?.text else { return [] }
        var fields = [ObservedServer.Setting(name: "role", value: role)]
        if role == "slave", elements.count >= 5 {
            if let state = elements[3].text { fields.append(.init(name: "replication_state", value: state)) }
            if let offset = elements[4].integer { fields.append(.init(name: "replication_offset", value: "\(offset)")) }
        } else if role == "master", elements.count >= 3, let replicas = elements[2].elements {
            fields.append(.init(name: "replicas_in_sync", value: "\(replicas.count)"))
        }
        return fields
    }
}
