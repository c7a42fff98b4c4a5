package struct ContainerPort: Sendable, Equatable {
    package var name: String
    package var containerPort: Int
    /// A port of the node itself; nil takes none.
    package var hostPort: Int?
    package var hostIP: String
    package var `protocol`: String

    package init(
        name: String = "", containerPort: Int, hostPort: Int? = nil, hostIP: String = "0.0.0.0",
        protocol: String = "TCP"
    ) {
        self.name = name
        self.containerPort = containerPort
        self.hostPort = hostPort
        self.hostIP = hostIP
        self.protocol = `protocol`
    }
}

/// Requests or limits of one container; nil where the manifest says nothing, which is not the same as 0.
package struct ContainerResources: Sendable, Equatable {
    package var cpuMilli: Int?
    package var memoryBytes: Int?

    package init(cpuMilli: Int? = nil, memoryBytes: Int? = nil) {
        self.cpuMilli = cpuMilli
        self.memoryBytes = memoryBytes
    }
}

package struct Container: Sendable, Equatable {
    package var name: String
    package var image: String
    package var command: [String]
    package var arguments: [String]
    package var requests: ContainerResources
    package var limits: ContainerResources
    package var ports: [ContainerPort]
    package var mounts: [VolumeMount]
    /// Nil: `Always` where the image's tag is `latest` or absent, else `IfNotPresent`.
    package var imagePullPolicy: String?
    /// A preStop hook takes part of the grace period.
    package var hasPreStop: Bool
    package var hasReadinessProbe: Bool

    package init(
        name: String = "", image: String = "", command: [String] = [], arguments: [String] = [],
        requests: ContainerResources = ContainerResources(), limits: ContainerResources = ContainerResources(),
        ports: [ContainerPort] = [], mounts: [VolumeMount] = [], imagePullPolicy: String? = nil,
        hasPreStop: Bool = false,
        hasReadinessProbe: Bool = false
    ) {
        self.name = name
        self.image = image
        self.command = command
        self.arguments = arguments
        self.requests = requests
        self.limits = limits
        self.ports = ports
        self.mounts = mounts
        self.imagePullPolicy = imagePullPolicy
        self.hasPreStop = hasPreStop
        self.hasReadinessProbe = hasReadinessProbe
    }
}

package struct VolumeMount: Sendable, Equatable {
    package var volume: String
    package var path: String

    package init(volume: String, path: String) {
        self.volume = volume
        self.path = path
    }
}

/// A volume of a pod: what it is made of matters only where it is a claim or a ConfigMap.
package struct PodVolume: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        case claim(String)
        case configMap(String)
        case other(String)
    }

    package var name: String
    package var source: Source

    package init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

package struct OwnerReference: Sendable, Equatable {
    package var kind: String
    package var name: String
    package var uid: String
    package var isController: Bool

    package init(kind: String, name: String, uid: String = "", isController: Bool = true) {
        self.kind = kind
        self.name = name
        self.uid = uid
        self.isController = isController
    }
}

/// `spec` of a pod or of a pod template.
package struct PodSpec: Sendable, Equatable {
    package var containers: [Container]
    package var initContainers: [Container]
    package var nodeSelector: Labels
    package var affinity: Affinity
    package var tolerations: [Toleration]
    package var topologySpreadConstraints: [TopologySpreadConstraint]
    package var volumes: [PodVolume]
    /// Seconds between SIGTERM and SIGKILL.
    package var terminationGraceSeconds: Int
    package var priority: Int
    package var hostNetwork: Bool
    package var hostname: String?
    package var subdomain: String?

    package init(
        containers: [Container] = [], initContainers: [Container] = [], nodeSelector: Labels = [:],
        affinity: Affinity = Affinity(), tolerations: [Toleration] = [],
        topologySpreadConstraints: [TopologySpreadConstraint] = [], volumes: [PodVolume] = [],
        terminationGraceSeconds: Int = 30, priority: Int = 0, hostNetwork: Bool = false, hostname: String? = nil,
        subdomain: String? = nil
    ) {
        self.containers = containers
        self.initContainers = initContainers
        self.nodeSelector = nodeSelector
        self.affinity = affinity
        self.tolerations = tolerations
        self.topologySpreadConstraints = topologySpreadConstraints
        self.volumes = volumes
        self.terminationGraceSeconds = terminationGraceSeconds
        self.priority = priority
        self.hostNetwork = hostNetwork
        self.hostname = hostname
        self.subdomain = subdomain
    }

    /// Names of the claims that the pod's volumes name, in order.
    package var claimNames: [String] {
        volumes.compactMap { volume in
            if case .claim(let name) = volume.source { name } else { nil }
        }
    }
}

package struct PodTemplate: Sendable, Equatable {
    package var labels: Labels
    package var annotations: Labels
    package var spec: PodSpec

    package init(labels: Labels = [:], annotations: Labels = [:], spec: PodSpec = PodSpec()) {
        self.labels = labels
        self.annotations = annotations
        self.spec = spec
    }
}

/// A Pod object.
package struct Pod: Sendable, Equatable {
    package enum Phase: String, Sendable, CaseIterable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case unknown = "Unknown"
    }

    package var namespace: String
    package var name: String
    package var uid: String
    package var labels: Labels
    package var owners: [OwnerReference]
    /// Nil while unscheduled.
    package var nodeName: String?
    /// `metadata.deletionTimestamp` is set: shown as Terminating.
    package var isTerminating: Bool
    package var phase: Phase
    /// The Ready condition.
    package var ready: Bool
    package var podIP: String?
    package var spec: PodSpec

    package init(
        namespace: String = "default", name: String, uid: String = "", labels: Labels = [:],
        owners: [OwnerReference] = [],
        nodeName: String? = nil, isTerminating: Bool = false, phase: Phase = .pending, ready: Bool = false,
        podIP: String? = nil, spec: PodSpec = PodSpec()
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.labels = labels
        self.owners = owners
        self.nodeName = nodeName
        self.isTerminating = isTerminating
        self.phase = phase
        self.ready = ready
        self.podIP = podIP
        self.spec = spec
    }

    package var controller: OwnerReference? { owners.first(where: \.isController) }

    /// Succeeded or Failed: the scheduler and the kubelet count it no more.
    package var isFinished: Bool { phase == .succeeded || phase == .failed }
}
