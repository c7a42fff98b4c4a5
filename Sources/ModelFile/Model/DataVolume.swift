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
            return
        }
        let claimed = sharedClaim
        let claim =
            template ?? objects.persistentVolumeClaims.first { $0.name == claimed && $0.namespace == set.namespace }
        isNFS = claim.map { Self.mayBeNFS($0, of: set, objects) } ?? false
    }

    /// True where the volumes that could serve the claim are NFS exports, or its class provisions such.
    private static func mayBeNFS(_ claim: PersistentVolumeClaim, of set: StatefulSet, _ objects: ClusterObjects) -> Bool
    {
        let candidates = objects.persistentVolumes.filter { volume in
            claim.accessModes.allSatisfy(volume.accessModes.contains)
                && volume.storageClass == (claim.storageClass ?? "")
        }
        if candidates.contains(where: { $0.nfs != nil }) { return true }
        // Volumes provisioned on demand carry the class of their claim.
        let bound = objects.persistentVolumes.filter { $0.claim?.name.hasPrefix("\(claim.name)-\(set.name)-") ?? false }
        if bound.contains(where: { $0.nfs != nil }) { return true }
        let storageClass = objects.storageClasses.first { candidate in
            claim.storageClass.map { $0 == candidate.name } ?? candidate.isDefault
        }
        return storageClass?.provisioner.contains("nfs") ?? false
    }
}
