/// Pod disruption budgets and the eviction API (v1.17 pkg/controller/disruption and pkg/registry/core/pod/storage).
///
/// Budgets bind `kubectl drain` and the eviction API. They bind neither crashes nor taint eviction, nor plain deletion,
/// nor rolling updates.
extension PodDisruptionBudget {
    /// An eviction that was granted counts against the budget for this long while the pod still exists (ns).
    package static let deletionTimeout: Int64 = 120_000_000_000

    package func covers(_ pod: Pod) -> Bool {
        guard let selector, pod.namespace == namespace else { return false }
        return selector.matches(pod.labels)
    }

    /// How many more pods may go now: healthy minus desired, never below 0.
    ///
    /// - Parameters:
    ///   - healthy: covered pods that are Ready, not terminating and not evicted within the deletion timeout.
    ///   - expected: what the owning controllers ask for: a StatefulSet's replicas. A plain number as minimum looks at
    ///     the pods that exist instead, which makes no difference to the result.
    package func allowedDisruptions(healthy: Int, expected: Int) -> Int {
        max(0, healthy - desired(expected: expected))
    }

    /// How many must stay healthy. Percentages are rounded up.
    package func desired(expected: Int) -> Int {
        switch rule {
        case .minAvailable(let amount): max(0, amount.value(of: expected))
        case .maxUnavailable(let amount): max(0, expected - amount.value(of: expected))
        }
    }
}

extension PodDisruptionBudget.Amount {
    fileprivate func value(of total: Int) -> Int {
        switch self {
        case .count(let count): return count
        case .percent(let percent):
            let (product, overflow) = total.multipliedReportingOverflow(by: percent)
            return overflow ? .max : product / 100 + (product % 100 > 0 ? 1 : 0)
        }
    }
}

/// What the eviction API answers.
package enum EvictionVerdict: Sendable, Equatable {
    /// The pod is deleted gracefully; where a budget covers it, that budget shrinks by one.
    case granted
    /// HTTP 429: the budget allows none. Drain tries again every 5 s.
    case tooManyRequests(budget: String)
    /// HTTP 500: more than one budget covers the pod.
    case ambiguous

    /// - Parameter allowed: disruptions that a budget allows now.
    package init(evicting pod: Pod, budgets: [PodDisruptionBudget], allowed: (PodDisruptionBudget) -> Int) {
        // A pod that has finished disturbs nobody.
        if pod.isFinished {
            self = .granted
            return
        }
        let covering = budgets.filter { $0.covers(pod) }
        switch covering.count {
        case 0: self = .granted
        case 1: self = allowed(covering[0]) > 0 ? .granted : .tooManyRequests(budget: covering[0].name)
        default: self = .ambiguous
        }
    }
}
