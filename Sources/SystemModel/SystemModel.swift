package import Kubernetes
package import RedisCluster

/// A system to rehearse: what is there, how long things take, and what may be asked of it. Validated; immutable in a
/// run.
package struct SystemModel: Sendable {
    package var name: String
    package var engine: Engine
    package var conf: RedisConf
    package var shape: ClusterShape
    package var deployment: Deployment
    package var environment: Environment
    package var standing: StandingCluster

    package init(
        name: String, engine: Engine, conf: RedisConf, shape: ClusterShape, deployment: Deployment,
        environment: Environment, standing: StandingCluster = StandingCluster()
    ) {
        self.name = name
        self.engine = engine
        self.conf = conf
        self.shape = shape
        self.deployment = deployment
        self.environment = environment
        self.standing = standing
    }
}

/// How the cluster is created: processes (or pods by ordinal) 0..<masters become masters, the rest their replicas.
package struct ClusterShape: Sendable, Equatable {
    package let masters: Int
    package private(set) var replicasPerMaster: Int
    /// The master of each replica where they do not go in turn: as redis-cli attaches them, as `cluster.follows` says,
    /// or as a recorded cluster has it.
    package private(set) var attachments: [Int]?

    package init(masters: Int, replicasPerMaster: Int) {
        self.masters = masters
        self.replicasPerMaster = replicasPerMaster
    }

    /// A cluster whose replicas are spread as `attachments` says: a master below `masters` for each.
    package init(masters: Int, attachments: [Int]) {
        self.masters = masters
        replicasPerMaster = masters > 0 ? attachments.count / masters : 0
        self.attachments = attachments
    }

    package var nodes: Int { masters + (attachments?.count ?? masters * replicasPerMaster) }

    /// The master that process `index` replicates at creation; nil for a master.
    package func master(of index: Int) -> Int? {
        if index < masters { return nil }
        return attachments?[index - masters] ?? (index - masters) % masters
    }

    package func hasReplicas(_ master: Int) -> Bool { attachments?.contains(master) ?? (replicasPerMaster > 0) }

    /// The replicas of master `index` at creation, ascending.
    package func replicas(of index: Int) -> [Int] { (masters..<nodes).filter { master(of: $0) == index } }

    /// The same replicas and one more for each master, in turn.
    package var withAnotherReplica: ClusterShape {
        var shape = self
        shape.replicasPerMaster += 1
        if let attachments { shape.attachments = attachments + Array(0..<masters) }
        return shape
    }

    /// Masters that must agree before a node counts as failed, and that must vote for a replica.
    package var quorum: Int { masters / 2 + 1 }
}

/// Where the servers run.
package enum Deployment: Sendable {
    /// Bare processes on hosts.
    case processes(ProcessDeployment)
    /// Pods of a StatefulSet.
    case kubernetes(KubernetesDeployment)
}

package struct ProcessDeployment: Sendable {
    package var hosts: [String]
    /// Host index of each process.
    package var placement: [Int]
    package var storage: Storage

    package enum Storage: String, Sendable, CaseIterable { case local, nfs }

    package init(hosts: [String], placement: [Int], storage: Storage) {
        self.hosts = hosts
        self.placement = placement
        self.storage = storage
    }
}

/// The manifests' objects that matter to a run, and the choices made among them.
package struct KubernetesDeployment: Sendable {
    package var version: KubernetesVersion
    package var objects: ClusterObjects
    /// The StatefulSet that runs Redis, with as many replicas as the cluster has nodes. Other sets may share its name.
    package var statefulSet: StatefulSet
    /// The container of its pods in which redis-server runs.
    package var container: Container
    /// True where the data volume of the pods is an NFS mount.
    package var dataOnNFS: Bool
    /// The node that is also the NFS server of the volumes, where one of the nodes is.
    package var nfsServerNode: String?
    /// The node of each pod by ordinal when a replication begins; nil lets the scheduler place them, anew each time.
    package var placement: [String?]?

    package init(
        version: KubernetesVersion, objects: ClusterObjects, statefulSet: StatefulSet, container: Container,
        dataOnNFS: Bool, nfsServerNode: String? = nil, placement: [String?]? = nil
    ) {
        self.version = version
        self.objects = objects
        self.statefulSet = statefulSet
        self.container = container
        self.dataOnNFS = dataOnNFS
        self.nfsServerNode = nfsServerNode
        self.placement = placement
    }
}
