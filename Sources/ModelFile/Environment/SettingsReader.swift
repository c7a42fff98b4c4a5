import DiscreteEvent
import SystemModel

/// Reads the sections of an environment into its settings, and writes down where each number came from.
struct SettingsReader {
    private(set) var environment = Environment()
    private let log: DiagnosticLog

    /// The source of a duration that the file doesn't give: nobody has measured it.
    private static let builtIn = "guess (built in, the file doesn't say)"

    init(log: DiagnosticLog) { self.log = log }

    mutating func read(_ spec: Fields) {
        readNetwork(spec)
        readProcess(spec)
        readDisk(spec)
        readNFS(spec)
        readKubernetes(spec)
        readDisturbances(spec)
        number(spec, "load", "load", in: 0...1_000_000, "a number of writes per second and master", \.load)
        refuseImperceptibleLoad(spec)
    }

    /// A write each 1000 s is the least that a rehearsal of minutes could tell from none.
    private func refuseImperceptibleLoad(_ spec: Fields) {
        guard environment.load > 0, environment.load < 0.001, let node = spec.take("load") else { return }
        log.error(
            at: node.place, "a load of \(environment.load)", "that is less than one write in 1000 s",
            instead: "write 0, or 0.001 or more")
    }

    private mutating func readNetwork(_ spec: Fields) {
        let fields = spec.section("network", "the network section")
        durations(
            fields, "network",
            [
                ("withinHost", \.network.withinHost), ("betweenHosts", \.network.betweenHosts),
                ("staleNeighbour", \.network.staleNeighbour), ("unreachableAfter", \.network.unreachableAfter),
            ])
        flag(fields, "network", "delayedAcknowledgements", \.network.delayedAcknowledgements)
        choice(fields, "network", "backend", \.network.backend)
        fields?.finish()
    }

    private mutating func readProcess(_ spec: Fields) {
        let fields = spec.section("process", "the process section")
        durations(
            fields, "process",
            [
                ("wakeUp", \.process.wakeUp), ("tickCost", \.process.tickCost), ("packetCost", \.process.packetCost),
                ("startUp", \.process.startUp),
            ])
        fields?.finish()
    }

    private mutating func readDisk(_ spec: Fields) {
        let fields = spec.section("disk", "the disk section")
        durations(fields, "disk", [("save", \.disk.save), ("sync", \.disk.sync)])
        fields?.finish()
    }

    private mutating func readNFS(_ spec: Fields) {
        let fields = spec.section("nfs", "the nfs section")
        durations(
            fields, "nfs",
            [
                ("rtt", \.nfs.rtt), ("commit", \.nfs.commit), ("service", \.nfs.service), ("grace", \.nfs.grace),
                ("lease", \.nfs.lease), ("thaw", \.nfs.thaw), ("fullGrace", \.nfs.fullGrace),
                ("recall", \.nfs.recall), ("notification", \.nfs.notification), ("reclaim", \.nfs.reclaim),
            ])
        choice(fields, "nfs", "export", \.nfs.export)
        choice(fields, "nfs", "version", \.nfs.version)
        fields?.finish()
    }

    private mutating func readKubernetes(_ spec: Fields) {
        let section = "kubernetesTimings"
        let fields = spec.section(section, "the kubernetesTimings section")
        durations(
            fields, section,
            [
                ("schedule", \.kubernetes.schedule), ("bindToKubelet", \.kubernetes.bindToKubelet),
                ("podStart", \.kubernetes.podStart), ("startRetry", \.kubernetes.startRetry),
                ("removal", \.kubernetes.removal), ("sandboxStop", \.kubernetes.sandboxStop),
                ("controller", \.kubernetes.controller),
                ("containerRestart", \.kubernetes.containerRestart), ("registryCheck", \.kubernetes.registryCheck),
                ("imagePull", \.kubernetes.imagePull), ("leaseRenew", \.kubernetes.leaseRenew),
                ("nodeMonitorPeriod", \.kubernetes.nodeMonitorPeriod), ("toleration", \.kubernetes.toleration),
                ("endpoints", \.kubernetes.endpoints), ("kubeProxy", \.kubernetes.kubeProxy),
                ("dnsCache", \.kubernetes.dnsCache), ("reboot", \.kubernetes.reboot),
            ])
        readMonitorGrace(fields, section)
        number(
            fields, "startRetryProbability", "\(section).startRetryProbability", in: 0...1, "a probability",
            \.kubernetes.startRetryProbability, byDefault: SettingsReader.builtIn)
        fields?.finish()
    }

    private mutating func readDisturbances(_ spec: Fields) {
        let section = "disturbances"
        let fields = spec.section(section, "the disturbances section")
        durations(
            fields, section,
            [
                ("forkPause", \.disturbances.forkPause), ("copyOnWritePause", \.disturbances.copyOnWritePause),
                ("storageStall", \.disturbances.storageStall), ("networkLoss", \.disturbances.networkLoss),
            ])
        let rates: [(String, WritableKeyPath<Environment, Double>)] = [
            ("forkPausesPerMonth", \.disturbances.forkPausesPerMonth),
            ("copyOnWritePausesPerMonth", \.disturbances.copyOnWritePausesPerMonth),
            ("storageStallsPerMonth", \.disturbances.storageStallsPerMonth),
            ("networkLossesPerMonth", \.disturbances.networkLossesPerMonth),
        ]
        for (key, setting) in rates {
            number(fields, key, "\(section).\(key)", in: 0...100_000_000, "a number of times a month", setting)
        }
        fields?.finish()
    }

    private mutating func readMonitorGrace(_ fields: Fields?, _ section: String) {
        let path = "\(section).nodeMonitorGrace"
        guard let node = fields?.take("nodeMonitorGrace") else {
            return note(path, "40s before 1.32, 50s since", Environment.Provenance.unstated)
        }
        guard let reading = DistributionReader(noun: path, log: log).read(node) else { return }
        environment.kubernetes.nodeMonitorGrace = reading.distribution
        note(path, reading.distribution.description, source(reading.source, node))
    }

    private mutating func durations(
        _ fields: Fields?, _ section: String, _ settings: [(String, WritableKeyPath<Environment, Distribution>)]
    ) {
        for (key, setting) in settings {
            let path = "\(section).\(key)"
            guard let node = fields?.take(key) else {
                note(path, environment[keyPath: setting].description, SettingsReader.builtIn)
                continue
            }
            guard let reading = DistributionReader(noun: path, log: log).read(node) else { continue }
            environment[keyPath: setting] = reading.distribution
            note(path, reading.distribution.description, source(reading.source, node))
        }
    }

    private mutating func flag(
        _ fields: Fields?, _ section: String, _ key: String, _ setting: WritableKeyPath<Environment, Bool>
    ) {
        let path = "\(section).\(key)"
        guard let node = fields?.take(key) else {
            return note(path, "\(environment[keyPath: setting])", Environment.Provenance.unstated)
        }
        guard let (value, stated) = plain(node, path), let flag = Scalars.boolean(value, path, log) else { return }
        environment[keyPath: setting] = flag
        note(path, "\(flag)", decided(stated, node))
    }

    private mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ fields: Fields?, _ section: String, _ key: String, _ setting: WritableKeyPath<Environment, Value>
    ) where Value.RawValue == String {
        let path = "\(section).\(key)"
        guard let node = fields?.take(key) else {
            return note(path, environment[keyPath: setting].rawValue, Environment.Provenance.unstated)
        }
        guard let (value, stated) = plain(node, path), let choice = Scalars.choice(value, path, Value.self, log) else {
            return
        }
        environment[keyPath: setting] = choice
        note(path, choice.rawValue, decided(stated, node))
    }

    private mutating func number(
        _ fields: Fields?, _ key: String, _ path: String, in range: ClosedRange<Double>, _ noun: String,
        _ setting: WritableKeyPath<Environment, Double>, byDefault source: String = Environment.Provenance.unstated
    ) {
        guard let node = fields?.take(key) else {
            return note(path, "\(environment[keyPath: setting])", source)
        }
        guard let (value, stated) = plain(node, path) else { return }
        guard let text = value.text, let number = Double(text), range.contains(number) else {
            log.error(
                at: value.place, "\(value.spoken) as \(path)",
                "\(noun) from \(Int(range.lowerBound)) to \(Int(range.upperBound)) is needed, without a unit",
                instead: "write such a number")
            return
        }
        environment[keyPath: setting] = number
        note(path, "\(number)", decided(stated, node))
    }

    /// A value that is no distribution: itself, or `{value: ..., source: ...}`.
    private func plain(_ node: YAMLNode, _ path: String) -> (value: YAMLNode, source: String?)? {
        guard node.entries != nil else { return (node, nil) }
        guard let fields = Fields(node, path, log) else { return nil }
        let source = fields.text("source")
        let value = fields.require("value", "the setting would have none", instead: "add value: ...")
        fields.finish()
        return value.map { ($0, source) }
    }

    /// A number without a source is somebody's guess.
    private func source(_ stated: String?, _ node: YAMLNode) -> String {
        if case .option = node.place { return "--set" }
        return stated ?? "guess (the file names no source)"
    }

    /// A switch is a decision rather than a measurement; without a source the file itself is it.
    private func decided(_ stated: String?, _ node: YAMLNode) -> String {
        if case .option = node.place { return "--set" }
        return stated ?? node.place.fileAndLine
    }

    private mutating func note(_ path: String, _ value: String, _ source: String) {
        environment.provenance.append(Environment.Provenance(path: path, value: value, source: source))
    }
}
