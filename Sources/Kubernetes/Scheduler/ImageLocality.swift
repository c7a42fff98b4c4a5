/// Nodes that have the pod's images, the larger the better (image_locality.go in both versions).
///
/// Names are compared as text: `redis` is looked up as `redis:latest`, and a node that lists
/// `docker.io/library/redis:latest` does not match it. Upstream knows and accepts that.
enum ImageLocality {
    private static let mebibyte = 1 << 20
    private static let least = 23 * mebibyte
    private static let most = 1000 * mebibyte

    static func score(_ cycle: ScoringCycle) -> [Int] {
        var containers = cycle.pod.spec.containers
        // The current release counts init containers, and scales the upper bound with the number of containers.
        if cycle.version == .current { containers += cycle.pod.spec.initContainers }
        let bound = cycle.version == .current ? most * max(containers.count, 1) : most
        let images = containers.map { normalized($0.image) }
        let spreads = images.map { image in cycle.snapshot.nodes.count { size(of: image, on: $0) != nil } }
        return cycle.feasible.map { node in
            var sum = 0
            for (index, image) in images.enumerated() {
                guard let size = size(of: image, on: node) else { continue }
                let spread = Double(spreads[index]) / Double(cycle.snapshot.nodes.count)
                sum &+= ScorePlugin.truncated(Double(size) * spread)
            }
            let clamped = min(max(sum, least), bound)
            return ScorePlugin.maximum * (clamped - least) / (bound - least)
        }
    }

    private static func size(of image: String, on node: NodeSnapshot) -> Int? {
        node.node.images.first { $0.names.contains(image) }?.sizeBytes
    }

    /// A name without a tag gets `:latest`; a colon before the last slash is a registry's port, not a tag.
    static func normalized(_ name: String) -> String {
        let path = name.lastIndex(of: "/").map { name[$0...] } ?? Substring(name)
        return path.contains(":") ? name : name + ":latest"
    }
}
