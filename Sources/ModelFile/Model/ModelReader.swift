import Kubernetes
import SystemModel

/// Reads a directory of files into a validated model, or says everything that is wrong with them.
package enum ModelReader {
    /// Reads a model with `--set` options applied. Overrides are texts of the form KEY=VALUE; those of scenario
    /// parameters are left to `LoadedModel.scenario(named:overrides:)`.
    package static func read(directory path: String, overrides texts: [String] = []) throws(ModelError) -> LoadedModel {
        let log = DiagnosticLog()
        let overrides = texts.compactMap { Override($0, log: log) }
        let directory = try ModelDirectory(path, log: log)
        // What can't be parsed would only look like something missing further on.
        try log.throwIfFailed()
        let environment = environmentNode(of: directory, overrides, log)
        guard let environment else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: directory.path), "no model", "there is neither environment.yaml nor kubernetes/",
                    instead: "add environment.yaml, or put manifests into kubernetes/")
            ])
        }
        let file = EnvironmentFile(environment, log: log)
        let loaded =
            directory.hasManifests
            ? readKubernetes(directory, file, overrides, log) : readProcesses(directory, file, overrides, log)
        try log.throwIfFailed()
        guard let loaded else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: directory.path), "no model", "its files don't describe a Redis Cluster",
                    instead: "compare it with one of the shipped models")
            ])
        }
        return loaded
    }

    /// The environment's document with `--set` in place; a model with manifests can do without one.
    private static func environmentNode(
        of directory: ModelDirectory, _ overrides: [Override], _ log: DiagnosticLog
    ) -> YAMLNode? {
        guard var root = directory.environment ?? implied(directory) else { return nil }
        for override in overrides {
            guard case .environment(let path) = override.reach else { continue }
            if let replaced = root.replacing(["spec"] + path[...], by: override.node) {
                root = replaced
            } else {
                log.error(
                    at: override.place, "the path \(path.joined(separator: "."))", "it runs through a single value",
                    instead: "name the value itself")
            }
        }
        return root
    }

    private static func implied(_ directory: ModelDirectory) -> YAMLNode? {
        guard directory.hasManifests else { return nil }
        let place = Place.start(of: directory.path + "/environment.yaml")
        let name = directory.path.split(separator: "/").last.map(String.init) ?? directory.path
        func text(_ text: String) -> YAMLNode { YAMLNode(content: .scalar(text, .quoted), place: place) }
        func entry(_ key: String, _ value: YAMLNode) -> YAMLNode.Entry {
            YAMLNode.Entry(key: key, keyPlace: place, value: value)
        }
        let metadata = YAMLNode(content: .mapping([entry("name", text(name))]), place: place)
        return YAMLNode(
            content: .mapping([
                entry("apiVersion", text(FileHeader.apiVersion)), entry("kind", text("Environment")),
                entry("metadata", metadata),
            ]), place: place)
    }

    private static func readKubernetes(
        _ directory: ModelDirectory, _ file: EnvironmentFile, _ overrides: [Override], _ log: DiagnosticLog
    ) -> LoadedModel? {
        var reader = KubernetesModelReader(directory, file, overrides, log: log)
        guard let (deployment, shape) = reader.read() else { return nil }
        let model = SystemModel(
            name: file.name ?? "", engine: reader.file.engine, conf: reader.conf.conf, shape: shape,
            deployment: .kubernetes(deployment), environment: reader.completed(file.environment),
            standing: file.standing(shape, nodes: deployment.objects.nodes.map(\.name), log))
        var assumed = reader.assumed
        if directory.environment == nil {
            assumed.insert(
                CheckReport.Line(
                    "environment.yaml",
                    "there is none; rehearse check \(directory.path) --starter prints one to begin with"),
                at: 0)
        }
        return LoadedModel(
            model: model, directory: directory, confOrigin: reader.confOrigin, conf: reader.conf,
            ignored: reader.manifests.ignored, assumed: assumed,
            warnings: OverrideWarnings.all(of: overrides, model) + reader.warnings)
    }

    private static func readProcesses(
        _ directory: ModelDirectory, _ file: EnvironmentFile, _ overrides: [Override], _ log: DiagnosticLog
    ) -> LoadedModel? {
        var reader = ProcessModelReader(directory, file, overrides, log: log)
        guard let (deployment, shape) = reader.read() else { return nil }
        var environment = file.environment
        // Processes of one host talk over loopback.
        environment.setDelayedAcknowledgements(byDefault: deployment.hosts.count == 1)
        let model = SystemModel(
            name: file.name ?? "", engine: file.engine, conf: reader.conf.conf, shape: shape,
            deployment: .processes(deployment), environment: environment,
            standing: file.standing(shape, nodes: nil, log))
        return LoadedModel(
            model: model, directory: directory, confOrigin: "environment.yaml", conf: reader.conf, ignored: [],
            assumed: reader.assumed, warnings: OverrideWarnings.all(of: overrides, model))
    }
}
