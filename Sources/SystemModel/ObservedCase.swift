/// What was seen of a real case like a scenario's: an incident's numbers, and where they were written down.
package struct ObservedCase: Sendable, Equatable {
    /// An address or a name, for people.
    package var source: String
    package var facts: [ObservedFact]

    package init(source: String, facts: [ObservedFact]) {
        self.source = source
        self.facts = facts
    }
}

/// One fact about a real case, in the terms of a forecast.
package struct ObservedFact: Sendable, Equatable, CustomStringConvertible {
    /// What an observation is about.
    package enum Subject: Sendable, Equatable {
        /// A duration or an amount.
        case quantity(Quantity)
        /// Something that happened or did not.
        case event(ReplicationEvent)
    }

    package enum Finding: Sendable, Equatable {
        /// The median of so many trials, one being the value itself, and the range in which the incident's own
        /// uncertainty leaves it; ns or an amount.
        case measured(Quantity, seen: Double, low: Double, high: Double, trials: Int)
        /// The event came about in so many of so many trials.
        case counted(ReplicationEvent, times: Int, trials: Int)
    }

    package let finding: Finding
    /// Why the range is what it is, or what the incident's words were.
    package let note: String

    package init(_ finding: Finding, note: String) {
        self.finding = finding
        self.note = note
    }

    package var quantity: Quantity {
        switch finding {
        case .measured(let quantity, _, _, _, _): quantity
        case .counted(let event, _, _): event.quantity
        }
    }

    package var trials: Int {
        switch finding {
        case .measured(_, _, _, _, let trials), .counted(_, _, let trials): trials
        }
    }

    /// The quantity or the event as it is written in a scenario.
    package var description: String {
        switch finding {
        case .measured(let quantity, _, _, _, _): quantity.rawValue
        case .counted(let event, _, _): "\(event)"
        }
    }
}
