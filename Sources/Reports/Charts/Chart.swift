/// A drawing in numbers: axes and marks. What it looks like is the business of `ChartScript`.
package struct Chart: Sendable, Equatable {
    /// Pixels at which it is drawn; pages scale it.
    package var height = 320
    package var x: Axis
    package var y: Axis
    package var marks: [Mark]
    /// Room on the right for labels of the last marks, as a share of the width.
    package var rightMargin = 0.02

    package init(height: Int = 320, x: Axis, y: Axis, marks: [Mark], rightMargin: Double = 0.02) {
        self.height = height
        self.x = x
        self.y = y
        self.marks = marks
        self.rightMargin = rightMargin
    }

    /// A bar with its interval for each name, from the bottom up, on a common axis.
    static func horizontal(_ rows: [(name: String, bar: Bar)], axis: Axis) -> Chart {
        let bars = rows.enumerated().map { index, row in
            Bar(at: Double(index + 1), value: row.bar.value, low: row.bar.low, high: row.bar.high)
        }
        let boxes = bars.map { Box(x: 0...max(0, $0.value), y: ($0.at - 0.3)...($0.at + 0.3)) }
        let ticks = rows.enumerated().map { Tick(Double($0 + 1), $1.name) }
        return Chart(
            height: 100 + 34 * rows.count, x: axis,
            y: Axis("", low: 0.4, high: Double(rows.count) + 0.6, ticks: ticks),
            marks: [.boxes(boxes, .first, faint: true, name: nil), .horizontalBars(bars, .first, name: nil)])
    }

    /// The names of the marks that have one, with their colours, in their order.
    package var legend: [(ink: Ink, name: String)] {
        marks.compactMap { mark in
            switch mark {
            case .line(_, let ink, _, let name?), .points(_, let ink, let name?), .boxes(_, let ink, _, let name?),
                .horizontalBars(_, let ink, let name?), .verticalBars(_, let ink, let name?):
                (ink, name)
            default: nil
            }
        }
    }

    package struct Axis: Sendable, Equatable {
        /// With the unit; empty where the ticks say everything.
        package var label: String
        /// By default what the marks need.
        package var low: Double?
        package var high: Double?
        package var isLogarithmic = false
        /// Positions with their texts; by default round numbers.
        package var ticks: [Tick]?

        package init(
            _ label: String, low: Double? = nil, high: Double? = nil, isLogarithmic: Bool = false, ticks: [Tick]? = nil
        ) {
            self.label = label
            self.low = low
            self.high = high
            self.isLogarithmic = isLogarithmic
            self.ticks = ticks
        }
    }

    package struct Tick: Sendable, Equatable {
        package var at: Double
        package var text: String

        package init(_ at: Double, _ text: String) {
            self.at = at
            self.text = text
        }
    }

    package struct Point: Sendable, Equatable {
        package var x: Double
        package var y: Double

        package init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    package struct Box: Sendable, Equatable {
        package var x: ClosedRange<Double>
        package var y: ClosedRange<Double>

        package init(x: ClosedRange<Double>, y: ClosedRange<Double>) {
            self.x = x
            self.y = y
        }
    }

    /// A colour by its role; pages give each a value for light and one for dark.
    package enum Ink: String, Sendable, CaseIterable {
        case text, muted, grid, first, second, third, fourth, fifth, sixth, alert

        /// Of a series, in turn.
        package static func series(_ index: Int) -> Ink {
            [Ink.first, .second, .third, .fourth, .fifth, .sixth][index % 6]
        }
    }

    package enum Mark: Sendable, Equatable {
        /// `name` is the legend's; nil where there is none.
        case line([Point], Ink, dashed: Bool, name: String?)
        case points([Point], Ink, name: String?)
        /// `faint` lets a text on it be read.
        case boxes([Box], Ink, faint: Bool, name: String?)
        /// From low to high at a height, with a point at the value.
        case horizontalBars([Bar], Ink, name: String?)
        /// From low to high at a position, with a point at the value.
        case verticalBars([Bar], Ink, name: String?)
        case text(String, at: Point, Anchor, Ink)
        /// A line from edge to edge, with a text at its end.
        case verticalRule(Double, String, Ink)
        case horizontalRule(Double, String, Ink)
    }

    package enum Anchor: String, Sendable { case left, center, right }

    /// A value with its interval.
    package struct Bar: Sendable, Equatable {
        /// Where it stands on the other axis.
        package var at: Double
        package var value: Double
        package var low: Double
        package var high: Double

        package init(at: Double, value: Double, low: Double, high: Double) {
            self.at = at
            self.value = value
            self.low = low
            self.high = high
        }
    }
}
