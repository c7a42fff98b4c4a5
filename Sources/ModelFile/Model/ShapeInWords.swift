import SystemModel

extension ClusterShape {
    /// As a report says it: "3 masters with 1 replica each".
    var spoken: String {
        let masters = "\(masters) master\(masters == 1 ? "" : "s")"
        return "\(masters) with \(replicasPerMaster) replica\(replicasPerMaster == 1 ? "" : "s") each"
    }
}
