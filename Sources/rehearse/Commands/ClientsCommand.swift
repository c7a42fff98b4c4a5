import Advice
import ArgumentParser
import ModelFile

/// When the application is back.
struct ClientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients",
        abstract: "Say when applications write to every slot again after a fault, by client library.",
        discussion: """
            Clients of different behaviour (when they learn the topology anew, how they retry, what they wait for) look
            at the same replications. Each writes a key of every part of the slots ten times a second; it is back when
            every part's writes succeed again. With manifests each is asked twice: with the servers' addresses as
            seeds, and with the Service's port, behind which a Ready pod answers at random, MOVED and the topology
            naming pod addresses. A client that can't reach pod addresses at all works for the slots of one pod only,
            with or without a fault.

              rehearse clients models/two-nodes-six-pods
              rehearse clients models/two-nodes-six-pods --scenario lose-node1 --client jedis --client lettuce-both
            """ + "\n\nPRESETS\n"
                + ClientBehaviour.presets.map { "  \($0.name): \($0.summary) (\($0.source))" }.joined(separator: "\n"))

    @OptionGroup var options: StudyOptions

    @Option(help: "Which of the scenarios; by default a master is lost: its pod deleted, or its process killed.")
    var scenario: String?

    @Option(
        name: .customLong("client"),
        help: ArgumentHelp("A preset; repeatable. All by default.", valueName: "preset"))
    var clients: [String] = []

    func validate() throws {
        for name in clients where ClientBehaviour.preset(named: name) == nil {
            let names = ClientBehaviour.presets.map(\.name).joined(separator: ", ")
            throw ValidationError("no client \"\(name)\"; there are \(names)")
        }
    }

    func run() throws {
        let loaded = try options.system.loadToRun()
        let fault =
            try scenario.map { try loaded.scenario(named: $0, overrides: options.system.overrides) }
            ?? ClientStudy.defaultScenario(loaded.model)
        let chosen = clients.isEmpty ? ClientBehaviour.presets : clients.compactMap(ClientBehaviour.preset(named:))
        let study = options.study(total: options.replications) { effort in
            ClientStudy(loaded.model, fault, clients: chosen, effort)
        }
        let arguments = (scenario.map { ["--scenario", $0] } ?? []) + clients.flatMap { ["--client", $0] }
        try options.finish(
            ClientsReport(
                study: study, scenario: fault, fileName: scenario, options: options, loaded: loaded,
                arguments: arguments
            ).report, StudyEnd(isComplete: study.isComplete))
    }
}
