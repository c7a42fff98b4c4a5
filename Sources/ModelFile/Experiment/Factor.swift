/// A key that `--set` takes, and the values it shall have one after the other.
package struct Factor: Sendable, Equatable {
    /// Values of one factor; alternatives of all factors together are limited by `Factor.mostAlternatives`.
    static let mostValues = 1000
    package static let mostAlternatives = 1000

    package let key: String
    package let values: [String]

    /// Reads `KEY=a,b,c` or `KEY=lo..hi:step` options; throws everything that is wrong with them.
    package static func read(_ texts: [String], option: String) throws(ModelError) -> [Factor] {
        let log = DiagnosticLog()
        var factors: [Factor] = []
        for text in texts {
            let place = { (column: Int) in Place.argument(option: option, text: text, column: column) }
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                log.error(
                    at: place(1), "no KEY=VALUES", "a key, an equals sign and values are needed",
                    instead: "write \(option) cluster-node-timeout=2000,5000,15000 or "
                        + "\(option) scenario.after=1s..30s:1s")
                continue
            }
            let values = text[text.index(after: equals)...]
            let column = text.unicodeScalars.distance(from: text.startIndex, to: values.startIndex) + 1
            let key = text[..<equals].trimmed
            guard let factor = read(key: key, values: String(values), at: place(column), log) else { continue }
            factors.append(factor)
        }
        check(factors, at: { .argument(option: option, text: texts[$0], column: 1) }, log)
        try log.throwIfFailed()
        return factors
    }

    /// A factor from its values as text; nil, with an error logged, where they are none.
    static func read(key: String, values text: String, at place: Place, _ log: DiagnosticLog) -> Factor? {
        do throws(Refusal) {
            let values = text.contains("..") ? try range(text) : list(text)
            guard !values.isEmpty, !values.contains("") else {
                throw Refusal("an empty value", "every alternative needs one", "write them with a comma between two")
            }
            return try checked(key, values)
        } catch {
            log.error(at: place, error.what, error.why, instead: error.instead)
            return nil
        }
    }

    static func checked(_ key: String, _ values: [String]) throws(Refusal) -> Factor {
        guard values.count <= mostValues else {
            throw Refusal("\(values.count) values", "at most \(mostValues) are run", "take larger steps")
        }
        for (index, value) in values.enumerated() where values[..<index].contains(value) {
            throw Refusal(
                "\"\(YAMLNode.shortened(value))\" twice", "the same alternative would run again",
                "write each value once")
        }
        return Factor(key: key, values: values)
    }

    /// What no factor alone can see.
    static func check(_ factors: [Factor], at place: (Int) -> Place, _ log: DiagnosticLog) {
        for (index, factor) in factors.enumerated() where factors[..<index].contains(where: { $0.key == factor.key }) {
            log.error(
                at: place(index), "\"\(YAMLNode.shortened(factor.key))\" varied twice",
                "it can have one value at a time", instead: "write all its values at one place")
        }
        // Each factor has at least one value, and none has more than a thousand: this can't overflow.
        let product = factors.reduce(1) { min($0 * $1.values.count, mostAlternatives + 1) }
        if product > mostAlternatives, let last = factors.indices.last {
            log.error(
                at: place(last), "more than \(mostAlternatives) alternatives",
                "every value of each factor meets every value of the others",
                instead: "take fewer values, or vary fewer keys")
        }
    }

    struct Refusal: Error, Equatable {
        var what: String
        var why: String
        var instead: String

        init(_ what: String, _ why: String, _ instead: String) {
            (self.what, self.why, self.instead) = (what, why, instead)
        }
    }

    /// Values between commas that stand in no bracket: `lognormal(p50 4ms, p99 90ms)` is one.
    private static func list(_ text: String) -> [String] {
        var values: [String] = []
        var value = ""
        var depth = 0
        for character in text {
            if character == "," && depth == 0 {
                values.append(value.trimmed)
                value = ""
                continue
            }
            if "([{".contains(character) { depth += 1 }
            if ")]}".contains(character) { depth -= 1 }
            value.append(character)
        }
        return values + [value.trimmed]
    }

    // MARK: Ranges

    private static let example = "write 1s..30s:1s, 2..10:2, or 1s..64s:*2 to double each time"

    /// `lo..hi:step`, of durations or numbers; `:*2` multiplies instead of adding.
    private static func range(_ text: String) throws(Refusal) -> [String] {
        guard let dots = text.firstRange(of: ".."), let colon = text.lastIndex(of: ":"), colon > dots.upperBound else {
            throw Refusal("\"\(YAMLNode.shortened(text))\" as a range", "its step is missing", example)
        }
        let (low, high) = (text[..<dots.lowerBound].trimmed, text[dots.upperBound..<colon].trimmed)
        let step = text[text.index(after: colon)...].trimmed
        let isMultiple = step.first == "*"
        if let from = number(low), let to = number(high) {
            guard let by = number(isMultiple ? String(step.dropFirst()) : step) else { throw refusal(ofStep: step) }
            return try steps(from, to, by, isMultiple) { plain($0) }
        }
        let (from, to) = (try duration(low), try duration(high))
        let by = isMultiple ? number(String(step.dropFirst())) : DurationText.nanoseconds(step).map(Double.init)
        guard let by else { throw refusal(ofStep: step) }
        return try steps(from, to, by, isMultiple) { DurationText.text(ofNanoseconds: $0) }
    }

    private static func steps(
        _ from: Double, _ to: Double, _ by: Double, _ isMultiple: Bool, _ spoken: (Double) -> String
    ) throws(Refusal) -> [String] {
        guard from <= to else {
            throw Refusal(
                "a range from \(spoken(from)) down to \(spoken(to))", "ranges go up", "write the lower end first")
        }
        guard isMultiple ? by > 1 && from > 0 : by > 0 else {
            throw Refusal("a step that leads nowhere", "the range would never end", example)
        }
        var values: [String] = []
        // A last step may miss the end by what rounding costs.
        let end = to * (1 + 1e-9)
        var value = from
        while value <= end {
            guard values.count < mostValues else {
                throw Refusal("more than \(mostValues) values", "each is a run of its own", "take a larger step")
            }
            values.append(spoken(value))
            value = isMultiple ? value * by : from + Double(values.count) * by
        }
        return values
    }

    private static func duration(_ text: String) throws(Refusal) -> Double {
        do throws(DurationText.Refusal) { return Double(try DurationText.parse(text)) } catch {
            throw Refusal("\"\(YAMLNode.shortened(text))\" as an end of a range", error.why, error.instead)
        }
    }

    private static func refusal(ofStep step: String) -> Refusal {
        Refusal(
            "\"\(YAMLNode.shortened(step))\" as a step", "it must be of the same kind as the ends, or *FACTOR", example)
    }

    private static func number(_ text: String) -> Double? {
        guard let first = text.first, first.isNumber || first == "-", let value = Double(text),
            value.magnitude < 1e15
        else { return nil }
        return value
    }

    private static func plain(_ value: Double) -> String {
        let rounded = (value * 1e9).rounded() / 1e9
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }
}
