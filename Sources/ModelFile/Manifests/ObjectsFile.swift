package import Kubernetes

/// One file of Kubernetes objects by itself, such as `kubectl get nodes,pods -o yaml` prints.
package enum ObjectsFile {
    /// What messages call the file at a path, of which `-` is standard input.
    package static func spoken(_ path: String) -> String { path == "-" ? SourceFile.standardInput : path }

    /// The objects of all documents and lists in the file (`-`: standard input), and the fields that mean nothing here.
    package static func read(_ path: String) throws(ModelError) -> (objects: ClusterObjects, ignored: [IgnoredField]) {
        let log = DiagnosticLog()
        let notes = ManifestNotes(log: log)
        var manifests = ManifestSet(notes: notes)
        do {
            for document in try YAMLReader.documents(of: SourceFile.read(named: path)) { manifests.add(document) }
        } catch {
            log.add(error)
        }
        try log.throwIfFailed()
        return (manifests.objects, manifests.ignored)
    }
}
