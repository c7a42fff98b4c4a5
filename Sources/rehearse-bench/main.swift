import Foundation

let usage = """
    Usage: rehearse-bench [--rounds N] [--no-rivals] [--model-only] [--case WORD] [--check]

    Reports what the event list does per CPU second, beside Cimba and SimPy on the same events. The rivals are installed
    with pip into .build-bench/venv when they are missing; --no-rivals leaves them out. Then what the model does with
    it: replications, simulated seconds and events per CPU second, allocations, and two workers beside one. --model-only
    runs no PHOLD but the yardstick's; --case only the models whose names contain the word. With --check the exit status
    is 1 where a target is missed: on a machine that does nothing else. Build with -c release.
    """

func stop(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(status)
}

var rounds = 7
var wantsRivals = true
var modelOnly = false
var checksTargets = false
var onlyCase: String?
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    switch argument {
    case "--no-rivals":
        wantsRivals = false
    case "--model-only":
        modelOnly = true
        wantsRivals = false
    case "--rounds":
        guard let value = arguments.popFirst().flatMap({ Int($0) }), (1...1000).contains(value) else {
            stop("--rounds takes a number from 1 to 1000\n\n\(usage)", status: 64)
        }
        rounds = value
    case "--check":
        checksTargets = true
    case "--case":
        guard let word = arguments.popFirst() else { stop("--case takes a word\n\n\(usage)", status: 64) }
        onlyCase = word
    case "--help", "-h":
        print(usage)
        exit(0)
    default:
        stop("unknown argument `\(argument)`\n\n\(usage)", status: 64)
    }
}

// Sources/rehearse-bench/main.swift: the package is two directories above.
let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
var rivals: Rivals?
if wantsRivals {
    do {
        let installed = try Rivals(
            root: root, largestPending: PholdBenchmark.allSizes.max() ?? 0, simpyEvents: PholdBenchmark.simpyEvents)
        print("Rivals: \(try installed.versions())")
        rivals = installed
    } catch {
        stop("The rivals cannot be had (--no-rivals runs without them).\n\(error)", status: 69)
    }
}
do {
    var targets = Targets()
    var phold = PholdBenchmark()
    if modelOnly { phold.sizes = [64] }
    try phold.run(rounds: rounds, rivals: rivals, targets: &targets)
    let cases = try ModelCases(directory: root.appending(path: "models/six-processes").path, named: onlyCase)
    try cases.run(rounds: rounds, pholdRate: phold.rates[64] ?? 0, targets: &targets)
    if !targets.missed.isEmpty { print("Missed: \(targets.missed.joined(separator: "; "))") }
    exit(!phold.agreed || (checksTargets && !targets.missed.isEmpty) ? 1 : 0)
} catch {
    stop("\(error)", status: 70)
}
