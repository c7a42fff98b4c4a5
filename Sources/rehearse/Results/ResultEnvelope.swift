import ModelFile
import SystemModel
import Wording

/// What each result says about itself beside its answer, so that a report can be made of the result alone: what
/// repeats it, what it rests on, what it leaves out and what it was held against.
struct ResultEnvelope {
    typealias Entry = (key: String, value: Document)

    /// `run` of `rehearse.run/v1`.
    let name: String
    /// As a shell takes it; without what only changes the form of the answer.
    let command: String
    /// As they were read.
    let inputs: [InputFile]
    /// The `--set` options.
    let settings: [String]
    /// Guesses first.
    let assumptions: [Assumption]
    let notModelled: [String]
    let evidence: [String]

    /// - Parameter arguments: what reaches the result, in a fixed order; `--set` options are added.
    init(
        _ name: String, arguments: [String], inputs: [InputFile], settings: [String], assumptions: [Assumption],
        notModelled: [String] = ModelBounds.notModelled, evidence: [String]
    ) {
        self.name = name
        let words = ["rehearse", name] + arguments + settings.flatMap { ["--set", $0] }
        command = words.map(Phrase.shellQuoted).joined(separator: " ")
        self.inputs = inputs
        self.settings = settings
        self.assumptions = assumptions
        self.notModelled = notModelled
        self.evidence = evidence
    }

    /// Of simulations of one model.
    ///
    /// - Parameter scenario: the one whose file was read, if one was.
    init(_ name: String, arguments: [String], loaded: LoadedModel, scenario: String?, settings: [String]) {
        self.init(
            name, arguments: arguments, inputs: loaded.inputFiles(scenario: scenario), settings: settings,
            assumptions: loaded.assumptions, evidence: ModelBounds.evidence(for: loaded.model))
    }

    /// The whole result: format and version first, then what is the command's own, then the rest of the envelope.
    ///
    /// - Parameter last: what is so long that it had better stand behind everything.
    func document(_ entries: [Entry], last: [Entry] = []) -> Document {
        let head: [Entry] = [("format", .text("rehearse.\(name)/v1")), ("version", .text(Rehearse.version))]
        let validation = Document.object([
            ("status", .text("not validated against your cluster")), ("evidence", .texts(evidence)),
        ])
        let foot: [Entry] = [
            ("command", .text(command)), ("inputs", inputsDocument),
            ("assumptions", .list(assumptions.map(ResultEnvelope.document))), ("notModelled", .texts(notModelled)),
            ("validation", validation),
        ]
        return .object(head + entries + foot + last)
    }

    private var inputsDocument: Document {
        let files = inputs.map { file in
            Document.object([("path", .text(file.path)), ("sha256", .text(file.sha256))])
        }
        return .object([
            ("digest", .text("\(InputDigest(inputs, settings: settings))")), ("files", .list(files)),
        ])
    }

    private static func document(_ assumption: Assumption) -> Document {
        .object([
            ("subject", .text(assumption.subject)), ("value", .text(assumption.value)),
            ("source", .text(assumption.source)), ("kind", .text(assumption.kind.rawValue)),
        ])
    }
}

/// What the simulator does not do, and what it was held against: said with every result.
enum ModelBounds {
    static let notModelled = [
        "Resharding, CLUSTER FORGET and CLUSTER RESET.",
        "Preemption of pods by the scheduler.",
        "Memory: nobody is killed for want of it, and forks take no time.",
        "Contention of pods for a worker's CPU.",
        "Packet loss short of a cut, and bandwidth.",
        "Valkey 8.1 and 9.0, which lie between two versions that are, and what is newer than Valkey 9.1 and Redis 7.4.",
        "Freezes of an NFS server whose round trips take a second and more come out too short.",
    ]

    static func evidence(for model: SystemModel) -> [String] {
        var evidence = [
            "The protocol was held against milestones of 192 trials of real Redis 7.0.15 clusters on loopback "
                + "(SIGKILL, SIGSTOP, SIGTERM of one master; node timeout 5 s): every milestone's "
                + "Kolmogorov-Smirnov distance is below the 1 % level.",
            "Sixty trials of each of six faults on Redis 7.0.15 and on Valkey 9.1 are held against it transition by "
                + "transition in the report simulated against live (reports/live.html), disagreements included.",
        ]
        switch model.deployment {
        case .kubernetes(let deployment):
            evidence.append(
                "The scheduler of Kubernetes v1.17 passes upstream's own cases; kubelets and controllers "
                    + "follow sources and single observations, not a recorded cluster.")
            if deployment.dataOnNFS { evidence.append(onNFS) }
        case .processes(let deployment):
            if deployment.storage == .nfs { evidence.append(onNFS) }
        }
        return evidence + [
            "Record yours (rehearse record) and hold the simulation against it (rehearse replay) before you rely on a "
                + "number."
        ]
    }

    private static let onNFS =
        "What storage on NFS does to a server follows measurements of Redis 7.0.15 on a real NFS server."
}
