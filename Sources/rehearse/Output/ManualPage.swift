import ArgumentParser
import Foundation

/// A manual page in man(7)'s macros, from what a command's `--help` says.
struct ManualPage {
    let text: String

    /// The part of ArgumentParser's dump of a command (`--experimental-dump-help`) that a page shows.
    private struct Dump: Decodable {
        var command: Command
    }

    private struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    private struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }

        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
    }

    init(of command: any ParsableCommand.Type, version: String) throws {
        let root = try JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8)).command
        var lines = [
            ".TH \(root.commandName.uppercased()) 1 \"\" \"\(root.commandName) \(version)\" \"User Commands\"",
            ".SH NAME", "\(root.commandName) \\- \(Self.escaped(root.abstract ?? ""))", ".SH SYNOPSIS",
            ".B \(root.commandName)", ".I command", "[\\fIoptions\\fR]",
        ]
        if let discussion = root.discussion { lines += [".SH DESCRIPTION"] + Self.paragraphs(discussion) }
        lines.append(".SH COMMANDS")
        for command in root.subcommands ?? [] where command.shouldDisplay != false && command.commandName != "help" {
            lines += Self.section(of: command, below: root.commandName)
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func section(of command: Command, below parent: String) -> [String] {
        let name = "\(parent) \(command.commandName)"
        let arguments = (command.arguments ?? []).filter { argument in
            argument.shouldDisplay && !(argument.names ?? []).contains { $0.name == "help" || $0.name == "version" }
        }
        var lines = [".SS \(escaped(name))", escaped(command.abstract ?? "")]
        let synopsis = arguments.map { argument in
            let word = argument.kind == "positional" ? "\\fI\(escaped(argument.valueName ?? ""))\\fR" : term(argument)
            return (argument.isOptional ? "[\(word)]" : word) + (argument.isRepeating ? "..." : "")
        }
        lines += [".PP", "\\fB\(escaped(name))\\fR " + synopsis.joined(separator: " ")]
        if let discussion = command.discussion { lines += paragraphs(discussion) }
        for argument in arguments {
            var words = argument.abstract ?? ""
            if let values = argument.allValues, !values.isEmpty {
                words += " One of \(values.joined(separator: ", "))."
            }
            if let value = argument.defaultValue { words += " Default: \(value)." }
            let term = argument.kind == "positional" ? "\\fI\(escaped(argument.valueName ?? ""))\\fR" : term(argument)
            lines += [".TP", term, escaped(words.trimmingCharacters(in: .whitespaces))]
        }
        for below in command.subcommands ?? [] where below.shouldDisplay != false {
            lines += section(of: below, below: name)
        }
        return lines
    }

    /// `-o, --output OUTPUT`.
    private static func term(_ argument: Argument) -> String {
        let names = (argument.names ?? []).map { "\\fB\(escaped(($0.kind == "long" ? "--" : "-") + $0.name))\\fR" }
        let value = argument.kind == "option" ? " \\fI\(escaped(argument.valueName ?? "value"))\\fR" : ""
        return names.joined(separator: ", ") + value
    }

    /// A discussion's paragraphs: indented lines are examples and stay as they are, a line of capitals is a heading.
    private static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = [".PP"]
        var isExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indented = line.hasPrefix("  ")
            if indented != isExample { lines.append(indented ? ".RS\n.nf" : ".fi\n.RE") }
            isExample = indented
            if indented {
                lines.append(escaped(String(line.dropFirst(2))))
            } else if line.isEmpty {
                lines.append(".PP")
            } else if line == line.uppercased() {
                lines += [".PP", "\\fB\(escaped(String(line)))\\fR"]
            } else {
                lines.append(escaped(String(line)))
            }
        }
        if isExample { lines.append(".fi\n.RE") }
        return lines
    }

    /// Text in which nothing is a request or an escape of roff's.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\n", with: " ")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
