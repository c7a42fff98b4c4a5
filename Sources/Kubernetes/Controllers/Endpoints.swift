/// Which pods a Service sends traffic to, and DNS answers with for a headless one (v1.17 pkg/controller/endpoint).
extension Service {
    /// Whether the pod is among the Service's ready addresses.
    ///
    /// A pod leaves when its deletion is asked for, not when it ends, and comes back when Ready. With
    /// `publishNotReadyAddresses` it is in from its first address until the object is gone.
    package func publishes(_ pod: Pod) -> Bool {
        guard selects(pod), pod.podIP != nil, !pod.isFinished else { return false }
        return publishNotReadyAddresses || (pod.ready && !pod.isTerminating)
    }

    /// The published pods, in the given order. A NodePort or cluster address sends each *new* connection to one of
    /// them, uniformly at random; without any, connections are refused.
    package func endpoints(among pods: [Pod]) -> [Pod] { pods.filter(publishes) }
}
