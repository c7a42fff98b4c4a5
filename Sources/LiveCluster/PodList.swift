import Foundation

/// `kubectl get pods -o json`, the little of it that is recorded.
struct PodList: Decodable {
    var items: [Item]

    struct Item: Decodable {
        var metadata: Metadata
        var spec: Spec?
        var status: Status?
    }

    struct Metadata: Decodable {
        var name: String
        /// Set once the pod is being deleted, when its phase still says Running.
        var deletionTimestamp: String?
    }

    struct Spec: Decodable { var nodeName: String? }

    struct Status: Decodable {
        var phase: String?
        var podIP: String?
        var podIPs: [Address]?

        struct Address: Decodable { var ip: String? }
    }

    /// Throws DecodingError for anything but a list of pods.
    static func observations(_ json: Data) throws -> [PodObservation] {
        try JSONDecoder().decode(PodList.self, from: json).items.map { item in
            let addresses = (item.status?.podIPs ?? []).compactMap(\.ip)
            let phase = item.metadata.deletionTimestamp == nil ? item.status?.phase ?? "Unknown" : "Terminating"
            return PodObservation(
                name: item.metadata.name, worker: item.spec?.nodeName, phase: phase,
                addresses: addresses.isEmpty ? [item.status?.podIP].compactMap { $0 } : addresses)
        }
    }
}
