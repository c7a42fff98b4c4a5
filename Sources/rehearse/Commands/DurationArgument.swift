import ArgumentParser
import ModelFile

/// A duration on the command line: a number with its unit, as in models.
struct DurationArgument: ExpressibleByArgument {
    var nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    init?(argument: String) {
        guard let nanoseconds = DurationText.nanoseconds(argument) else { return nil }
        self.nanoseconds = nanoseconds
    }

    var defaultValueDescription: String { DurationText.text(ofNanoseconds: Double(nanoseconds)) }
}
