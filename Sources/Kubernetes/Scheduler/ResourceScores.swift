/// Scores of how full a node would be with the pod on it.
enum ResourceScores {
    /// Free share in percent, averaged over cpu and memory; omitted requests count 100m and 200Mi.
    ///
    /// v1.17: least_requested.go; current: noderesources/least_allocated.go, which skips a resource of capacity 0.
    static func leastAllocated(_ cycle: ScoringCycle) -> [Int] {
        let request = PodRequests.nonZero(cycle.pod.spec, withInit: cycle.version != .v117)
        return cycle.feasible.map { node in
            let total = node.nonZeroRequested.adding(request)
            let capacity = node.node.allocatable
            var parts = [
                (requested: total.cpuMilli, capacity: capacity.cpuMilli),
                (requested: total.memoryBytes, capacity: capacity.memoryBytes),
            ]
            if cycle.version == .current { parts.removeAll { $0.capacity == 0 } }
            guard !parts.isEmpty else { return 0 }
            return parts.reduce(0) { $0 + freePercent(requested: $1.requested, capacity: $1.capacity) } / parts.count
        }
    }

    /// ⌊(capacity − requested)·100 / capacity⌋, 0 where it does not fit.
    private static func freePercent(requested: Int, capacity: Int) -> Int {
        guard capacity > 0, requested <= capacity else { return 0 }
        return ((capacity &- requested) &* ScorePlugin.maximum) / capacity
    }

    /// How alike the used shares of cpu and memory are.
    static func balanced(_ cycle: ScoringCycle) -> [Int] {
        switch cycle.version {
        case .v117: balancedBefore(cycle)
        case .current: balancedNow(cycle)
        }
    }

    /// balanced_resource_allocation.go: 1 minus the difference of the two shares, 0 where either is full. With the gate
    /// for volumes and volumes counted on the node: 1 minus the variance of the three.
    private static func balancedBefore(_ cycle: ScoringCycle) -> [Int] {
        let request = PodRequests.nonZero(cycle.pod.spec, withInit: false)
        return cycle.feasible.map { node in
            let total = node.nonZeroRequested.adding(request)
            let cpu = share(total.cpuMilli, of: node.node.allocatable.cpuMilli)
            let memory = share(total.memoryBytes, of: node.node.allocatable.memoryBytes)
            if cpu >= 1 || memory >= 1 { return 0 }
            if cycle.scheduler.balancesAttachedVolumes, let volumes = node.node.attachedVolumes, volumes.allocatable > 0
            {
                let volume = Double(volumes.requested) / Double(volumes.allocatable)
                return volume >= 1 ? 0 : percent(1 - variance(cpu, memory, volume))
            }
            return percent(1 - abs(cpu - memory))
        }
    }

    /// noderesources/balanced_allocation.go: 1 minus the standard deviation of the shares, from requests as written. A
    /// pod that requests nothing is not scored.
    private static func balancedNow(_ cycle: ScoringCycle) -> [Int] {
        let request = PodRequests.written(cycle.pod.spec, withInit: true)
        guard request != Resources() else { return cycle.feasible.map { _ in 0 } }
        return cycle.feasible.map { node in
            let total = node.requested.adding(request)
            let capacity = node.node.allocatable
            guard capacity.cpuMilli != 0, capacity.memoryBytes != 0 else { return ScorePlugin.maximum }
            let cpu = min(share(total.cpuMilli, of: capacity.cpuMilli), 1)
            let memory = min(share(total.memoryBytes, of: capacity.memoryBytes), 1)
            return percent(1 - abs((cpu - memory) / 2))
        }
    }

    private static func share(_ requested: Int, of capacity: Int) -> Double {
        capacity == 0 ? 1 : Double(requested) / Double(capacity)
    }

    private static func percent(_ share: Double) -> Int { ScorePlugin.truncated(share * Double(ScorePlugin.maximum)) }

    private static func variance(_ a: Double, _ b: Double, _ c: Double) -> Double {
        let mean = (a + b + c) / 3
        return ((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) / 3
    }
}
