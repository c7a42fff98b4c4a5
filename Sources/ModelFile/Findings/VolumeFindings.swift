import Kubernetes
import RedisCluster
import SystemModel

/// What follows from claims and volumes.
struct VolumeFindings {
    let model: SystemModel
    let deployment: KubernetesDeployment

    private var set: StatefulSet { deployment.statefulSet }
    private var objects: ClusterObjects { deployment.objects }

    var all: [Finding] {
        let data = DataVolume(of: set, objects, model.conf)
        return sharedClaim(data) + sharedByPods + unmatched + homeless(data) + server(data)
    }

    /// The template names one claim: every pod mounts the same directory.
    private func sharedClaim(_ data: DataVolume) -> [Finding] {
        guard set.replicas > 1, let claim = data.sharedClaim else { return [] }
        return [
            Finding(
                .problem, "persistentvolumeclaim/\(claim)",
                "all \(set.replicas) pods of \(set.name) keep nodes.conf and the AOF on this one claim: the first "
                    + "locks "
                    + "nodes.conf, and the others exit",
                advice: "use volumeClaimTemplates, which give each pod a claim of its own")
        ]
    }

    /// Pods, of any owner, that name the same claim.
    private var sharedByPods: [Finding] {
        let pods = objects.pods.filter { !$0.isFinished }
        var findings: [Finding] = []
        for claim in objects.persistentVolumeClaims {
            let users = pods.filter { $0.namespace == claim.namespace && $0.spec.claimNames.contains(claim.name) }
            guard users.count > 1, users.contains(where: { set.ordinal(ofPod: $0.name) != nil }) else { continue }
            let names = users.prefix(3).map(\.name).joined(separator: ", ")
            findings.append(
                Finding(
                    .problem, "persistentvolumeclaim/\(claim.name)",
                    "\(users.count) pods use this one claim (\(names)): two servers in one directory damage each "
                        + "other's files",
                    advice: "give each pod a claim of its own"))
        }
        return findings
    }

    /// Claims that no volume serves, one by one as the controller would bind them.
    private var unmatched: [Finding] {
        var rest = objects
        for template in set.volumeClaimTemplates {
            for ordinal in 0..<set.replicas {
                let name = "\(template.name)-\(set.name)-\(ordinal)"
                let existing = rest.persistentVolumeClaims.first { $0.name == name && $0.namespace == set.namespace }
                var claim = existing ?? template
                claim.name = name
                claim.namespace = set.namespace
                if claim.phase == .bound { continue }
                guard !mayBeProvisioned(claim) else { break }
                if let volume = VolumeBinder.candidates(for: claim, in: rest).first {
                    take(volume.name, for: claim, in: &rest)
                } else {
                    return [refusal(of: claim)]
                }
            }
        }
        return []
    }

    private func take(_ volume: String, for claim: PersistentVolumeClaim, in objects: inout ClusterObjects) {
        guard let index = objects.persistentVolumes.firstIndex(where: { $0.name == volume }) else { return }
        objects.persistentVolumes[index].phase = .bound
        objects.persistentVolumes[index].claim = ClaimReference(
            namespace: claim.namespace, name: claim.name, uid: "bound")
    }

    /// True where a class makes the volume, or where a class is meant that the files don't show.
    private func mayBeProvisioned(_ claim: PersistentVolumeClaim) -> Bool {
        guard let name = claim.storageClass else {
            if let standard = objects.storageClasses.first(where: \.isDefault) { return standard.provisions }
            // Without any volume the cluster must have a default class, which listings of these kinds don't show.
            return objects.persistentVolumes.isEmpty
        }
        if name.isEmpty { return false }
        if let found = objects.storageClasses.first(where: { $0.name == name }) { return found.provisions }
        return !objects.persistentVolumes.contains { $0.storageClass == name && $0.claim == nil }
    }

    private func refusal(of claim: PersistentVolumeClaim) -> Finding {
        let volumes = objects.persistentVolumes
        let classed = volumes.filter { $0.storageClass == claim.storageClass ?? "" }
        let reachable = classed.filter { volume in claim.accessModes.allSatisfy(volume.accessModes.contains) }
        let reason: String
        if volumes.isEmpty {
            reason = "there is no PersistentVolume"
        } else if classed.isEmpty {
            reason =
                "no volume has its class (\((claim.storageClass ?? "").isEmpty ? "none" : claim.storageClass ?? ""))"
        } else if reachable.isEmpty {
            reason = "no volume has its access modes (\(claim.accessModes.map(\.rawValue).joined(separator: ", ")))"
        } else if let largest = reachable.map(\.capacityBytes).max(), largest < claim.requestBytes {
            reason = "it asks for \(claim.requestBytes) bytes and the largest volume has \(largest)"
        } else {
            reason = "\(classed.count) volumes are not enough, or are taken"
        }
        return Finding(
            .problem, "persistentvolumeclaim/\(claim.name)", "it fits no volume: \(reason)",
            advice: "add a volume that fits (200M and 200Mi differ), or change the claim")
    }

    private func homeless(_ data: DataVolume) -> [Finding] {
        guard data.volume == nil else { return [] }
        return [
            Finding(
                .problem, "statefulset/\(set.name)",
                "redis.conf's dir (\(model.conf.directory)) is on no volume: nodes.conf goes with the container, "
                    + "and a pod "
                    + "comes back as a stranger with a new node id",
                advice: "mount a volume there")
        ]
    }

    /// All data behind one server, and where that server is.
    private func server(_ data: DataVolume) -> [Finding] {
        guard deployment.dataOnNFS, data.servers.count == 1, let first = data.servers.first else { return [] }
        guard let host = deployment.nfsServerNode, let node = objects.nodes.first(where: { $0.name == host }) else {
            return [
                Finding(
                    .note, "nfs/\(first)",
                    "all volumes are on this one server: when it stalls, all pods stall together",
                    advice: "rehearse it with an nfs scenario")
            ]
        }
        let also =
            node.isControlPlane
            ? "the control plane's machine: losing it stops repair and storage at once"
            : "a worker: losing it takes its pods and everybody's storage"
        return [
            Finding(
                .warning, "nfs/\(first)", "the one server of all volumes is node \(host), \(also)",
                advice: "move the exports to a machine of their own")
        ]
    }
}
