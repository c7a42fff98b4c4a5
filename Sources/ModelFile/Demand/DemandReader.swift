package import SystemModel

/// Reads a demand file, with the `--set demand.PATH=VALUE` options applied.
package enum DemandReader {
    /// What `--set` keys of a demand begin with.
    private static let prefix = "demand."

    /// Those of the `--set` options that change the demand, and the others, which change the model.
    package static func split(_ overrides: [String]) -> (demand: [String], model: [String]) {
        (overrides.filter { $0.hasPrefix(prefix) }, overrides.filter { !$0.hasPrefix(prefix) })
    }

    /// Reads the file at `path`; `-` is standard input.
    package static func read(_ path: String, overrides: [String] = []) throws(ModelError) -> Demand {
        let documents: [YAMLNode]
        let file: SourceFile
        do {
            file = try SourceFile.read(named: path)
            documents = try YAMLReader.documents(of: file)
        } catch {
            throw ModelError([error])
        }
        let log = DiagnosticLog()
        if documents.count > 1 {
            log.error(
                at: documents[1].place, "a second document", "a demand is one document",
                instead: "merge it into the first")
        }
        var root = documents.first ?? YAMLNode(content: .mapping([]), place: .start(of: file.path))
        for text in overrides { root = apply(text, to: root, log) }
        let demand = demand(of: root, log)
        try log.throwIfFailed()
        return demand
    }

    /// A demand of `--set` options alone: for a live cluster, which tells what is asked for.
    package static func read(overrides: [String]) throws(ModelError) -> Demand {
        let log = DiagnosticLog()
        let place = Place.start(of: "--set")
        let empty = YAMLNode(content: .mapping([]), place: place)
        var root = YAMLNode(
            content: .mapping([YAMLNode.Entry(key: "spec", keyPlace: place, value: empty)]), place: place)
        for text in overrides { root = apply(text, to: root, log) }
        var demand = Demand()
        if let spec = Fields(root, "the demand", log)?.section("spec", "spec") {
            readSpec(spec, &demand, log, needsKeys: false)
        }
        try log.throwIfFailed()
        return demand
    }

    private static func apply(_ text: String, to root: YAMLNode, _ log: DiagnosticLog) -> YAMLNode {
        guard let equals = text.firstIndex(of: "=") else {
            log.error(
                at: .option(text), "no KEY=VALUE", "a key, an equals sign and a value are needed",
                instead: "write --set demand.keys=2M")
            return root
        }
        var path = text[..<equals].trimmed.dropFirst(prefix.count).split(separator: ".").map(String.init)
        let value = YAMLNode(
            content: .scalar(text[text.index(after: equals)...].trimmed, .plain), place: .option(text))
        // The value of a setting changes; its growth stays.
        let present = path.reduce(root["spec"]) { $0?[$1] }
        if present?["value"] != nil { path.append("value") }
        if let replaced = root.replacing((["spec"] + path)[...], by: value) { return replaced }
        log.error(
            at: .option(text), "the path \(path.joined(separator: "."))", "it runs through a single value",
            instead: "name the value itself")
        return root
    }

    // MARK: Sections

    private static func demand(of root: YAMLNode, _ log: DiagnosticLog) -> Demand {
        var demand = Demand()
        guard let fields = Fields(root, "the demand", log) else { return demand }
        FileHeader.check(fields, kind: "Demand")
        _ = FileHeader.name(fields)
        let spec = fields.section("spec", "spec")
        fields.finish()
        guard let spec else {
            log.error(
                at: root.place, "no \"spec\" in the demand", "nothing can be sized without it",
                instead: "add spec: {keys: {value: 100000, source: guess}}")
            return demand
        }
        readSpec(spec, &demand, log, needsKeys: true)
        return demand
    }

    private static func readSpec(_ spec: Fields, _ demand: inout Demand, _ log: DiagnosticLog, needsKeys: Bool) {
        readTraffic(spec, &demand, log, needsKeys: needsKeys)
        readServer(spec.section("server", "the server section"), &demand, log)
        readHardware(spec.section("hardware", "the hardware section"), &demand, log)
        readExpectations(spec.section("expect", "the expect section"), &demand, log)
        spec.finish()
    }

    private static func readTraffic(_ spec: Fields, _ demand: inout Demand, _ log: DiagnosticLog, needsKeys: Bool) {
        var reader = QuantityReader(spec, prefix: "", log: log)
        demand.keys = reader.amount("keys", UnitText.number, isRequired: needsKeys)
        demand.keySize = reader.sizes("keySize", standard: demand.keySize)
        demand.expiring = reader.quantity(
            "expiring", UnitText.share, "a share such as 20%", standard: 0, origin: "default")
        demand.lifetime = reader.optional("lifetime", seconds, "a duration such as 1h or 30d")
        demand.reads = reader.amount("reads", UnitText.rate)
        demand.writes = reader.amount("writes", UnitText.rate)
        demand.connections = reader.amount("connections", UnitText.number)
        demand.pipelining = reader.quantity(
            "pipelining", depth, "a number from 1 to 10000", standard: 1, origin: "default")
        demand.hottestShard = reader.quantity(
            "hottestShard", positive, "a factor of 1 or more, such as 1.3", standard: 1, origin: "default")
        demand.provenance += reader.provenance
        if let day = spec.text("asOf") {
            demand.asOf = CivilDate(day)
            if demand.asOf == nil {
                log.error(
                    at: spec.take("asOf")?.place ?? spec.node.place, "\"\(YAMLNode.shortened(day))\" as asOf",
                    "it is the day for which the numbers hold", instead: "write a date such as 2026-11-01")
            }
        }
        readValues(spec, &demand, log)
    }

    private static func readValues(_ spec: Fields, _ demand: inout Demand, _ log: DiagnosticLog) {
        guard let node = spec.take("values") else {
            demand.provenance.append(.init(path: "values", value: "strings of 100 B", source: "default"))
            return
        }
        guard let elements = node.elements, !elements.isEmpty, elements.count <= 100 else {
            log.error(
                at: node.place, "\(node.spoken) as values", "a list of 1 to 100 kinds of values is needed",
                instead: "write - {type: string, share: 100%, size: 100} under it")
            return
        }
        demand.values = []
        for (index, element) in elements.enumerated() {
            guard let fields = Fields(element, "a kind of values", log) else { continue }
            var value = Demand.ValueClass()
            value.kind = fields.choice("type", Demand.ValueClass.Kind.self) ?? .string
            var reader = QuantityReader(fields, prefix: "values[\(index)].", log: log)
            value.share = reader.quantity(
                "share", UnitText.share, "a share such as 20%", standard: elements.count == 1 ? 1 : 0,
                origin: "default")
            value.size = reader.sizes("size", standard: value.size)
            if value.kind != .string {
                value.elements = reader.quantity(
                    "elements", positive, "a number of elements from 1 up", standard: 10, origin: "default")
            }
            if value.kind == .hash { value.fieldSize = reader.sizes("fieldSize", standard: value.fieldSize) }
            demand.provenance += reader.finish()
            demand.values.append(value)
        }
        let sum = demand.values.reduce(0) { $0 + $1.share }
        if (sum - 1).magnitude > 0.001 {
            log.error(
                at: node.place, "shares that sum to \(Int((sum * 100).rounded()))%", "every key holds something",
                instead: "write shares that sum to 100%")
        }
    }

    private static func readServer(_ fields: Fields?, _ demand: inout Demand, _ log: DiagnosticLog) {
        var reader = QuantityReader(fields, prefix: "server.", log: log)
        var server = demand.server
        server.fragmentation = reader.quantity(
            "fragmentation", positive, "a factor of 1 or more, such as 1.2", standard: server.fragmentation,
            origin: "public sizers: 1.2 to 1.5")
        let alone = "redis.io, benchmarks: 72,000 requests a second alone, 450,000 by 16"
        server.requestTime = reader.quantity(
            "requestTime", briefly, "a duration such as 12us, of a second at most", standard: server.requestTime,
            origin: alone, in: .seconds)
        server.commandTime = reader.quantity(
            "commandTime", briefly, "a duration such as 2us, of a second at most", standard: server.commandTime,
            origin: alone, in: .seconds)
        server.connectionsAtHalf = reader.quantity(
            "connectionsAtHalf", positive, "a number of connections", standard: server.connectionsAtHalf,
            origin: "redis.io, benchmarks: 30,000 connections have half the throughput of 100")
        server.forkPerGibibyte = reader.quantity(
            "forkPerGiB", seconds, "a duration such as 12ms", standard: server.forkPerGibibyte,
            origin: "redis.io, latency: 9 to 13 ms on physical machines and VMware", in: .seconds)
        server.snapshotRate = reader.quantity(
            "snapshotRate", UnitText.bandwidth, "a rate such as 60MB/s", standard: server.snapshotRate,
            origin: "guess: what a child writes to NFS", in: .bandwidth)
        server.loadRate = reader.quantity(
            "loadRate", UnitText.bandwidth, "a rate such as 100MB/s", standard: server.loadRate,
            origin: "guess: what a starting server loads", in: .bandwidth)
        server.compression = reader.quantity(
            "compression", UnitText.share, "a share such as 60%", standard: server.compression,
            origin: "guess: values that LZF can't compress", in: .share)
        server.bundledAllocator = reader.flag(
            "bundledAllocator", standard: true, origin: "the official image is built with its own jemalloc")
        demand.provenance += reader.finish()
        demand.server = server
    }

    private static func readHardware(_ fields: Fields?, _ demand: inout Demand, _ log: DiagnosticLog) {
        var reader = QuantityReader(fields, prefix: "hardware.", log: log)
        for (key, setting) in [
            ("workerBandwidth", \Demand.Hardware.workerBandwidth),
            ("storageBandwidth", \Demand.Hardware.storageBandwidth),
        ] {
            demand.hardware[keyPath: setting] = reader.quantity(
                key, UnitText.bandwidth, "a rate such as 1Gbit/s", standard: demand.hardware[keyPath: setting],
                origin: "guess: 1 Gbit/s", in: .bandwidth)
        }
        demand.provenance += reader.finish()
    }

    private static func readExpectations(_ fields: Fields?, _ demand: inout Demand, _ log: DiagnosticLog) {
        guard let fields else { return }
        var expected = demand.expectations
        if let latency = fields.section("latency", "the latency") {
            let bounds = latency.keys.filter { $0.first == "p" }
            if bounds.count == 1, let percent = Double(bounds[0].dropFirst()), (1..<100).contains(percent),
                let bound = latency.take(bounds[0]).flatMap({ Scalars.duration($0, "latency", log) })
            {
                expected.quantile = percent / 100
                expected.latency = Double(bound) / 1e9
            } else {
                log.error(
                    at: latency.node.place, "a latency without one bounded quantile", "one of p1 to p99.99 is bounded",
                    instead: "write latency: {p99: 5ms}")
            }
            _ = latency.text("source")
            latency.finish()
        }
        var reader = QuantityReader(fields, prefix: "expect.", log: log)
        expected.timeout = reader.optional("timeout", seconds, "a duration such as 1s") ?? expected.timeout
        expected.availability =
            reader.optional("availability", UnitText.share, "a share such as 99.9%") ?? expected.availability
        _ = reader.finish()
        demand.expectations = expected
    }

    private static func positive(_ text: String) -> Double? {
        UnitText.number(text).flatMap { $0 >= 1 ? $0 : nil }
    }

    private static func depth(_ text: String) -> Double? { positive(text).flatMap { $0 <= 10_000 ? $0 : nil } }

    private static func briefly(_ text: String) -> Double? { seconds(text).flatMap { $0 <= 1 ? $0 : nil } }

    private static func seconds(_ text: String) -> Double? {
        DurationText.nanoseconds(text).map { Double($0) / 1e9 }
    }
}
