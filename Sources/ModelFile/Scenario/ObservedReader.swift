import SystemModel

/// Reads what was observed of a real case: `observed` of a scenario.
struct ObservedReader {
    private static let observationLimit = 100
    private static let trialLimit = 1_000_000

    let log: DiagnosticLog

    /// Nil where there is none, and, with errors logged, where it is not as it must be.
    func read(_ node: YAMLNode?) -> ObservedCase? {
        guard let node, let fields = Fields(node, "observed", log) else { return nil }
        let source = fields.require(
            "source", "a reader must be able to look it up", instead: "add source: with an address or a name"
        ).flatMap { Scalars.text($0, "source", log) }
        let values = fields.require(
            "values", "nothing would be compared", instead: "add values: with a list of what was seen")
        fields.finish()
        guard let values, let source else { return nil }
        guard let elements = values.elements, !elements.isEmpty, elements.count <= Self.observationLimit else {
            log.error(
                at: values.place, "\(values.spoken) as values",
                "a list of 1 to \(Self.observationLimit) observations is needed",
                instead: "write - {quantity: milestones.failed, seen: 7.1s, range: 7s..7.2s, note: ...} under it")
            return nil
        }
        let facts = elements.compactMap(fact)
        return ObservedCase(source: Self.onOneLine(source), facts: facts)
    }

    private func fact(_ node: YAMLNode) -> ObservedFact? {
        guard let fields = Fields(node, "an observation", log) else { return nil }
        let subject = fields.require("quantity", "a value is one of something", instead: "add quantity: outage.anySlot")
            .flatMap(subject)
        let seen = fields.require("seen", "it is what is compared", instead: "add seen: with the value, yes or no")
        let range = fields.take("range")
        let trials = fields.take("trials")
        let note = fields.require(
            "note", "a range is as good as its reason", instead: "add note: with what makes the value uncertain"
        ).flatMap { Scalars.text($0, "note", log) }
        fields.finish()
        guard let subject, let seen, let note else { return nil }
        let finding: ObservedFact.Finding?
        switch subject {
        case .quantity(let quantity): finding = measured(quantity, seen, range, trials, in: node)
        case .event(let event): finding = counted(event, seen, range, trials)
        }
        return finding.map { ObservedFact($0, note: Self.onOneLine(note)) }
    }

    private func subject(_ node: YAMLNode) -> ObservedFact.Subject? {
        guard let text = Scalars.text(node, "quantity", log) else { return nil }
        var parser = ExpressionParser(text) { ExpressionList.place(of: $0, in: node) }
        do { return try parser.observable() } catch {
            log.add(error)
            return nil
        }
    }

    // MARK: Durations and amounts

    private func measured(
        _ quantity: Quantity, _ seen: YAMLNode, _ range: YAMLNode?, _ trials: YAMLNode?, in node: YAMLNode
    ) -> ObservedFact.Finding? {
        guard let range else {
            log.error(
                at: node.place, "no \"range\" in an observation", "a clock, a log and a poll leave a value uncertain",
                instead: "add range: \(quantity.kind == .duration ? "7s..7.2s" : "2..3"), and say why in note")
            return nil
        }
        let count = trials.map { Scalars.count($0, "trials", in: 1...Self.trialLimit, log) } ?? 1
        guard let value = value(of: seen, quantity, "seen"), let ends = ends(of: range, quantity), let count else {
            return nil
        }
        guard ends.low <= value, value <= ends.high else {
            log.error(
                at: range.place, "\(range.spoken) as range", "\(seen.text ?? "what was seen") is not in it",
                instead: "write a range that holds what was seen")
            return nil
        }
        return .measured(quantity, seen: value, low: ends.low, high: ends.high, trials: count)
    }

    private func ends(of node: YAMLNode, _ quantity: Quantity) -> (low: Double, high: Double)? {
        let parts = (node.text ?? "").split(separator: "..", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            log.error(
                at: node.place, "\(node.spoken) as range", "its two ends are needed",
                instead: quantity.kind == .duration ? "write 7s..7.2s" : "write 2..3")
            return nil
        }
        let texts = parts.map {
            YAMLNode(content: .scalar(String($0).trimmed, .plain), place: node.place)
        }
        guard let low = value(of: texts[0], quantity, "the range's low end"),
            let high = value(of: texts[1], quantity, "the range's high end")
        else { return nil }
        return (low, high)
    }

    private func value(of node: YAMLNode, _ quantity: Quantity, _ noun: String) -> Double? {
        if quantity.kind == .duration { return Scalars.duration(node, noun, log).map(Double.init) }
        if let text = node.text, text.first?.isNumber == true, let value = Double(text), value.isFinite { return value }
        log.error(
            at: node.place, "\(node.spoken) as \(noun)", "\(quantity.rawValue) is counted, without a unit",
            instead: "write a number such as 2")
        return nil
    }

    // MARK: Events

    private func counted(
        _ event: ReplicationEvent, _ seen: YAMLNode, _ range: YAMLNode?, _ trials: YAMLNode?
    ) -> ObservedFact.Finding? {
        if let range {
            log.error(
                at: range.place, "a range of a yes or no", "it happened or it did not",
                instead: "leave it out; write seen: 2 of 9 where it happened in some trials")
            return nil
        }
        if let (times, count) = Self.share(seen.text ?? "") {
            guard trials == nil, count > 0, times <= count, count <= Self.trialLimit else {
                log.error(
                    at: trials?.place ?? seen.place, "\((trials ?? seen).spoken) beside \(seen.spoken)",
                    "so many of so many trials, at most all of them, say it once",
                    instead: "write seen: 2 of 9, without trials")
                return nil
            }
            return .counted(event, times: times, trials: count)
        }
        let count = trials.map { Scalars.count($0, "trials", in: 1...Self.trialLimit, log) } ?? 1
        guard let count else { return nil }
        guard let isSeen = Self.yesOrNo(seen.text) else {
            log.error(
                at: seen.place, "\(seen.spoken) as seen", "\(event) happened or did not",
                instead: "write yes, no, or 2 of 9")
            return nil
        }
        return .counted(event, times: isSeen ? count : 0, trials: count)
    }

    private static func yesOrNo(_ text: String?) -> Bool? {
        switch text {
        case "yes", "true": true
        case "no", "false": false
        default: nil
        }
    }

    /// The numbers of `2 of 9`.
    private static func share(_ text: String) -> (times: Int, trials: Int)? {
        let words = text.split(separator: " ")
        guard words.count == 3, words[1] == "of", let times = Int(words[0]), let trials = Int(words[2]), times >= 0
        else { return nil }
        return (times, trials)
    }

    private static func onOneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
