import DiscreteEvent
import RedisCluster
import SystemModel
import Testing

@testable import ModelFile

/// Durations, distributions, redis.conf and suggestions.
struct TextTests {
    @Test(arguments: [
        ("4ms", 4_000_000), ("100us", 100_000), ("100µs", 100_000), ("1.5s", 1_500_000_000), ("2min", 120_000_000_000),
        ("1h", 3_600_000_000_000), ("30d", 2_592_000_000_000_000), ("0s", 0), ("7ns", 7), (" 3 s ", 3_000_000_000),
    ])
    func durations(text: String, nanoseconds: Int64) throws {
        #expect(try DurationText.parse(text) == nanoseconds)
    }

    @Test(arguments: [
        "", "5", "5m", "s", "-1s", "1e400s", "nan s", "inf", "1.2.3s", "10000d", "5 seconds", "+5s", "0x1s", "5sms",
    ])
    func notDurations(text: String) {
        #expect(throws: DurationText.Refusal.self) { try DurationText.parse(text) }
    }

    @Test(arguments: ["1h", "2min", "90s", "1.5s", "250us", "3ms", "0s", "7ns"])
    func durationsAreSaidBack(text: String) throws {
        #expect(
            DurationText.text(ofNanoseconds: Double(try DurationText.parse(text))) == (text == "1h" ? "60min" : text))
    }

    private func distribution(_ yaml: String) throws -> (Distribution?, [String]) {
        let log = DiagnosticLog()
        let node = try #require(YAMLReader.documents(of: SourceFile(path: "x", text: yaml)).first)
        return (DistributionReader(noun: "x", log: log).read(node)?.distribution, log.errors.map(\.what))
    }

    @Test(arguments: [
        ("4ms", Distribution.constant(4e6)), ("{constant: 4ms, source: guess}", .constant(4e6)),
        ("uniform(1ms, 2ms)", .uniform(1e6, 2e6)), ("{uniform: {min: 1ms, max: 2ms}}", .uniform(1e6, 2e6)),
        ("exponential(mean 2s)", .exponential(mean: 2e9)),
        ("{gamma: {mean: 1ms, cv: 1.5}}", .gamma(mean: 1e6, cv: 1.5)),
        ("weibull(shape 2, mean 3s)", .weibull(shape: 2, mean: 3e9)),
        ("{lognormal: {p50: 4ms, p99: 90ms}}", .lognormal(p50: 4e6, p99: 90e6)),
        ("lognormal(p50 4ms, p99 90ms)", .lognormal(p50: 4e6, p99: 90e6)),
        (
            "{quantiles: {p10: 1ms, p50: 2ms, p99.9: 9ms}}",
            .quantiles([(p: 0.1, value: 1e6), (p: 0.5, value: 2e6), (p: 0.999, value: 9e6)])
        ),
    ])
    func distributions(yaml: String, expected: Distribution) throws {
        let (found, errors) = try distribution(yaml)
        #expect(errors == [])
        #expect(found?.description == expected.description)
        // What a report says can be given back to --set.
        #expect(try distribution(expected.description).0?.description == expected.description)
    }

    @Test(arguments: [
        "{source: guess}", "{lognormal: 4ms}", "{lognormal: {p50: 4ms}}", "{gamma: {mean: 1ms, cv: 1ms}}", "[4ms]",
        "{quantiles: {p50: 2ms, p10: 1ms}}", "{quantiles: {x: 2ms}}", "{quantiles: {}}",
        "{uniform: {min: 2ms, max: 1ms}}",
        "lognormal(p50 4ms", "lognormal(p50 4ms, p99 90ms, p100 1s)", "lognormal()", "()",
        "weibull(shape nan, mean 3s)",
        "{exponential: {mean: 2s, mode: 1s}}", "{constant: 1s, uniform: {min: 1s, max: 2s}}",
    ])
    func notDistributions(yaml: String) throws {
        #expect(try !distribution(yaml).1.isEmpty)
    }

    private func conf(_ text: String) -> (RedisConf, [String], [String]) {
        let log = DiagnosticLog()
        var reader = RedisConfReader(log: log)
        reader.read(RedisConfText(file: SourceFile(path: "redis.conf", text: text)))
        return (reader.conf, log.errors.map(\.description), reader.ignored.map(\.path))
    }

    @Test func readsRedisConf() {
        let (conf, errors, ignored) = conf(
            """
            # a comment
              CLUSTER-ENABLED yes
            cluster-node-timeout 2000
            dir "/var/lib/my \\"redis\\" \\x41"
            save ""
            repl-backlog-size 1m
            maxmemory 100mb
            client-output-buffer-limit replica 256mb 64mb 60
            appendfsync ALWAYS
            cluster-node-timeout 3000\r
            """)
        #expect(errors == [])
        #expect(conf.clusterEnabled && conf.nodeTimeout == 3000 && conf.directory == "/var/lib/my \"redis\" A")
        #expect(!conf.savePoints && conf.replicationBacklogBytes == 1_000_000 && conf.appendFsync == .always)
        #expect(ignored == ["redis.conf: maxmemory", "redis.conf: client-output-buffer-limit"])
    }

    /// 7.0.15 refuses to start with each of these; the line and column are those of the value.
    @Test(arguments: [
        ("appendfsync sometimes", "redis.conf:1:13"), ("cluster-node-timeout 5s", "redis.conf:1:22"),
        ("\nport 70000", "redis.conf:2:6"), ("repl-timeout 0", "redis.conf:1:14"), ("save 3600", "redis.conf:1:6"),
        ("dir 'x", "redis.conf:1:1"), ("appendonly yes no", "redis.conf:1:12"), ("  nonsense 5", "redis.conf:1:3"),
        ("cluster-node-timeout -1", "redis.conf:1:22"), ("repl-backlog-size 99999999999999gb", "redis.conf:1:19"),
        ("dir \"a\"b", "redis.conf:1:1"), ("appendonly", "redis.conf:1:1"),
    ])
    func refusesBadDirectives(text: String, place: String) {
        let errors = conf(text).1
        #expect(errors.count == 1 && errors[0].hasPrefix(place + ": "), "\(errors)")
    }

    @Test(arguments: Engine.allCases) func modelledAndUnmodelledDirectivesDiffer(engine: Engine) {
        let modelled = RedisDirectives.modelled.flatMap { [$0.name, $0.alias].compactMap { $0 } }
        #expect(Set(modelled).intersection(RedisDirectives.unmodelled).isEmpty)
        let names = RedisDirectives.allNames(of: engine)
        #expect(names.count == Set(names).count)
    }

    @Test(arguments: [
        ("cluster-node-timeot", "cluster-node-timeout"), ("nodetimeout", nil), ("appendOnly", "appendonly"),
        ("svae", "save"), ("completely-different-thing", nil),
    ])
    func suggestions(written: String, expected: String?) {
        #expect(Suggestion.nearest(to: written, among: RedisDirectives.allNames(of: .redis70)) == expected)
    }
}
