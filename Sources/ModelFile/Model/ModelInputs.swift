import SystemModel

/// What a result rests on: the files that were read, and the assumptions behind the numbers.
extension LoadedModel {
    /// The files that a run of a scenario reads, by their paths within the model's directory, sorted.
    package func inputFiles(scenario name: String?) -> [(path: String, file: String)] {
        let scenario = name.flatMap { name in scenarioFiles.first { $0.name == name }?.path }
        let files = modelFiles + (scenario.map { [$0] } ?? [])
        return files.map { (path: relative($0), file: $0) }.sorted { $0.path < $1.path }
    }

    private func relative(_ file: String) -> String {
        file.hasPrefix(directoryPath + "/") ? String(file.dropFirst(directoryPath.count + 1)) : file
    }

    /// Everything behind a forecast that is not the user's word for it, guesses first.
    package var assumptions: [Assumption] {
        let numbers = model.environment.provenance.filter { Understanding.isRelevant($0.path, model) }.map { entry in
            Assumption(
                subject: "environment.\(entry.path)", value: entry.value, source: entry.source,
                kind: Assumption.Kind(source: entry.source))
        }
        let decisions = assumed.filter { line in !numbers.contains { $0.subject == "environment.\(line.subject)" } }
            .map { line in
                Assumption(
                    subject: line.subject, value: line.text,
                    source: line.place?.fileAndLine ?? "the files leave it open",
                    kind: .reader)
            }
        return Assumption.Kind.allCases.flatMap { kind in (numbers + decisions).filter { $0.kind == kind } }
    }
}

/// One number or decision behind a result.
package struct Assumption: Sendable, Equatable {
    package var subject: String
    package var value: String
    package var source: String
    package var kind: Kind

    /// Where it comes from, the least certain first.
    package enum Kind: String, Sendable, CaseIterable {
        /// The file says so itself, or names no source.
        case guess
        /// The file does not say; the tool's own number.
        case `default`
        /// The files leave it open and the reader decided.
        case reader
        /// Given on the command line.
        case set
        /// With a source.
        case stated

        init(source: String) {
            switch source {
            case "default": self = .default
            case "--set": self = .set
            default: self = Environment.Provenance.isGuess(source: source) ? .guess : .stated
            }
        }
    }
}
