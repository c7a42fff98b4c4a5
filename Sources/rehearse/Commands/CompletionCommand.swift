import ArgumentParser

/// The shell's completion, from the command definitions.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print what teaches a shell to complete rehearse's commands and options.",
        discussion: """
            EXAMPLES
              source <(rehearse completion bash)                                   # this shell
              rehearse completion bash > ~/.local/share/bash-completion/completions/rehearse
              rehearse completion zsh > ~/.zfunc/_rehearse                         # with ~/.zfunc in fpath
              rehearse completion fish > ~/.config/fish/completions/rehearse.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var known: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "Which shell.")
    var shell: Shell

    func run() {
        let stream = ResultStream()
        stream.write(Rehearse.completionScript(for: shell.known) + "\n")
        stream.flush()
    }
}
