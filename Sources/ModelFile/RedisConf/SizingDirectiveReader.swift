import SystemModel

/// Reads the directives that only sizing asks for; a value that redis-server would refuse is an error here too.
enum SizingDirectiveReader {
    static func read(
        _ others: [(name: String, arguments: [String], place: Place)], _ log: DiagnosticLog
    ) -> SizingDirectives {
        var directives = SizingDirectives()
        for (name, arguments, place) in others {
            if name == "save" {
                directives.savePoints = savePoints(arguments)
                continue
            }
            guard let apply = numbers[name] else {
                if name == "maxmemory-policy", let policy = arguments.first { directives.maxMemoryPolicy = policy }
                if name == "client-output-buffer-limit" { readBufferLimits(arguments, &directives, place, log) }
                continue
            }
            guard arguments.count == 1, let bytes = self.bytes(arguments[0]) else {
                refuse(name, arguments, place, log)
                continue
            }
            directives[keyPath: apply] = bytes
        }
        return directives
    }

    private static var numbers: [String: WritableKeyPath<SizingDirectives, Double>] {
        [
            "maxmemory": \.maxMemory, "auto-aof-rewrite-percentage": \.rewritePercentage,
            "auto-aof-rewrite-min-size": \.rewriteMinimum, "hash-max-listpack-entries": \.hashListpackEntries,
            "hash-max-ziplist-entries": \.hashListpackEntries, "hash-max-listpack-value": \.hashListpackValue,
            "hash-max-ziplist-value": \.hashListpackValue, "zset-max-listpack-entries": \.zsetListpackEntries,
            "zset-max-ziplist-entries": \.zsetListpackEntries, "zset-max-listpack-value": \.zsetListpackValue,
            "zset-max-ziplist-value": \.zsetListpackValue,
        ]
    }

    /// Pairs of seconds and changes, which were checked when redis.conf was read; none for an empty text.
    private static func savePoints(_ arguments: [String]) -> [SavePoint] {
        let numbers = arguments.flatMap { $0.split(separator: " ") }.compactMap { Double($0) }
        return stride(from: 0, to: numbers.count - 1, by: 2).map {
            SavePoint(seconds: numbers[$0], changes: numbers[$0 + 1])
        }
    }

    /// `CLASS HARD SOFT SECONDS`, once or more; only the class of replicas matters here.
    private static func readBufferLimits(
        _ arguments: [String], _ directives: inout SizingDirectives, _ place: Place, _ log: DiagnosticLog
    ) {
        guard !arguments.isEmpty, arguments.count % 4 == 0 else {
            return refuse("client-output-buffer-limit", arguments, place, log)
        }
        for index in stride(from: 0, to: arguments.count, by: 4) where ["replica", "slave"].contains(arguments[index]) {
            guard let hard = bytes(arguments[index + 1]), let soft = bytes(arguments[index + 2]),
                let seconds = Double(arguments[index + 3]), (0...1e9).contains(seconds)
            else { return refuse("client-output-buffer-limit", arguments, place, log) }
            directives.replicaBufferHard = hard
            directives.replicaBufferSoft = soft
            directives.replicaBufferSoftSeconds = seconds
        }
    }

    private static func refuse(_ name: String, _ arguments: [String], _ place: Place, _ log: DiagnosticLog) {
        let written = YAMLNode.shortened(arguments.joined(separator: " "))
        log.error(
            at: place, "\(name) \(written)", "redis-server would not start with it",
            instead: name == "client-output-buffer-limit"
                ? "write CLASS HARD SOFT SECONDS, such as replica 256mb 64mb 60" : "write a number, such as 100 or 1gb")
    }

    /// Bytes with redis-server's units: k, m, g are decimal and kb, mb, gb binary (util.c, memtoull).
    private static func bytes(_ text: String) -> Double? {
        let lower = text.lowercased()
        let digits = lower.prefix { $0.isASCII && $0.isNumber }
        let units: [String: Double] = [
            "": 1, "b": 1, "k": 1e3, "kb": 1024, "m": 1e6, "mb": 1_048_576, "g": 1e9, "gb": 1_073_741_824,
        ]
        guard let number = Double(digits), let unit = units[String(lower.dropFirst(digits.count))] else { return nil }
        return number * unit
    }
}
