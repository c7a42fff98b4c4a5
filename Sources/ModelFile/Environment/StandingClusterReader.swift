import RedisCluster
import SystemModel

/// Reads `cluster.created`: what exists when a rehearsal begins, where it isn't as redis-cli makes it.
struct StandingClusterReader {
    private struct List {
        var place: Place
        var elements: [YAMLNode]
    }

    private let log: DiagnosticLog
    private var nodeIDs: List?
    private var addresses: List?
    private var configEpochs: List?
    private var slots: List?
    private var lastAddresses: [YAMLNode.Entry] = []
    private var currentEpoch: (value: UInt64, place: Place)?

    /// Epochs are counted up one by one; nobody has come this far.
    private static let largestEpoch = 1 << 48

    init(_ fields: Fields) {
        log = fields.log
        nodeIDs = list(fields, "nodeIds", "[07feeb4b..., ...], an id of 40 hex digits for each node")
        addresses = list(fields, "addresses", "[10.244.1.77, ...], one for each pod")
        configEpochs = list(fields, "configEpochs", "[1, 2, 3], one for each master")
        slots = list(fields, "slots", "[0-5460, 5461-10922, 10923-16383], one range or none for each master")
        if let node = fields.take("currentEpoch"),
            let epoch = Scalars.count(node, "currentEpoch", in: 1...Self.largestEpoch, log)
        {
            currentEpoch = (UInt64(epoch), node.place)
        }
        if let last = fields.section("lastAddresses", "the lastAddresses section") {
            lastAddresses = last.node.entries ?? []
            for entry in lastAddresses { _ = last.take(entry.key) }
        }
        fields.finish()
    }

    private func list(_ fields: Fields, _ key: String, _ example: String) -> List? {
        guard let node = fields.take(key) else { return nil }
        if let elements = node.elements { return List(place: node.place, elements: elements) }
        log.error(at: node.place, "\(node.spoken) as \(key)", "a list is needed", instead: "write \(example)")
        return nil
    }

    /// The cluster for this shape; what does not fit is logged.
    ///
    /// - Parameter nodes: names of the workers; nil where the servers are bare processes.
    func standing(_ shape: ClusterShape, nodes: [String]?) -> StandingCluster {
        var standing = StandingCluster()
        standing.nodeIDs = values(nodeIDs, "nodeIds", shape.nodes, "nodes", nodeID)
        standing.configEpochs = values(configEpochs, "configEpochs", shape.masters, "masters") { node in
            Scalars.count(node, "a config epoch", in: 1...Self.largestEpoch, log).map { UInt64($0) }
        }
        standing.slots = values(slots, "slots", shape.masters, "masters", repeatable: .nothing, ownership)?.map(\.range)
        if let ranges = standing.slots, let slots { checkCoverage(ranges.compactMap { $0 }, slots.place) }
        readAddresses(shape, nodes, into: &standing)
        if let currentEpoch {
            let largest = standing.configEpochs?.max() ?? UInt64(shape.masters)
            if currentEpoch.value < largest {
                log.error(
                    at: currentEpoch.place, "a currentEpoch of \(currentEpoch.value)",
                    "a config epoch is \(largest), and no epoch is ahead of the current one",
                    instead: "write \(largest) or more")
            }
            standing.currentEpoch = currentEpoch.value
        }
        return standing
    }

    private func readAddresses(_ shape: ClusterShape, _ nodes: [String]?, into standing: inout StandingCluster) {
        guard let nodes else {
            if let place = addresses?.place ?? lastAddresses.first?.keyPlace {
                log.error(
                    at: place, "pod addresses in a model of bare processes", "each process gets a loopback address",
                    instead: "leave them out")
            }
            return
        }
        standing.addresses = values(addresses, "addresses", shape.nodes, "pods", address)
        for entry in lastAddresses {
            guard nodes.contains(entry.key) else {
                log.error(
                    at: entry.keyPlace, "no node \(YAMLNode.shortened(entry.key))",
                    "the model has \(nodes.joined(separator: ", "))",
                    instead: Suggestion.sentence(for: entry.key, among: nodes, noun: "node"))
                continue
            }
            guard let last = address(entry.value) else { continue }
            standing.lastAddresses.append(StandingCluster.WorkerAddress(worker: entry.key, address: last))
        }
    }

    /// The values of a list that must have `count` different ones, but for the one that may be there twice.
    private func values<Value: Equatable>(
        _ list: List?, _ key: String, _ count: Int, _ noun: String, repeatable: Value? = nil,
        _ read: (YAMLNode) -> Value?
    ) -> [Value]? {
        guard let list else { return nil }
        guard list.elements.count == count else {
            log.error(
                at: list.place, "\(list.elements.count) \(key)", "the cluster has \(count) \(noun)",
                instead: "write one for each, or leave \(key) out")
            return nil
        }
        var values: [Value] = []
        for element in list.elements {
            guard let value = read(element) else { continue }
            if value != repeatable, values.contains(value) {
                log.error(
                    at: element.place, "\(element.spoken) twice in \(key)", "each of the \(noun) has its own",
                    instead: "change one of them")
            }
            values.append(value)
        }
        return values.count == count ? values : nil
    }

    private func nodeID(_ node: YAMLNode) -> NodeName? {
        if let name = node.text.flatMap({ NodeName($0) }) { return name }
        log.error(
            at: node.place, "\(node.spoken) as a node id", "an id has 40 hex digits",
            instead: "copy it from the first column of CLUSTER NODES, in quotes")
        return nil
    }

    private func address(_ node: YAMLNode) -> String? {
        let bytes = (node.text ?? "").split(separator: ".", omittingEmptySubsequences: false)
        if let text = node.text, bytes.count == 4, bytes.allSatisfy({ UInt8($0) != nil && !$0.hasPrefix("+") }) {
            return text
        }
        log.error(
            at: node.place, "\(node.spoken) as a pod address", "an IPv4 address is needed",
            instead: "write one such as 10.244.1.77")
        return nil
    }

    /// What a master owns.
    private enum Ownership: Equatable {
        case slots(ClosedRange<Int>)
        case nothing

        var range: ClosedRange<Int>? {
            switch self {
            case .slots(let range): range
            case .nothing: nil
            }
        }
    }

    private func ownership(_ node: YAMLNode) -> Ownership? {
        node.text == "none" ? .nothing : range(node).map { .slots($0) }
    }

    private func range(_ node: YAMLNode) -> ClosedRange<Int>? {
        let ends = (node.text ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        if ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, first <= last,
            last < SlotLayout.slotCount
        {
            return first...last
        }
        log.error(
            at: node.place, "\(node.spoken) as slots", "one range of slots from 0 to 16383 is needed",
            instead: "write it as CLUSTER NODES does, such as 0-5461")
        return nil
    }

    private func checkCoverage(_ ranges: [ClosedRange<Int>], _ place: Place) {
        var next = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard range.lowerBound == next else {
                log.error(
                    at: place, "slot \(min(range.lowerBound, next)) \(range.lowerBound < next ? "twice" : "missing")",
                    "each of the 16384 slots has one master", instead: "let each range begin where another ends")
                return
            }
            next = range.upperBound + 1
        }
        if next < SlotLayout.slotCount {
            log.error(
                at: place, "slots \(next) to 16383 missing", "each of the 16384 slots has one master",
                instead: "let the last range end at 16383")
        }
    }
}

extension EnvironmentFile {
    /// What exists at the beginning. Lists written for another size than `--set cluster.…` asks for are left out.
    func standing(_ shape: ClusterShape, nodes: [String]?, _ log: DiagnosticLog) -> StandingCluster {
        guard let created, !isResized else { return StandingCluster() }
        return created.standing(shape, nodes: nodes)
    }
}
