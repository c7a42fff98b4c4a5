/// The targets that were met and missed so far.
struct Targets {
    private(set) var missed: [String] = []

    /// `name` as it stands in the report's last lines; the verdict, for the line that gives the figure.
    mutating func judge(_ name: String, _ isMet: Bool, _ target: String) -> String {
        if !isMet { missed.append(name) }
        return "(target \(target): \(isMet ? "met" : "MISSED"))"
    }
}
