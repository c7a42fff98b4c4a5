import SystemModel

/// Reads what people write about a forecast, from left to right:
///
///     expectation  statistic comparison limit       milestones.healed p99 < 12s
///     precision    statistic "within" width         outage.anySlot p99 within 5%
///     statistic    NAME                             probabilities.recovered
///                  NAME ("mean" | "pNN")            outage.anySlot p99.9, or outage.anySlot.p99.9
///                  "P(" event ")"                   P(outage.anySlot > 10s)
///     event        ["not"] NAME                     not recovered
///                  NAME comparison limit            falseFailovers > 0
///
/// Every mistake is reported with its column and with what could have been meant.
struct ExpressionParser {
    private struct Token {
        let text: String
        /// From 1, in Unicode scalars.
        let column: Int
    }

    private let tokens: [Token]
    private var next = 0
    private let end: Int
    private let place: (Int) -> Place

    /// - Parameter place: where a column, from 1, of the text stands in the user's input.
    init(_ text: String, place: @escaping (Int) -> Place) {
        var tokens: [Token] = []
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let start = index
            let scalar = scalars[index]
            index += 1
            if scalar.properties.isWhitespace { continue }
            if ExpressionParser.isComparator(scalar) {
                while index < scalars.count, ExpressionParser.isComparator(scalars[index]) { index += 1 }
            } else if scalar != "(", scalar != ")" {
                while index < scalars.count, !ExpressionParser.endsWord(scalars[index]) { index += 1 }
            }
            var word = String.UnicodeScalarView()
            word.append(contentsOf: scalars[start..<index])
            tokens.append(Token(text: String(word), column: start + 1))
        }
        self.tokens = tokens
        self.place = place
        end = scalars.count + 1
    }

    private static func isComparator(_ scalar: Unicode.Scalar) -> Bool { "<>=!".unicodeScalars.contains(scalar) }

    private static func endsWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "(" || scalar == ")" || isComparator(scalar)
    }

    // MARK: Whole expressions

    mutating func expectation() throws(Diagnostic) -> ForecastExpectation {
        let statistic = try self.statistic()
        let comparison = try self.comparison(after: "\(statistic)", for: statistic.kind)
        let limit = try self.limit(of: statistic.kind)
        try finish()
        return ForecastExpectation(statistic, comparison, limit)
    }

    mutating func precision() throws(Diagnostic) -> PrecisionGoal {
        let statistic = try self.statistic()
        guard let word = take() else {
            throw missing("a width", "a precision says how wide the interval may be to either side", "within 5%")
        }
        guard word.text == "within" else {
            throw error(
                at: word, "\"\(shown(word))\"", "a statistic is followed by within and a width",
                instead: "write \(statistic) within 5%")
        }
        let isRelative = tokens.indices.contains(next) && tokens[next].text.hasSuffix("%") && statistic.kind != .event
        let position = next
        let width = try isRelative ? share(of: "a width") : limit(of: statistic.kind)
        guard width.value > 0 else {
            throw error(
                at: tokens[position], "a width of \(width.text)", "no number of replications makes an interval a point",
                instead: "write more than 0")
        }
        try finish()
        return PrecisionGoal(statistic, within: width, isRelative: isRelative)
    }

    mutating func statisticAlone() throws(Diagnostic) -> Statistic {
        let statistic = try self.statistic()
        try finish()
        return statistic
    }

    mutating func eventAlone() throws(Diagnostic) -> ReplicationEvent {
        let event = try self.event()
        try finish()
        return event
    }

    /// A quantity alone, or an event: what can be seen of one case.
    mutating func observable() throws(Diagnostic) -> ObservedFact.Subject {
        if tokens.count == 1, let quantity = Quantity(named: tokens[0].text), quantity.kind != .event {
            return .quantity(quantity)
        }
        return .event(try eventAlone())
    }

    private func finish() throws(Diagnostic) {
        guard tokens.indices.contains(next) else { return }
        throw error(
            at: tokens[next], "\"\(shown(tokens[next]))\" at the end", "the expression is complete before it",
            instead: "leave it out, or write two expressions")
    }

    // MARK: Statistics and events

    private mutating func statistic() throws(Diagnostic) -> Statistic {
        guard let word = take() else {
            throw missing("a statistic", "something must be measured", "outage.anySlot p99")
        }
        if word.text == "P" || word.text == "p", peek() == "(" {
            next += 1
            let event = try self.event()
            guard take()?.text == ")" else {
                throw missing(")", "the event after P( ends with it", "P(\(event))", at: next - 1)
            }
            return .probability(event)
        }
        let (quantity, suffix) = try quantity(of: word)
        if quantity.kind == .event {
            guard suffix == nil else { throw noAggregate(word, quantity) }
            if let following = peek(), ExpressionParser.aggregate(following) != nil {
                throw noAggregate(tokens[next], quantity)
            }
            return .probability(ReplicationEvent(quantity, .holds(true)))
        }
        if let suffix { return suffix.statistic(of: quantity) }
        guard let following = peek(), let aggregate = ExpressionParser.aggregate(following) else {
            let wrong = tokens.indices.contains(next) ? tokens[next] : Token(text: "", column: end)
            throw error(
                at: wrong, "no mean or quantile after \(quantity.rawValue)",
                "it differs from replication to replication",
                instead: "write \(quantity.rawValue) p99, with any pNN, or \(quantity.rawValue) mean")
        }
        next += 1
        return aggregate.statistic(of: quantity)
    }

    private mutating func event() throws(Diagnostic) -> ReplicationEvent {
        guard var word = take() else {
            throw missing("an event", "something must happen or not", "outage.anySlot > 10s")
        }
        let negated = word.text == "not"
        if negated {
            guard let following = take() else { throw missing("a name", "not is said of something", "not recovered") }
            word = following
        }
        let (quantity, suffix) = try quantity(of: word)
        if quantity.kind == .event { return ReplicationEvent(quantity, .holds(!negated)) }
        guard !negated, suffix == nil else {
            throw error(
                at: word, "\"\(shown(word))\" as an event", "a replication has one value of \(quantity.rawValue)",
                instead: "write \(quantity.rawValue) > \(ExpressionParser.example(of: quantity.kind))")
        }
        let comparison = try self.comparison(after: quantity.rawValue, for: quantity.kind)
        return ReplicationEvent(quantity, .compares(comparison, try limit(of: quantity.kind)))
    }

    private enum Aggregate {
        case mean
        case quantile(Double)

        func statistic(of quantity: Quantity) -> Statistic {
            switch self {
            case .mean: .mean(quantity)
            case .quantile(let p): .quantile(quantity, p)
            }
        }
    }

    /// `mean`, or `p` with a percentage from 0 to 100.
    private static func aggregate(_ word: String) -> Aggregate? {
        if word == "mean" { return .mean }
        guard word.first == "p", word.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }),
            // Read as hundredths, not divided: p99.9 is 0.999 and not its neighbour.
            let probability = Double(word.dropFirst() + "e-2"), (0...1).contains(probability)
        else { return nil }
        return .quantile(probability)
    }

    /// The quantity that a word names, with the aggregate that may hang on it by a dot.
    private func quantity(of word: Token) throws(Diagnostic) -> (Quantity, Aggregate?) {
        if let quantity = Quantity(named: word.text) { return (quantity, nil) }
        // The aggregate of p99.9 has a dot of its own.
        for dot in word.text.indices.reversed() where word.text[dot] == "." {
            if let quantity = Quantity(named: String(word.text[..<dot])),
                let aggregate = ExpressionParser.aggregate(String(word.text[word.text.index(after: dot)...]))
            {
                return (quantity, aggregate)
            }
        }
        let names = Quantity.allCases.map(\.rawValue)
        let known = Quantity.allCases.first { $0.shortName == word.text }.map(\.rawValue)
        throw error(
            at: word, "no quantity \"\(shown(word))\"", "a replication has none of that name",
            instead: known.map { "did you mean \"\($0)\"?" }
                ?? Suggestion.sentence(
                    for: word.text, among: names + Quantity.aliases.map(\.name), noun: "quantity",
                    plural: "quantities"))
    }

    private func noAggregate(_ token: Token, _ quantity: Quantity) -> Diagnostic {
        error(
            at: token, "\"\(shown(token))\" of \(quantity.rawValue)",
            "it is a probability, which has no mean and no quantiles", instead: "write \(quantity.rawValue) alone")
    }

    // MARK: Comparisons and limits

    private mutating func comparison(after what: String, for kind: Quantity.Kind) throws(Diagnostic) -> Comparison {
        let example = "\(what) < \(ExpressionParser.example(of: kind))"
        guard let token = take() else { throw missing("a comparison", "it is held to a limit", example) }
        if let comparison = Comparison(rawValue: token.text) { return comparison }
        throw error(
            at: token, "\"\(shown(token))\" as a comparison", "it must be one of <, <=, > and >=",
            instead: token.text == "=<" || token.text == "=>"
                ? "write \(token.text == "=<" ? "<=" : ">=")" : "write \(example)")
    }

    private static func example(of kind: Quantity.Kind) -> String {
        switch kind {
        case .event: "99%"
        case .duration: "12s"
        case .amount: "2"
        }
    }

    /// A duration may be written with a blank before its unit.
    private mutating func limit(of kind: Quantity.Kind) throws(Diagnostic) -> Limit {
        switch kind {
        case .event: return try share(of: "a limit")
        case .duration:
            guard let token = take() else { throw missing("a limit", "it is a duration", "12s") }
            var text = token.text
            if text.last?.isNumber == true, let unit = peek(), unit.first?.isLetter == true {
                text += unit
                next += 1
            }
            do {
                return Limit(value: Double(try DurationText.parse(text)), text: text)
            } catch {
                throw self.error(at: token, "\"\(shown(token))\" as a limit", error.why, instead: error.instead)
            }
        case .amount:
            guard let token = take() else { throw missing("a limit", "it is a number", "2") }
            guard let value = ExpressionParser.number(token.text) else {
                throw error(
                    at: token, "\"\(shown(token))\" as a limit",
                    "this is counted, so a number without a unit is needed", instead: "write a number such as 2")
            }
            return Limit(value: value, text: token.text)
        }
    }

    /// `99%` or `0.99`.
    private mutating func share(of what: String) throws(Diagnostic) -> Limit {
        guard let token = take() else { throw missing(what, "it is a share", "99%") }
        let isPercent = token.text.hasSuffix("%")
        let number = ExpressionParser.number(isPercent ? String(token.text.dropLast()) : token.text)
        guard let number, number <= (isPercent ? 100 : 1) else {
            throw error(
                at: token, "\"\(shown(token))\" as \(what)", "a share is from 0% to 100%, or from 0 to 1",
                instead: "write 99% or 0.99")
        }
        return Limit(value: isPercent ? number / 100 : number, text: token.text)
    }

    private static func number(_ text: String) -> Double? {
        guard text.first?.isNumber == true, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    // MARK: Tokens and messages

    private func peek() -> String? { tokens.indices.contains(next) ? tokens[next].text : nil }

    private mutating func take() -> Token? {
        defer { next += 1 }
        return tokens.indices.contains(next) ? tokens[next] : nil
    }

    private func shown(_ token: Token) -> String { YAMLNode.shortened(token.text) }

    private func error(at token: Token, _ what: String, _ why: String, instead: String) -> Diagnostic {
        Diagnostic(at: place(token.column), what, why, instead: instead)
    }

    /// Something that is not there: at the token of that index, or at the end.
    private func missing(_ what: String, _ why: String, _ example: String, at index: Int? = nil) -> Diagnostic {
        let column = index.flatMap { tokens.indices.contains($0) ? tokens[$0].column : nil } ?? end
        return Diagnostic(at: place(column), "\(what) is missing", why, instead: "write it as in \(example)")
    }
}
