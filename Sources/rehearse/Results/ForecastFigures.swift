import ClusterModel
import Experiments
import Kubernetes
import Statistics
import SystemModel

/// What a forecast's charts are drawn from: the distribution of outages, example cases, a placement.
extension ForecastReport {
    // MARK: Distribution

    /// Where the distribution is written down: dense in the tail, and no further than the replications reach.
    private static let shares: [Double] = {
        var shares: [Double] = [0, 0.01, 0.02]
        for step in 1...18 { shares.append(Double(step) * 0.05) }
        for percent in 91...99 { shares.append(Double(percent) / 100) }
        for permille in 991...999 { shares.append(Double(permille) / 1000) }
        return shares + [0.9995, 0.9999, 0.99995, 0.99999, 0.999995, 0.999999]
    }()

    /// `[share of the cases, at most so many ms]`; null where it has not ended at the horizon.
    func distribution(_ length: (OutcomeTable.Row) -> Int64) -> Document {
        let lengths = (0..<table.count).map { index -> Double in
            let row = table[index]
            return row.unservedAtHorizon ? .infinity : Double(length(row))
        }
        guard let summary = Summary(lengths) else { return .list([]) }
        let reached = ForecastReport.shares.filter { $0 == 0 || (1 - $0) * Double(table.count) >= 1 } + [1]
        return .list(
            reached.map { share in
                let value = summary.quantile(share)
                return .list([.number(share, decimals: 6), value.isNaN ? .null : .milliseconds(value)])
            })
    }

    // MARK: Cases

    /// The replications whose outages are the median and the 99th percentile; of equals the first.
    var cases: Document {
        let order = (0..<table.count).sorted { one, other in (key(one), one) < (key(other), other) }
        return .list(
            [("median", 0.5), ("99th percentile", 0.99)].map { name, p in
                example(order[min(Int(p * Double(order.count)), order.count - 1)], name)
            })
    }

    private func key(_ index: Int) -> Int64 {
        table[index].unservedAtHorizon ? .max : table[index].anySlotUnserved
    }

    private func example(_ index: Int, _ name: String) -> Document {
        let row = table[index]
        let milestones = Milestone.allCases.compactMap { milestone in
            table.time(of: milestone, in: index).map { (key: milestone.name, value: Document.milliseconds($0)) }
        }
        return .object([
            ("case", .text(name)), ("replication", .integer(index)),
            ("anySlotUnserved", .milliseconds(row.anySlotUnserved)), ("unended", .boolean(row.unservedAtHorizon)),
            ("recovered", .boolean(row.recovered)), ("milestones", .object(milestones)),
        ])
    }

    // MARK: Placement

    /// Where each server begins: as the model pins it, or the likeliest that the scheduler draws.
    var placement: Document {
        switch model.deployment {
        case .processes(let deployment):
            let machines = deployment.placement.map { Optional(deployment.hosts[$0]) }
            return placement(on: deployment.hosts, machines, probability: 1)
        case .kubernetes(let deployment):
            let nodes = deployment.objects.nodes.map(\.name)
            if let pinned = deployment.placement { return placement(on: nodes, pinned, probability: 1) }
            let study = PlacementStudy(
                objects: deployment.objects, statefulSet: deployment.statefulSet, version: deployment.version)
            guard let likeliest = study.likely().outcomes.first else { return .null }
            return placement(on: nodes, likeliest.assignment.map(\.node), probability: likeliest.probability)
        }
    }

    private func placement(on machines: [String], _ servers: [String?], probability: Double) -> Document {
        let workers = machines.map { machine -> Document in
            let here = servers.indices.filter { servers[$0] == machine && $0 < model.shape.nodes }
            let entries = here.map { index -> Document in
                let master = model.shape.master(of: index)
                return .object([
                    ("name", .text(model.name(ofProcess: index))), ("shard", .integer((master ?? index) + 1)),
                    ("role", .text(master == nil ? "master" : "replica")),
                ])
            }
            return .object([("name", .text(machine)), ("servers", .list(entries))])
        }
        return .object([
            ("probability", .number(probability, decimals: 6)), ("workers", .list(workers)),
            ("unplaced", .integer(servers.count { $0 == nil })),
        ])
    }
}
