import Kubernetes

/// Finds, among a cluster's objects, the StatefulSet that runs Redis and the redis.conf that it reads.
struct RedisChoice {
    let manifests: ManifestSet
    let directory: ModelDirectory
    let log: DiagnosticLog

    /// The StatefulSet named in environment.yaml, or the one that looks most like Redis.
    func statefulSet(named name: (name: String, place: Place)?) -> StatefulSet? {
        if let name { return statefulSet(named: name.name, at: name.place) }
        let sets = manifests.objects.statefulSets
        let likely = sets.map { (set: $0, likeness: likeness($0)) }
        let best = likely.map(\.likeness).max() ?? 0
        let candidates = likely.filter { $0.likeness == best }.map(\.set)
        if candidates.count == 1, best > 0 || sets.count == 1 { return candidates[0] }
        let place = Place.start(of: directory.path + "/kubernetes")
        if sets.isEmpty {
            log.error(
                at: place, "no StatefulSet", "the pods of Redis Cluster are those of a StatefulSet",
                instead: "add it: kubectl get statefulsets -o yaml > kubernetes/statefulsets.yaml")
        } else {
            let names = (best > 0 ? candidates : sets).map(spoken).joined(separator: ", ")
            log.error(
                at: place, "which StatefulSet runs Redis can't be told", "it could be any of \(names)",
                instead: "write redis: {statefulSet: NAME} under spec in environment.yaml")
        }
        return nil
    }

    /// By name, with its namespace before a slash where several have that name.
    private func statefulSet(named name: String, at place: Place) -> StatefulSet? {
        let sets = manifests.objects.statefulSets
        let found = sets.filter { $0.name == name || "\($0.namespace)/\($0.name)" == name }
        if found.count > 1 {
            log.error(
                at: place, "\(found.count) StatefulSets \(YAMLNode.shortened(name))",
                "each is in a namespace of its own",
                instead: "write one of \(found.map(spoken).joined(separator: ", "))")
            return nil
        }
        if let set = found.first { return set }
        log.error(
            at: place, "no StatefulSet \(YAMLNode.shortened(name))", "kubernetes/ doesn't describe it",
            instead: Suggestion.sentence(for: name, among: sets.map(spoken), noun: "StatefulSet"))
        return nil
    }

    /// The name that tells the set from the others.
    private func spoken(_ set: StatefulSet) -> String {
        let isAlone = manifests.objects.statefulSets.count { $0.name == set.name } == 1
        return isAlone ? set.name : "\(set.namespace)/\(set.name)"
    }

    /// How much a StatefulSet looks like Redis Cluster; 0 is not at all.
    private func likeness(_ set: StatefulSet) -> Int {
        var points = 0
        for container in set.template.spec.containers {
            let words = Self.words(of: container)
            if words.contains(where: { Self.isServer($0) }) { points += 4 }
            let image = container.image.split(separator: "/").last ?? ""
            if (image.hasPrefix("redis") || image.hasPrefix("valkey")) && !image.contains("exporter") { points += 2 }
            if container.ports.contains(where: { $0.containerPort == 6379 }) { points += 1 }
            if container.ports.contains(where: { $0.containerPort == 16_379 }) { points += 2 }
        }
        if set.template.spec.volumes.contains(where: { volume in
            guard case .configMap(let name) = volume.source else { return false }
            return configMap(name, set.namespace)?.data.entries.contains { $0.key.hasSuffix(".conf") } ?? false
        }) {
            points += 2
        }
        return points
    }

    private func configMap(_ name: String, _ namespace: String) -> ConfigMap? {
        manifests.objects.configMaps.first { $0.name == name && $0.namespace == namespace }
    }

    private static func isServer(_ word: String) -> Bool {
        let name = word.split(separator: "/").last ?? ""
        return name == "redis-server" || name == "valkey-server"
    }

    /// The words of a container's command line; those of a shell's script are split at white space.
    static func words(of container: Container) -> [String] {
        (container.command + container.arguments).flatMap { word in
            word.contains("redis-server ") || word.contains("valkey-server ")
                ? word.split(whereSeparator: \.isWhitespace).map(String.init) : [word]
        }
    }

    /// The container that runs redis-server, by its command line, else by its image or port, else the first.
    static func container(of set: StatefulSet) -> Container? {
        let containers = set.template.spec.containers
        return containers.first { words(of: $0).contains(where: isServer) }
            ?? containers.first { $0.image.contains("redis") && !$0.image.contains("exporter") }
            ?? containers.first { $0.ports.contains { $0.containerPort == 6379 } } ?? containers.first
    }

    /// What follows redis-server on the container's command line: the file, if any, and the options.
    static func commandLine(of container: Container) -> (file: String?, options: [String]) {
        let all = words(of: container)
        // The image's entrypoint puts redis-server before arguments that begin with a file or an option.
        var rest = all[...]
        if let server = all.firstIndex(where: isServer) {
            rest = all[(server + 1)...]
        } else if let first = all.firstIndex(where: { $0.hasSuffix(".conf") || $0.hasPrefix("--") }) {
            rest = all[first...]
        }
        rest = rest.prefix { !["&&", ";", "||", "|", "&"].contains($0) }
        guard let first = rest.first, !first.hasPrefix("--") else { return (nil, Array(rest)) }
        return (first, Array(rest.dropFirst()))
    }

    /// The value in a ConfigMap that is mounted at a path of the container.
    func configuration(at path: String, in container: Container, of set: StatefulSet) -> (map: String, node: YAMLNode?)?
    {
        let mounts = container.mounts.filter {
            path == $0.path || path.hasPrefix($0.path.hasSuffix("/") ? $0.path : $0.path + "/")
        }
        guard let mount = mounts.max(by: { $0.path.count < $1.path.count }),
            let volume = set.template.spec.volumes.first(where: { $0.name == mount.volume }),
            case .configMap(let map) = volume.source
        else { return nil }
        // A mount of one file (subPath) names the file itself.
        let relative =
            path == mount.path
            ? path.split(separator: "/").last.map(String.init) ?? path
            : String(path.dropFirst(mount.path.count)).split(separator: "/").joined(separator: "/")
        let key = itemKey(forFile: relative, volume: volume.name, of: set) ?? relative
        let source = manifests.source("ConfigMap", set.namespace, map)
        return (map, source?.node["data"]?[key])
    }

    /// The key that `items` of a ConfigMap volume project to a file.
    private func itemKey(forFile file: String, volume: String, of set: StatefulSet) -> String? {
        let spec = manifests.source("StatefulSet", set.namespace, set.name)?.node["spec"]?["template"]?["spec"]
        let node = spec?["volumes"]?.elements?.first { $0["name"]?.text == volume }
        let item = node?["configMap"]?["items"]?.elements?.first { $0["path"]?.text == file }
        return item?["key"]?.text
    }
}
