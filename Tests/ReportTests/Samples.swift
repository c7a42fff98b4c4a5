import Foundation
import Testing

@testable import Reports

/// Results for tests: what the shipped reports are made of, and one with everything hostile in it.
enum Samples {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The results that the repository ships beside its reports, if it does.
    static let shipped: [URL] = {
        let directory = package.appending(path: "reports")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { directory.appending(path: $0) }
    }()

    static func result(_ text: String, name: String = "result.json") throws -> ResultFile {
        try ResultFile(name: name, bytes: Array(text.utf8))
    }

    static func shippedResult(_ url: URL) throws -> ResultFile {
        try ResultFile(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
    }

    /// Names that try to become markup, commands or scripts wherever they are printed.
    static let hostileName = "</title><script>alert(1)</script>'\"`touch owned`\" | **x** ${IFS} \\n @macro \u{202e}"

    /// A small forecast, made by hand.
    static func forecast(named name: String = "small", worker: String = "node1") throws -> ResultFile {
        try result(forecastText(named: name, worker: worker))
    }

    static func forecastText(named name: String = "small", worker: String = "node1") throws -> String {
        func quoted(_ text: String) throws -> String {
            String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        }
        return """
            {"format": "rehearse.run/v1", "version": "0.1.0", "model": \(try quoted(name)), "scenario": "kill",
             "seed": 7, "replications": 400, "engine": "redis:7.0", "question": \(try quoted("What of \(name)?")),
             "parameters": {"pod": \(try quoted(name))}, "set": [], "horizon": 60000,
             "probabilities": {"promoted": {"count": 300, "value": 0.75, "interval": [0.7, 0.79]},
               "recovered": {"count": 396, "value": 0.99, "interval": [0.97, 0.997]}},
             "outage": {"anySlot": {"unended": 4, "mean": 7000, "p50": 7000, "p90": 8000, "p95": 8500, "p99": null,
                "intervals": {"p50": [6900, 7100], "p90": [7900, 8200], "p95": [8300, 9000], "p99": [9500, null]},
                "distribution": [[0, 5000], [0.5, 7000], [0.9, 8000], [0.95, 8500], [0.99, null], [1, null]]}},
             "obstacles": [{"why": "a pod is stuck", "count": 4, "value": 0.01, "interval": [0.004, 0.025]}],
             "milestones": {"failed": {"count": 400, "p50": 6000, "p90": 6500, "p99": 7000,
                "intervals": {"p50": [5900, 6100]}}},
             "cases": [{"case": "median", "replication": 17, "anySlotUnserved": 7000, "unended": false,
                "milestones": {"firstSuspected": 5100, "failed": 6000, "promoted": 7000}}],
             "placement": {"probability": 1, "workers": [{"name": \(try quoted(worker)), "servers": [
                {"name": \(try quoted(name)), "shard": 1, "role": "master"},
                {"name": "b", "shard": 1, "role": "replica"}]}]},
             "sensitivity": {"replications": 200, "mean": 7000, "settings": [{"setting": "environment.nfs.commit",
                "value": "6ms", "low": {"value": "3ms", "difference": -12, "interval": [-20, -4]},
                "high": {"value": "12ms", "difference": 30, "interval": [21, 39]}}]},
             "command": \(try quoted("rehearse run \(name)")),
             "inputs": {"digest": "00ff", "files": [{"path": "environment.yaml", "sha256": "00ff"}]},
             "assumptions": [{"subject": "environment.nfs.commit", "value": "6ms", "source": "guess", "kind": "guess"},
                {"subject": "environment.nfs.lease", "value": "90s", "source": "measured", "kind": "stated"}],
             "notModelled": ["Memory."],
             "validation": {"status": "not validated against your cluster", "evidence": ["One trial."]}}
            """
    }

    static let replay = """
        {"format": "rehearse.replay/v1", "version": "0.1.0", "verdict": "agrees", "reasons": ["no stage is off"],
         "seed": 1, "recordings": [{"path": "kill.jsonl", "engine": "redis:7.0", "nodeTimeout": 5000,
            "done": ["kill process 0"], "timingSurprise": 0.4, "violation": null}],
         "stages": [{"stage": "failed", "reached": 9, "expected": 8.7, "observedMedian": 6900, "predictedMedian": 6850,
            "error": {"median": 40, "interval": [-10, 90]}, "distance": 0.2, "limit": 0.54}],
         "transitions": [{"kind": "suspected", "count": 45, "distance": 0.1, "limit": 0.2,
            "error": {"median": 3, "interval": [-4, 9]}}],
         "bands": [{"nominal": 0.5, "covered": 0.52, "interval": [0.4, 0.64], "count": 90},
            {"nominal": 0.9, "covered": 0.91, "interval": [0.84, 0.95], "count": 90}]}
        """
}

/// What needs a program that is not there is skipped, and the skipping says which.
extension Trait where Self == ConditionTrait {
    static var needsGnuplot: Self {
        .enabled(if: (try? Gnuplot()) != nil, "gnuplot is absent: apt-get install gnuplot-nox")
    }

    static var needsBrowser: Self {
        .enabled(if: Browser.executable != nil, "no Chromium: apt-get install chromium")
    }
}
