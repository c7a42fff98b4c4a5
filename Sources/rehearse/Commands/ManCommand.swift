import ArgumentParser

/// The manual page, from the command definitions.
struct ManCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Print the manual page.",
        discussion: """
            EXAMPLES
              rehearse man | man -l -                                              # read it
              rehearse man > ~/.local/share/man/man1/rehearse.1                    # keep it
            """)

    func run() throws {
        let stream = ResultStream()
        stream.write(try ManualPage(of: Rehearse.self, version: Rehearse.version).text)
        stream.flush()
    }
}
