/// What a person who acts on a result reads: an answer first, then everything that repeats, limits and supports it.
///
/// A report is made from a result's JSON alone, and the same JSON gives the same report.
package struct Report: Sendable, Equatable {
    package var title: String
    /// Nil for results that answer no particular question.
    package var question: String?
    /// One statement each; the first one is the answer in a line, as an index shows it.
    package var answer: [String]
    /// What repeats the result, with a name for each: command, seed, version, digest of the inputs.
    package var reproduction: [Fact] = []
    /// In the order of the result: guesses first.
    package var assumptions: [Assumption] = []
    package var notModelled: [String] = []
    /// What the result was held against, the status first.
    package var validation: [String] = []
    package var sections: [Section] = []

    package init(title: String, question: String?, answer: [String]) {
        self.title = title
        self.question = question
        self.answer = answer
    }

    package struct Fact: Sendable, Equatable {
        package var name: String
        package var value: String
        /// Set in a fixed-width font: commands, digests.
        package var isCode = false

        package init(_ name: String, _ value: String, isCode: Bool = false) {
            self.name = name
            self.value = value
            self.isCode = isCode
        }
    }

    /// A number behind the result, and who says so.
    package struct Assumption: Sendable, Equatable {
        package var subject: String
        package var value: String
        package var source: String
        /// Nobody measured it.
        package var isGuess: Bool

        package init(_ subject: String, _ value: String, source: String, isGuess: Bool) {
            self.subject = subject
            self.value = value
            self.source = source
            self.isGuess = isGuess
        }
    }

    package struct Section: Sendable, Equatable {
        package var heading: String
        package var blocks: [Block]

        package init(_ heading: String, _ blocks: [Block]) {
            self.heading = heading
            self.blocks = blocks
        }
    }

    package enum Block: Sendable, Equatable {
        case paragraph(String)
        case list([String])
        /// Lines to be copied as they are: commands, YAML.
        case code([String])
        case table(Table)
        case figure(Figure)
    }

    /// Cells of text; the first column stands left, the others right unless they are words.
    package struct Table: Sendable, Equatable {
        package var header: [String]
        package var rows: [[String]]
        /// Columns of words.
        package var left: Set<Int>

        package init(header: [String], rows: [[String]], left: Set<Int> = [0]) {
            self.header = header
            self.rows = rows
            self.left = left
        }
    }

    /// A chart with what it says in words and in numbers, for those who can't see it.
    package struct Figure: Sendable, Equatable {
        package var title: String
        /// What the chart shows and what is to be seen in it, in a sentence or two.
        package var description: String
        package var chart: Chart
        package var numbers: Table

        package init(title: String, description: String, chart: Chart, numbers: Table) {
            self.title = title
            self.description = description
            self.chart = chart
            self.numbers = numbers
        }
    }
}
