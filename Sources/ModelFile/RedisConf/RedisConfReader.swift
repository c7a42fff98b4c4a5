import RedisCluster
import SystemModel

/// Builds the configuration of the servers from a redis.conf, command-line options and `--set`, later ones winning.
struct RedisConfReader {
    private(set) var conf: RedisConf
    /// Directives that were given, in order, with where; of one given twice only the last.
    private(set) var given: [(name: String, value: String, place: Place)] = []
    /// Directives that change nothing in the model.
    private(set) var ignored: [IgnoredField] = []
    /// Those directives with their arguments: sizing asks for some of them. Of one given twice the last wins.
    private(set) var others: [(name: String, arguments: [String], place: Place)] = []
    private let engine: Engine
    private let log: DiagnosticLog

    /// Begins with the defaults of the engine's servers, and knows their directives.
    init(engine: Engine = .redis70, log: DiagnosticLog) {
        self.engine = engine
        self.log = log
        conf = engine.defaults
    }

    /// For servers whose being in a cluster is not said in a redis.conf.
    mutating func enableCluster() { conf.clusterEnabled = true }

    mutating func read(_ text: RedisConfText) {
        for line in text.lines {
            let content = line.text.trimmed
            if content.isEmpty || content.first == "#" { continue }
            guard let words = RedisConfText.words(of: line.text), let name = words.first else {
                log.error(
                    at: line.start, "a quote that is not closed, or text attached to one",
                    "redis-server would not start",
                    instead: "close the quote and leave a space after it")
                continue
            }
            let place = line.place(column: words.count > 1 ? words[1].column : name.column)
            apply(
                name.text, words.dropFirst().map(\.text), directivePlace: line.place(column: name.column),
                valuePlace: place)
        }
    }

    /// Options after the configuration file on redis-server's command line: `--name value value --name value`.
    mutating func read(options: [String], at place: Place) {
        var index = 0
        while index < options.count {
            let option = options[index]
            index += 1
            guard option.hasPrefix("--") else {
                log.error(
                    at: place, "the argument \"\(YAMLNode.shortened(option))\" of redis-server",
                    "options begin with two dashes", instead: "write --name value")
                continue
            }
            var values: [String] = []
            while index < options.count, !options[index].hasPrefix("--") {
                values.append(options[index])
                index += 1
            }
            apply(String(option.dropFirst(2)), values, directivePlace: place, valuePlace: place)
        }
    }

    /// A directive whose arguments are one text, as in environment.yaml and `--set`: `save: 3600 1`, or nothing.
    mutating func apply(_ name: String, value: String, at place: Place) {
        let words = RedisConfText.words(of: value)?.map(\.text) ?? [value]
        apply(name, words.isEmpty ? [""] : words, directivePlace: place, valuePlace: place)
    }

    mutating func apply(_ written: String, _ arguments: [String], directivePlace: Place, valuePlace: Place) {
        let name = written.lowercased()
        let value = arguments.map { $0.isEmpty ? "\"\"" : $0 }.joined(separator: " ")
        guard let directive = RedisDirectives.find(name, engine) else {
            if RedisDirectives.isKnown(name, engine) {
                ignored.append(IgnoredField(path: "redis.conf: \(name)", count: 1, first: directivePlace))
                others.append((name, arguments, valuePlace))
            } else if log.isFull {
                log.omit()
            } else {
                log.error(
                    at: directivePlace, "unknown directive \"\(YAMLNode.shortened(written))\"",
                    "\(engine.server) would not start with it",
                    instead: Suggestion.sentence(
                        for: name, among: RedisDirectives.allNames(of: engine), noun: "directive"))
            }
            return
        }
        do {
            try directive.apply(&conf, arguments)
            given.removeAll { $0.name == directive.name }
            given.append((directive.name, value, directivePlace))
            if RedisDirectives.withoutEffect.contains(directive.name) {
                ignored.append(IgnoredField(path: "redis.conf: \(name)", count: 1, first: directivePlace))
            }
        } catch {
            log.error(
                at: valuePlace, "\(name) \(YAMLNode.shortened(value))", error.why, instead: error.instead)
        }
    }
}
