import SystemModel

/// What a container image's name and tag tell of the server in it: `redis:7.2.4-alpine`,
/// `docker.io/bitnami/redis-cluster:7.0`, `valkey/valkey:8`.
struct ImageVersion {
    let product: String
    /// As the tag has it: `7.2.4`, or `7`.
    let version: String

    /// Nil for images of something else, and for tags that are no version.
    init?(of image: String) {
        let path = image.split(separator: "@").first ?? ""
        let parts = (path.split(separator: "/").last ?? "").split(separator: ":")
        guard parts.count == 2, let product = ["valkey", "redis"].first(where: { parts[0].contains($0) }) else {
            return nil
        }
        let numbers = parts[1].drop { $0 == "v" }.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let first = numbers.first, first.isNumber else { return nil }
        (self.product, version) = (product, String(numbers))
    }

    /// The engine with its rules; nil where none has. A major version alone is the newest of its minor ones.
    var engine: Engine? {
        if version.contains(".") { return Engine(product: product, version: version) }
        return Engine.allCases.last { $0.rawValue.hasPrefix("\(product):\(version)") }
    }
}
