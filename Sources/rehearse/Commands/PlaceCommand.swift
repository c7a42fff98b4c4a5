import ArgumentParser
import Kubernetes
import ModelFile
import Randomness
import SystemModel

/// Where the scheduler puts pods.
struct PlaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "place",
        abstract: "Say where pods land, and how likely.",
        discussion: """
            EXAMPLES
              rehearse place models/two-nodes-six-pods
              kubectl get nodes,pods,pv,pvc -o yaml | rehearse place -f - --explain

            With a model: the probability of each placement of its StatefulSet, of a master beside its own replica, and
            of each split of the masters. Exact where all coin flips can be walked, else from trials.

            With -f: objects as kubectl get -o yaml prints them; the one pod that is bound to no node is placed, and
            every filter's verdict and every score on every node is printed. The scheduler is that of v1.17 or of the
            current release, whichever is nearer to what the nodes report as their kubelet's version (v1.17 where none
            does).

              kubectl get nodes,pods,pv,pvc -o yaml | rehearse place -f - --explain
            """)

    static let mostTrials = 1_000_000

    @Argument(help: "A model's directory.")
    var model: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A file of Kubernetes objects instead of a model; - is standard input.", valueName: "objects"))
    var file: String?

    @Flag(help: "Print every filter's verdict and every score, not only the choice.")
    var explain = false

    @Option(parsing: .unconditional, help: "Draw this many placements instead of walking all coin flips, 1 to 1000000.")
    var trials: Int?

    @OptionGroup var random: RandomOptions

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change the model; with -f only kubernetes=1.17|current. Repeatable.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    func validate() throws {
        try OutputFormat.allow([.table, .wide, .markdown, .json, .yaml], output, for: "place")
        guard (model == nil) != (file == nil) else {
            throw ValidationError("give either a model's directory or -f OBJECTS")
        }
        if let trials, !(1...PlaceCommand.mostTrials).contains(trials) {
            throw ValidationError("--trials \(trials) is not in 1...\(PlaceCommand.mostTrials)")
        }
        if explain, file == nil { throw ValidationError("--explain needs -f OBJECTS, with the one pod to place") }
        if trials != nil, file != nil { throw ValidationError("--trials needs a model: one pod is placed once") }
    }

    func run() throws {
        let stream = ResultStream(isMarkdown: output == .markdown)
        if let file {
            try placeOne(file, to: stream)
        } else if let model {
            try placeAll(model, to: stream)
        }
        stream.flush()
    }

    // MARK: A model

    private func placeAll(_ path: String, to stream: ResultStream) throws {
        var teller = WarningTeller()
        let loaded = try teller.read(path, overrides)
        guard case .kubernetes(let deployment) = loaded.model.deployment else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: path), "nothing to place", "this model's servers are bare processes on hosts",
                    instead: "name a model with manifests in kubernetes/")
            ])
        }
        let set = deployment.statefulSet
        let study = PlacementStudy(objects: deployment.objects, statefulSet: set, version: deployment.version)
        let distribution =
            trials.map { study.distribution(trials: $0, seed: UInt64(random.seed), limit: 0) }
            ?? study.likely(seed: UInt64(random.seed))
        let report = PlacementReport(
            model: loaded.model, version: deployment.version, statefulSet: set, distribution: distribution,
            seed: random.seed, envelope: envelope(of: loaded, path))
        if output.isText {
            report.writeText(isWide: output == .wide, to: stream)
        } else {
            output.write(report.document, to: stream)
        }
    }

    private func envelope(of loaded: LoadedModel, _ path: String) -> ResultEnvelope {
        let drawn = trials.map { ["--trials", "\($0)", "--seed", "\(random.seed)"] } ?? []
        return ResultEnvelope("place", arguments: [path] + drawn, loaded: loaded, scenario: nil, settings: overrides)
    }

    // MARK: One pod

    private func placeOne(_ path: String, to stream: ResultStream) throws {
        let requested = try requestedVersion()
        let (objects, _) = try ObjectsFile.read(path)
        let rules =
            requested.map { SchedulerRules(version: $0, reason: "as --set asks") } ?? .nearest(to: objects.nodes)
        let version = rules.version
        let pod = try PlaceCommand.unboundPod(of: objects, path)
        if version == .v117, !pod.spec.topologySpreadConstraints.isEmpty {
            Console.error(
                "warning: \(pod.name): its topologySpreadConstraints are ignored, as v1.17 ignores them (its feature "
                    + "gate EvenPodsSpread is off); --set kubernetes=current follows them")
        }
        let scheduler = Scheduler(version: version)
        let decision = scheduler.evaluate(pod: pod, in: objects, explainingAll: true)
        var dice = RandomStream(seed: UInt64(random.seed), replication: 0, purpose: .scheduler, entity: 0)
        let report = DecisionReport(
            pod: pod, rules: rules, decision: decision, chosen: scheduler.choose(decision, random: &dice))
        if output.isText {
            report.writeText(explaining: explain || output == .wide, to: stream)
        } else {
            output.write(report.document, to: stream)
        }
    }

    /// The pod that is bound to no node; there must be exactly one.
    private static func unboundPod(of objects: ClusterObjects, _ path: String) throws -> Pod {
        let pods = objects.pods.filter { ($0.nodeName ?? "").isEmpty && !$0.isFinished }
        if pods.count == 1 { return pods[0] }
        let names = pods.prefix(3).map(\.name).joined(separator: ", ")
        throw ModelError([
            Diagnostic(
                at: .start(of: ObjectsFile.spoken(path)),
                pods.isEmpty ? "no pod to place" : "\(pods.count) pods to place, \(names) among them",
                "exactly one pod without spec.nodeName is needed",
                instead: pods.isEmpty ? "add the pod that waits for a node" : "give the others their spec.nodeName")
        ])
    }

    private func requestedVersion() throws -> KubernetesVersion? {
        var version: KubernetesVersion?
        for text in overrides {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == "kubernetes", let named = KubernetesVersion(rawValue: String(parts[1]))
            else {
                let legal = KubernetesVersion.allCases.map { "--set kubernetes=\($0.rawValue)" }.joined(
                    separator: " or ")
                throw ModelError([
                    Diagnostic(
                        at: .option(text), "not a setting of place -f",
                        "only the scheduler's version can be chosen there",
                        instead: "write \(legal)")
                ])
            }
            version = named
        }
        return version
    }
}
