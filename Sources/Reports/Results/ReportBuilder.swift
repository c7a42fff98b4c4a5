/// From results to reports.
package enum ReportBuilder {
    /// One report for each result, in their order. What recordings say of the simulation (`replay`) is the validation
    /// of the others beside it.
    package static func reports(of results: [ResultFile]) -> [Report] {
        let replays = results.filter { $0.format.hasPrefix("rehearse.replay/") }
        return results.map { result in
            var report = report(of: result)
            if !result.format.hasPrefix("rehearse.replay/") {
                report.validation = replays.map { ReplayPage(result: $0).statement } + report.validation
            }
            return report
        }
    }

    private static func report(of result: ResultFile) -> Report {
        switch result.format {
        case "rehearse.run/v1": RunPage(result: result).report
        case "rehearse.replay/v1": ReplayPage(result: result).report
        case "rehearse.advise/v1": AdvicePage(result: result).report
        case "rehearse.tradeoff/v1": TradeoffPage(result: result).report
        case "rehearse.restart/v1": RestartPage(result: result).report
        case "rehearse.maintenance/v1": MaintenancePage(result: result).report
        case "rehearse.place/v1": PlacementPage(result: result).report
        case "rehearse.sweep/v1": SweepPage(result: result).report
        case "rehearse.capacity/v1": CapacityPage(result: result).report
        default: PlainPage(result: result).report
        }
    }
}
