import Kubernetes
import RedisCluster

/// The volume on which a pod's Redis keeps nodes.conf and the AOF.
struct DataVolume {
    /// Nil where `dir` is on no volume: it then lives and dies with the container.
    let volume: String?
    /// The claim template that the volume is made from, if it is.
    let template: PersistentVolumeClaim?
    /// The one claim that all pods share, where the template's volumes name a claim directly.
    let sharedClaim: String?
    let isNFS: Bool
    /// The NFS servers that can hold the data, each once, in the volumes' order.
    let servers: [String]

    init(of set: StatefulSet, _ objects: ClusterObjects, _ conf: RedisConf) {
        // The official image works in /data; a relative `dir` stays there.
        let directory = conf.directory.hasPrefix("/") ? conf.directory : "/data"
        let mounts = RedisChoice.container(of: set)?.mounts ?? []
        let mount = mounts.filter { directory == $0.path || directory.hasPrefix($0.path + "/") || $0.path == "/" }
            .max { $0.path.count < $1.path.count }
        volume = mount?.volume
        let name = volume
        template = set.volumeClaimTemplates.first { $0.name == name }
        let source = set.template.spec.volumes.first { $0.name == name }?.source
        if template == nil, case .claim(let claim) = source { sharedClaim = claim } else { sharedClaim = nil }
        if template == nil, sharedClaim == nil {
            if case .other("nfs") = source { isNFS = true } else { isNFS = false }
            servers = []
            return
        }
        let claimed = sharedClaim
        let claim =
            template ?? objects.persistentVolumeClaims.first { $0.name == claimed && $0.namespace == set.namespace }
        let volumes = claim.map { Self.volumes(for: $0, of: set, objects) } ?? []
        let found = volumes.compactMap { $0.nfs?.server }
        servers = found.enumerated().filter { found.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        isNFS = !servers.isEmpty || claim.map { Self.isProvisionedOnNFS($0, objects) } ?? false
    }

    /// The volumes that could serve the claim, or do.
    private static func volumes(
        for claim: PersistentVolumeClaim, of set: StatefulSet, _ objects: ClusterObjects
    ) -> [PersistentVolume] {
        objects.persistentVolumes.filter { volume in
            if let owner = volume.claim {
                // Volumes provisioned on demand carry the class of their claim, and may have more modes than it asks.
                guard owner.namespace == set.namespace else { return false }
                if owner.name == claim.name || owner.name.hasPrefix("\(claim.name)-\(set.name)-") { return true }
            }
            return volume.claim == nil && claim.accessModes.allSatisfy(volume.accessModes.contains)
                && volume.storageClass == (claim.storageClass ?? "")
        }
    }

    /// True where the claim's class makes volumes on an NFS server.
    private static func isProvisionedOnNFS(_ claim: PersistentVolumeClaim, _ objects: ClusterObjects) -> Bool {
        let storageClass = objects.storageClasses.first { candidate in
            claim.storageClass.map { $0 == candidate.name } ?? candidate.isDefault
        }
        return storageClass?.provisioner.contains("nfs") ?? false
    }
}
