import ModelFile
import SystemModel

/// What each result says about itself beside its answer, so that a report can be made of the result alone: what
/// repeats it, what it rests on, what it leaves out and what it was held against.
struct ResultEnvelope {
    /// As a shell takes it; without what only changes the form of the answer.
    let command: String
    let loaded: LoadedModel
    let inputs: InputFiles

    /// - Parameters:
    ///   - command: the subcommand and its arguments that reach the result, in a fixed order.
    ///   - scenario: the one whose file was read, if one was.
    init(command: [String], loaded: LoadedModel, scenario: String?, overrides: [String]) {
        self.command = (["rehearse"] + command).map(Phrase.shellQuoted).joined(separator: " ")
        self.loaded = loaded
        inputs = InputFiles(loaded.inputFiles(scenario: scenario), settings: overrides)
    }

    var entries: [(key: String, value: Document)] {
        [
            ("command", .text(command)), ("inputs", inputs.document),
            ("assumptions", .list(loaded.assumptions.map(assumption))),
            ("notModelled", .texts(ModelBounds.notModelled)),
            (
                "validation",
                .object([
                    ("status", .text("not validated against your cluster")),
                    ("evidence", .texts(ModelBounds.evidence(for: loaded.model))),
                ])
            ),
        ]
    }

    private func assumption(_ assumption: Assumption) -> Document {
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
        "Servers other than Redis 7.0.",
        "Freezes of an NFS server whose round trips take a second and more come out too short.",
    ]

    static func evidence(for model: SystemModel) -> [String] {
        var evidence = [
            "The protocol was held against milestones of 192 trials of real Redis 7.0.15 clusters on loopback "
                + "(SIGKILL, SIGSTOP, SIGTERM; node timeout 5 s): every milestone's "
                + "Kolmogorov-Smirnov distance is below the 1 % level."
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
