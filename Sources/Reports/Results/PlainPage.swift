/// Any result of the tool as tables, without knowledge of what it means: members of objects as rows, lists of objects
/// as tables.
struct PlainPage {
    let result: ResultFile

    /// Shown elsewhere in a report.
    private static let common: Set = [
        "format", "version", "question", "answer", "command", "seed", "replications", "engine", "inputs",
        "assumptions", "notModelled", "validation", "model", "samples", "set", "verdict",
    ]

    var report: Report {
        let root = result.root
        let kind = result.format.dropFirst("rehearse.".count).prefix { $0 != "/" }
        let model = root["model"]?.text.map { "\($0), " } ?? ""
        let answer = root["answer"]?.text ?? root["verdict"]?.text ?? "See the tables."
        var report = Report(title: "\(model)\(kind)", question: root["question"]?.text, answer: [answer])
        Envelope(root: root).fill(&report)
        let members = root.members.filter { !PlainPage.common.contains($0.name) }
        let scalars = members.compactMap { member in member.value.scalar.map { [PlainPage.words(member.name), $0] } }
        if !scalars.isEmpty {
            let table = Report.Table(header: ["", "Value"], rows: scalars, left: [0, 1])
            report.sections.append(Report.Section("Result", [.table(table)]))
        }
        for member in members {
            let blocks = PlainPage.blocks(of: member.value)
            if !blocks.isEmpty { report.sections.append(Report.Section(PlainPage.words(member.name), blocks)) }
        }
        return report
    }

    static func blocks(of value: ResultValue) -> [Report.Block] {
        if value.isList { return list(value.elements) }
        guard value.isObject else { return [] }
        let rows = value.members.map { [words($0.name), inline($0.value)] }
        return rows.isEmpty ? [] : [.table(Report.Table(header: ["", "Value"], rows: rows, left: [0, 1]))]
    }

    private static func list(_ elements: [ResultValue]) -> [Report.Block] {
        guard elements.contains(where: \.isObject) else {
            return elements.isEmpty ? [] : [.list(elements.map(inline))]
        }
        var names: [String] = []
        for name in elements.flatMap(\.members).map(\.name) where !names.contains(name) { names.append(name) }
        let rows = elements.map { element in names.map { element[$0].map(inline) ?? "-" } }
        return [.table(Report.Table(header: names.map(words), rows: rows, left: Set(names.indices)))]
    }

    /// A value on one line.
    private static func inline(_ value: ResultValue) -> String {
        if let scalar = value.scalar { return scalar }
        if let estimate = value["value"]?.scalar, let interval = value["interval"]?.elements, interval.count == 2 {
            return "\(estimate) (\(interval.map(inline).joined(separator: " to ")))"
        }
        if value.isList { return value.elements.map(inline).joined(separator: ", ") }
        return value.members.map { "\(words($0.name)) \(inline($0.value))" }.joined(separator: ", ")
    }

    /// `worstSlot` as "Worst slot".
    static func words(_ name: String) -> String {
        var words = ""
        for character in name {
            if character.isUppercase, let last = words.last, !last.isUppercase {
                words += " " + character.lowercased()
            } else {
                words.append(character)
            }
        }
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
