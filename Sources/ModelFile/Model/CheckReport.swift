/// What `check` has to say: how the files were understood, and what a careful engineer would remark.
package struct CheckReport: Sendable {
    /// One statement about the model, with the place it rests on where there is one.
    package struct Line: Sendable, Equatable {
        package var subject: String
        package var text: String
        package var place: Place?

        package init(_ subject: String, _ text: String, at place: Place? = nil) {
            self.subject = subject
            self.text = text
            self.place = place
        }
    }

    package var model: String
    package var understood: [Line]
    /// What the files leave open and the reader decided.
    package var assumed: [Line]
    /// Numbers of the environment whose source is a guess.
    package var guessed: [Line]
    package var ignored: [IgnoredField]
    package var findings: [Finding]
    /// The scenarios that can be run, with their questions and parameters.
    package var scenarios: [ScenarioSummary]
    /// What is wrong with scenario files; the model itself has no errors, or there would be no report.
    package var scenarioErrors: [Diagnostic]
}

/// A scenario as listings show it.
package struct ScenarioSummary: Sendable, Equatable {
    package struct Parameter: Sendable, Equatable {
        package var name: String
        package var type: String
        /// The default.
        package var value: String
        /// The values that it may have, where they can be listed.
        package var choices: [String]
        package var description: String
    }

    package var name: String
    package var question: String
    package var parameters: [Parameter]
}

/// A remark that follows from the files alone.
package struct Finding: Sendable, Equatable {
    package enum Severity: String, Sendable, CaseIterable, Comparable {
        /// Something will not work, or one foreseeable fault loses the service.
        case problem
        /// Something works worse than its author surely meant.
        case warning
        /// Worth knowing.
        case note

        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .problem: 0
            case .warning: 1
            case .note: 2
            }
        }
    }

    package var severity: Severity
    /// What it is about, such as `statefulset/redis-app`.
    package var object: String
    package var sentence: String
    package var advice: String

    package init(_ severity: Severity, _ object: String, _ sentence: String, advice: String) {
        self.severity = severity
        self.object = object
        self.sentence = sentence
        self.advice = advice
    }
}
