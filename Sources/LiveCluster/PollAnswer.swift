import Recording

/// What one server said, in the terms of the follower.
enum PollAnswer {
    case identity(ServerIdentity)
    case configuration([ObservedServer.Setting])
    /// CLUSTER NODES.
    case nodes([UInt8])
    /// Of CLUSTER INFO, INFO or ROLE, those that are recorded.
    case status(StatusSource, [ObservedServer.Setting])
    /// It answers nothing else while it loads its data.
    case loading
}

enum StatusSource: Int, CaseIterable { case clusterInfo, info, role }

/// From INFO: which process of which program.
struct ServerIdentity: Equatable {
    var runID: String
    /// `redis` or `valkey`.
    var product: String
    var version: String

    init(_ info: InfoText) {
        runID = info["run_id"] ?? ""
        // Valkey names a redis_version for the sake of old clients.
        if let valkey = info["valkey_version"] {
            product = "valkey"
            version = valkey
        } else {
            product = info["server_name"] ?? "redis"
            version = info["redis_version"] ?? ""
        }
    }
}

/// Why a server could not be asked.
enum PollFailure {
    /// Its address refused, or the connection ended.
    case refused
    case timeout
    /// The network knows no way there.
    case unreachable
    /// It answers, but not what was asked, or not to us. Its words.
    case unusable(String)
}
