import Kubernetes
import Statistics
import SystemModel
import Wording

/// Where a StatefulSet's pods can land, and what that means for masters and replicas.
struct PlacementReport {
    let model: SystemModel
    let version: KubernetesVersion
    let statefulSet: StatefulSet
    let distribution: PlacementDistribution
    let seed: Int
    let envelope: ResultEnvelope

    /// Placements printed before the rest is summed up.
    private static let listed = 20
    /// Trials that must have met a placement before it is worth a line: fewer say next to nothing about its share.
    private static let fewestTrials = 10

    /// A named property of placements, with its probability.
    private struct Claim {
        let name: String
        let text: String
        let probability: Double
        let fraction: Fraction?
    }

    private var shape: ClusterShape { model.shape }

    /// What matters to Redis: which pods are masters follows from their ordinals at creation.
    private var claims: [Claim] {
        var claims = [
            claim("masterBesideOwnReplica", "a master shares a node with its own replica", masterBesideOwnReplica),
            claim("majorityOnOneNode", "one node holds a majority of the masters") {
                split($0).contains { $0 > shape.masters / 2 }
            },
            claim("somePodPending", "a pod stays Pending") { $0.contains { $0.node == nil } },
        ]
        let splits = Set(distribution.outcomes.map { split($0.assignment) }).sorted { $1.lexicographicallyPrecedes($0) }
        for parts in splits where parts.reduce(0, +) == shape.masters {
            let name = parts.map(String.init).joined(separator: "-")
            claims.append(claim("split \(name)", "the masters are split \(name)") { split($0) == parts })
        }
        return claims
    }

    private func claim(_ name: String, _ text: String, _ holds: ([Placement]) -> Bool) -> Claim {
        Claim(
            name: name, text: text, probability: distribution.probability(where: holds),
            fraction: distribution.fraction(where: holds))
    }

    private func masterBesideOwnReplica(_ assignment: [Placement]) -> Bool {
        assignment.indices.contains { index in
            guard let master = shape.master(of: index), master < assignment.count, let node = assignment[index].node
            else { return false }
            return assignment[master].node == node
        }
    }

    /// Masters on each node that has one, the most first.
    private func split(_ assignment: [Placement]) -> [Int] {
        let nodes = assignment.prefix(shape.masters).compactMap(\.node)
        return Set(nodes).map { node in nodes.count { $0 == node } }.sorted(by: >)
    }

    // MARK: For people

    func writeText(isWide: Bool = false, to stream: ResultStream) {
        let count = Phrase.count(statefulSet.replicas, "pod")
        stream.line(
            "\(Console.heading("\(model.name), statefulset/\(statefulSet.name)")): \(count), "
                + "scheduler of Kubernetes \(version.rawValue)")
        stream.line(
            distribution.trials.map { "\(Phrase.count($0, "trial")), seed \(seed)" }
                ?? "Exact: all coin flips of the scheduler and the volume binder walked")
        stream.line()
        var table = TextTable(left: [0, 3])
        for claim in claims {
            table.add([
                claim.text, Phrase.percent(claim.probability), exactText(claim.fraction),
                intervalText(claim.probability),
            ])
        }
        stream.table(table, indent: 0)
        stream.line()
        writePlacements(listing: isWide ? distribution.outcomes.count : PlacementReport.listed, to: stream)
    }

    private func writePlacements(listing listed: Int, to stream: ResultStream) {
        let ordinals = (0..<max(statefulSet.replicas, 0)).map { "\(statefulSet.name)-\($0)" }
        stream.heading(
            "Placements of \(ordinals.first ?? "-") to \(ordinals.last ?? "-"), the likeliest first")
        var table = TextTable(left: [2])
        let least = distribution.trials.map { Double(PlacementReport.fewestTrials) / Double($0) - 1e-9 } ?? 0
        let frequent = distribution.outcomes.prefix(listed).prefix { $0.probability >= least }
        for outcome in frequent {
            let nodes = outcome.assignment.map(\.description).joined(separator: " ")
            table.add([Phrase.percent(outcome.probability), exactText(outcome.fraction), nodes])
        }
        stream.table(table)
        let rest = distribution.outcomes.dropFirst(frequent.count)
        if !rest.isEmpty {
            let share = rest.reduce(0) { $0 + $1.probability }
            stream.line(
                "  and \(Phrase.count(rest.count, "other")) with \(Phrase.percent(share)) together (-o wide lists all)")
        }
        var reasons: [String] = []
        for case .pending(let reason) in distribution.outcomes.flatMap(\.assignment) where !reasons.contains(reason) {
            reasons.append(reason)
        }
        for reason in reasons { stream.line("  Pending: \(reason)") }
    }

    private func exactText(_ fraction: Fraction?) -> String {
        distribution.isExact ? fraction?.description ?? "" : ""
    }

    private func intervalText(_ probability: Double) -> String {
        interval(probability).map { "(95 %: \(Phrase.percentInterval($0)))" } ?? ""
    }

    /// Of a share of trials; an exact probability has none.
    private func interval(_ probability: Double) -> Interval? {
        guard let trials = distribution.trials else { return nil }
        return Proportion(Int((probability * Double(trials)).rounded()), of: trials)?.wilson()
    }

    // MARK: For programs

    var document: Document {
        let claims = claims.map { claim in (key: claim.name, value: probability(claim.probability, claim.fraction)) }
        return envelope.document([
            ("model", .text(model.name)), ("set", .texts(envelope.settings)),
            ("statefulSet", .text(statefulSet.name)), ("kubernetes", .text(version.rawValue)),
            ("exact", .boolean(distribution.isExact)), ("trials", distribution.trials.map { .integer($0) } ?? .null),
            ("seed", distribution.isExact ? .null : .integer(seed)), ("probabilities", .object(claims)),
            (
                "placements",
                .rows(count: distribution.outcomes.count) { index in
                    let outcome = distribution.outcomes[index]
                    let nodes = outcome.assignment.map { $0.node.map { Document.text($0) } ?? .null }
                    return .object([
                        ("nodes", .list(nodes)), ("probability", probability(outcome.probability, outcome.fraction)),
                    ])
                }
            ),
        ])
    }

    private func probability(_ value: Double, _ fraction: Fraction?) -> Document {
        var entries: [(key: String, value: Document)] = [("value", .number(value, decimals: 9))]
        if distribution.isExact {
            entries.append(("fraction", fraction.map { .text($0.description) } ?? .null))
        } else if let interval = interval(value) {
            entries.append(
                ("interval", .list([.number(interval.low, decimals: 6), .number(interval.high, decimals: 6)])))
        }
        return .object(entries)
    }
}
