/// Whose rules the control plane follows.
///
/// `v117` is the release line of the reference deployment (v1.17); `current` was read from v1.34.1.
package enum KubernetesVersion: String, Sendable, CaseIterable {
    case v117 = "1.17"
    case current
}

/// A release as a node reports it: `v1.29.3`, `v1.30.1+k3s1`, `v1.27.3-gke.100`.
package struct KubernetesRelease: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Nil for what is no version of Kubernetes.
    package init?(_ text: String) {
        let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...])
            .split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isNumber }),
            (1...9).contains(major), (0...999).contains(minor),
            parts.count == 2 || parts[2].first?.isNumber == true
        else { return nil }
        self.init(major: major, minor: minor)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    package var description: String { "v\(major).\(minor)" }

    /// The nearest of the two sets of rules. PodTopologySpread counts since 1.19, where SelectorSpread began to go.
    package var rules: KubernetesVersion { self < Self(major: 1, minor: 19) ? .v117 : .current }

    /// `--node-monitor-grace-period` by default: 50 s since 1.32 (kubernetes/kubernetes#126287).
    package var nodeMonitorGraceSeconds: Int64 { self < Self(major: 1, minor: 32) ? 40 : 50 }
}

extension KubernetesVersion {
    /// The release of the control plane, as far as its nodes tell: a kubelet is never newer than its API server, so it
    /// is the newest of theirs. Nil where none says its version.
    package static func release(of nodes: [KubernetesNode]) -> KubernetesRelease? {
        nodes.compactMap { $0.kubeletVersion.flatMap { KubernetesRelease($0) } }.max()
    }
}
