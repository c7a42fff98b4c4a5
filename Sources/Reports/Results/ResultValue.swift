import Recording

/// A value of a result's JSON. Asking for what is not there gives nil: a result may come from another version.
package struct ResultValue: Sendable {
    private let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package subscript(_ name: String) -> ResultValue? {
        guard case .object(let members) = json, let member = members.first(where: { $0.name == name }) else {
            return nil
        }
        return member.value == .null ? nil : ResultValue(member.value)
    }

    /// A member of a member: `outage.anySlot.p50`.
    package subscript(path path: String) -> ResultValue? {
        var value: ResultValue? = self
        for name in path.split(separator: ".") { value = value?[String(name)] }
        return value
    }

    /// Finite, as JSON's numbers are; one too large for a Double is none.
    package var number: Double? {
        guard case .number(let digits) = json, let number = Double(digits), number.isFinite else { return nil }
        return number
    }

    package var integer: Int? { number.flatMap { Int(exactly: $0) } }

    package var text: String? {
        guard case .text(let text) = json else { return nil }
        return text
    }

    package var boolean: Bool? {
        guard case .boolean(let value) = json else { return nil }
        return value
    }

    /// Empty where it is no list.
    package var elements: [ResultValue] {
        guard case .list(let values) = json else { return [] }
        return values.map(ResultValue.init)
    }

    /// In the order of the text; empty where it is no object.
    package var members: [(name: String, value: ResultValue)] {
        guard case .object(let members) = json else { return [] }
        return members.map { ($0.name, ResultValue($0.value)) }
    }

    package var isObject: Bool { if case .object = json { true } else { false } }
    package var isList: Bool { if case .list = json { true } else { false } }
    package var isNull: Bool { json == .null }

    package var texts: [String] { elements.compactMap(\.text) }

    /// Both ends of `[low, high]`; an end that is null is open.
    package var interval: (low: Double?, high: Double?)? {
        let ends = elements
        guard ends.count == 2 else { return nil }
        return (ends[0].number, ends[1].number)
    }

    /// A scalar as a table shows it; nil for lists and objects.
    package var scalar: String? {
        switch json {
        case .null: "-"
        case .boolean(let value): value ? "yes" : "no"
        case .number(let digits): digits
        case .text(let text): text
        case .list, .object: nil
        }
    }
}
