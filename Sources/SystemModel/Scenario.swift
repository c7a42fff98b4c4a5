/// One rehearsal: faults on a timeline. Parameters are already substituted. Times are ns after the first step, which
/// is the fault's instant.
package struct Scenario: Sendable {
    package var name: String
    package var question: String
    /// Declared parameters with the values in force, in the file's order; for reports.
    package var parameters: [(name: String, value: String)]
    package var timeline: [Step]
    /// Observation ends here, counted from the first step.
    package var horizon: Int64
    /// What the file holds a forecast of this scenario to.
    package var expectations: [ForecastExpectation] = []
    /// What was seen of a real case like it, where the file says.
    package var observed: ObservedCase?

    package init(
        name: String, question: String, parameters: [(name: String, value: String)], timeline: [Step], horizon: Int64
    ) {
        self.name = name
        self.question = question
        self.parameters = parameters
        self.timeline = timeline
        self.horizon = horizon
    }

    package struct Step: Sendable {
        package var at: Int64
        package var action: Action

        package init(at: Int64, action: Action) {
            self.at = at
            self.action = action
        }
    }
}

/// A fault or an operation.
package enum Action: Sendable, Equatable {
    /// `kubectl delete pod`, with the grace period in seconds where the scenario overrides the manifest's.
    case deletePod(Target, graceSeconds: Int64?)
    /// SIGKILL; the process comes back after `restartAfter` ns, where given. In Kubernetes the kubelet restarts it.
    case kill(Target, restartAfter: Int64?, newAddress: Bool)
    /// SIGTERM, likewise.
    case terminate(Target, restartAfter: Int64?, newAddress: Bool)
    /// SIGSTOP, and SIGCONT after `duration` ns; nil is for good.
    case freeze(Target, duration: Int64?)
    /// Power loss of a host or worker; nil never comes back.
    case crashNode(Target, duration: Int64?)
    /// Every packet to and from the host or worker vanishes; nothing is reset.
    case cutNode(Target, duration: Int64?)
    /// Packets between different groups vanish.
    case partition([Target], duration: Int64?)
    /// The NFS server, or the path from some processes to it.
    case nfs(NFSFault, Target, duration: Int64?)
    /// Packets between two targets are late by `delay` ns, or vanish where nil.
    case link(Target, Target, delay: Int64?, duration: Int64?)
    /// CLUSTER FAILOVER, sent to replicas.
    case failover(Target, FailoverMode)
    /// The pod's or process's files are gone when it next starts (kills it too).
    case loseVolume(Target, restartAfter: Int64?)
    /// `kubectl rollout restart` of the StatefulSet.
    case rollingRestart
    /// `kubectl drain`: the workers are cordoned, and their pods evicted as far as disruption budgets allow.
    case drain(Target)
    /// From now on a pod that is told to stop hands its master's role to a replica first, as a preStop hook would.
    case handOverBeforeStop
    /// `redis-cli --cluster create`: a scenario that begins with it begins with servers that know nobody.
    case create
}

package enum NFSFault: Sendable, Equatable {
    /// Each request takes this many ns longer.
    case slow(Int64)
    /// Alive, but its file system frozen.
    case stall
    /// Packets vanish both ways; TCP's next retransmission ends it.
    case drop
    /// The service stops, and starts again when the fault ends.
    case restart
}

package enum FailoverMode: String, Sendable, CaseIterable { case plain, force, takeover }

/// Whom a step hits.
package indirect enum Target: Sendable, Equatable {
    /// A process by creation index, or a pod by ordinal.
    case process(Int)
    /// A pod by name.
    case pod(String)
    /// `count` different masters, at random.
    case masters(count: Int)
    /// `count` different replicas, at random.
    case replicas(count: Int)
    /// A whole shard at random: a master and its replicas.
    case shard
    /// The replicas of the nodes that the target names.
    case replicasOf(Target)
    /// The same processes as step `index` (0-based) of the timeline hit.
    case sameAs(step: Int)
    /// A worker or host by name; as a process target, everything on it.
    case node(String)
    case all
    case union([Target])
}
