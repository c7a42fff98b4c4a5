import Experiments
import ModelFile
import Statistics
import SystemModel
import Wording

/// Which guess moves a forecast most: each alone halved and doubled.
struct Sensitivity {
    /// Replications compared: enough to tell effects of a tenth of a second, and few, because there are two runs for
    /// each guess.
    static let mostReplications = 200

    struct Setting {
        var variation: GuessVariation
        var low: SensitivityStudy.Effect?
        var high: SensitivityStudy.Effect?

        /// The larger change of the mean, either way, ns.
        var reach: Double {
            [low, high].compactMap { $0?.difference.value.magnitude }.max() ?? 0
        }
    }

    let study: SensitivityStudy
    /// The one that moves most first; equals in the environment's order.
    let settings: [Setting]
    /// False after Ctrl-C: some guesses were not varied.
    let isComplete: Bool

    init(
        _ study: SensitivityStudy, of loaded: LoadedModel, path: String, overrides: [String], workers: Int,
        isQuiet: Bool
    ) throws {
        self.study = study
        let variations = loaded.guessVariations
        var bar = ProgressBar(total: variations.count * 2 * study.replications, isWanted: !isQuiet)
        var done = 0
        func effect(_ variation: GuessVariation, _ value: String?) throws -> SensitivityStudy.Effect? {
            defer { done += study.replications }
            guard let value, !Interruption.isRequested else { return nil }
            let change = GuessVariation.override(variation.path, value)
            let changed = try ModelReader.read(directory: path, overrides: overrides + [change]).model
            return study.effect(
                of: changed, workers: workers, shouldStop: { Interruption.isRequested },
                onProgress: { bar.show(done + $0) })
        }
        var settings: [Setting] = []
        for variation in variations {
            settings.append(
                Setting(
                    variation: variation, low: try effect(variation, variation.low),
                    high: try effect(variation, variation.high)))
        }
        bar.clear()
        isComplete = !Interruption.isRequested
        self.settings = settings.enumerated().sorted {
            ($1.element.reach, $0.offset) < ($0.element.reach, $1.offset)
        }.map(\.element)
    }

    var document: Document {
        .object([
            ("statistic", .text("outage.anySlot mean, up to the horizon")),
            ("replications", .integer(study.replications)), ("mean", .milliseconds(study.baseMean)),
            ("promoted", .number(study.basePromotedShare, decimals: 6)), ("complete", .boolean(isComplete)),
            ("settings", .list(settings.map(setting))),
        ])
    }

    private func setting(_ setting: Setting) -> Document {
        let variation = setting.variation
        return .object([
            ("setting", .text("environment.\(variation.path)")), ("value", .text(variation.value)),
            ("source", .text(variation.source)), ("low", effect(setting.low, variation.low)),
            ("high", effect(setting.high, variation.high)),
        ])
    }

    private func effect(_ effect: SensitivityStudy.Effect?, _ value: String?) -> Document {
        guard let effect, let value else { return .null }
        let interval = effect.difference.interval
        return .object([
            ("value", .text(value)), ("mean", .milliseconds(effect.mean)),
            ("difference", .milliseconds(effect.difference.value)),
            ("interval", .list([.milliseconds(interval.low), .milliseconds(interval.high)])),
            ("promoted", .number(effect.promoted, decimals: 6)),
        ])
    }

    /// For people: the settings that move the mean most.
    func writeText(to stream: ResultStream) {
        stream.line()
        stream.line(
            Console.heading("Guesses that move the mean outage most")
                + " (each alone, in \(Phrase.count(study.replications, "replication")) with the same dice)")
        var table = TextTable(left: [0, 1, 3])
        for setting in settings.prefix(5) {
            table.add(
                ["environment.\(setting.variation.path)"] + cells(setting.low, setting.variation.low)
                    + cells(setting.high, setting.variation.high))
        }
        for line in table.lines() { stream.line(line) }
    }

    private func cells(_ effect: SensitivityStudy.Effect?, _ value: String?) -> [String] {
        guard let effect, let value else { return ["", ""] }
        let change = effect.difference.value
        let sign = change < 0 ? "-" : "+"
        return [value, sign + Phrase.duration(change.magnitude)]
    }
}
