/// Where a pod object is between its creation and its removal.
package enum PodLifecycle: Sendable, Equatable {
    /// No node yet.
    case pending
    /// A node has it; these things happen in order, one after another.
    case starting(node: String, StartPhase)
    case running(node: String, ready: Bool)
    /// Its container ended and waits to be started again; the address stays.
    case backingOff(node: String)
    /// Deletion was asked for; the object still exists and keeps its name.
    case terminating(node: String, TerminationStep)
    /// Evicted under pressure or failed for good; its controller deletes it.
    case failed(node: String)
    /// The object is gone; a successor of the same name may be created.
    case gone

    package enum StartPhase: Int, Sendable, CaseIterable {
        case mountingVolumes, creatingSandbox, pullingImage, startingContainer
    }

    package enum TerminationStep: Int, Sendable, CaseIterable {
        /// SIGTERM is out, or preStop runs.
        case stoppingContainers
        /// The address goes with it.
        case stoppingSandbox
        /// Containers removed, volumes unmounted, then the object; a hanging mount stops it here.
        case cleaningUp
    }

    package enum Event: Sendable, Equatable {
        case bound(node: String)
        case phaseDone
        case becameReady
        case becameUnready
        case containerEnded
        case containerStarted
        case evicted
        case deleted
        case stepDone
        /// `kubectl delete --force`, or its node was deleted: the object goes, whatever still runs.
        case removed
    }

    /// The state after an event; nil where the event can't happen in this state.
    package func after(_ event: Event) -> PodLifecycle? {
        switch (self, event) {
        case (.gone, _): return nil
        case (_, .removed): return .gone
        case (.pending, .bound(let node)): return .starting(node: node, .mountingVolumes)
        case (.pending, .deleted): return .gone
        case (.starting(let node, let phase), .phaseDone):
            return StartPhase(rawValue: phase.rawValue + 1).map { .starting(node: node, $0) }
                ?? .running(node: node, ready: false)
        case (.running(let node, false), .becameReady): return .running(node: node, ready: true)
        case (.running(let node, true), .becameUnready): return .running(node: node, ready: false)
        case (.running(let node, _), .containerEnded): return .backingOff(node: node)
        case (.backingOff(let node), .containerStarted): return .running(node: node, ready: false)
        case (.terminating(let node, let step), .stepDone):
            return TerminationStep(rawValue: step.rawValue + 1).map { .terminating(node: node, $0) } ?? .gone
        case (.terminating, _): return nil
        case (.failed, .evicted): return nil
        case (_, .evicted): return node.map { .failed(node: $0) }
        case (_, .deleted): return node.map { .terminating(node: $0, .stoppingContainers) }
        default: return nil
        }
    }

    package var node: String? {
        switch self {
        case .pending, .gone: nil
        case .starting(let node, _), .running(let node, _), .backingOff(let node), .terminating(let node, _),
            .failed(let node):
            node
        }
    }

    /// From the sandbox's creation to its stop. A restarted container keeps the address; a new pod has a new one.
    package var hasAddress: Bool {
        switch self {
        case .starting(_, let phase): phase.rawValue > StartPhase.creatingSandbox.rawValue
        case .running, .backingOff, .terminating(_, .stoppingContainers): true
        case .pending, .failed, .gone, .terminating: false
        }
    }

    package var isReady: Bool {
        if case .running(_, true) = self { true } else { false }
    }

    package var isTerminating: Bool {
        if case .terminating = self { true } else { false }
    }

    /// The STATUS column of `kubectl get pods`.
    package var status: String {
        switch self {
        case .pending: "Pending"
        case .starting: "ContainerCreating"
        case .running: "Running"
        case .backingOff: "CrashLoopBackOff"
        case .terminating: "Terminating"
        case .failed: "Failed"
        case .gone: ""
        }
    }
}

/// When an image is asked for at the registry.
package enum ImagePull: Sendable, Equatable {
    /// At every start of a container: even a cached image does not start while the registry is away.
    case always
    case ifNotPresent
    case never

    /// The policy in force: the container's own, or `Always` for the tag `latest` and for none (v1.17 core defaults).
    package init(of container: Container) {
        switch container.imagePullPolicy {
        case "Always": self = .always
        case "Never": self = .never
        case "IfNotPresent": self = .ifNotPresent
        default: self = ImageLocality.normalized(container.image).hasSuffix(":latest") ? .always : .ifNotPresent
        }
    }
}
