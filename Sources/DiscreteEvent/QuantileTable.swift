import Glibc
import Synchronization

/// The tabulated quantile function of one distribution. Immutable once made, and never freed.
///
/// The body has 512 cells of equal probability. Its outer 16 cells on either side are tabulated again in 512 cells, and
/// the outer 16 of those once more; what lies beyond (2^-15 of the probability on either side) is evaluated exactly.
@usableFromInline
final class QuantileTable: @unchecked Sendable {
    let form: Distribution.Form
    let offset: Double
    let body: Ladder
    /// Ladders of the lower and of the upper tail, each 2^-5 of the one before; empty for straight lines.
    let lowerTails: UnsafeBufferPointer<Ladder>
    let upperTails: UnsafeBufferPointer<Ladder>
    /// How draws are spread over the quantiles where that is not evenly.
    let tilt: TailTilt?

    /// Quantiles at `cells` equal steps of probability from the near end of a tail, in immortal storage.
    struct Ladder: @unchecked Sendable {
        let values: UnsafeMutablePointer<Double>
        let cells: Int

        /// Quantiles at 0, 1/cells, ... 1 of the way.
        init(cells: Int, _ value: (Double) -> Double) {
            self.cells = cells
            values = .allocate(capacity: cells + 1)
            for index in 0...cells { (values + index).initialize(to: value(Double(index) / Double(cells))) }
        }

        /// The chord's value at a position in 0 ..< 1; NaN where there is none.
        func interpolated(_ position: Double) -> Double {
            let scaled = position * Double(cells)
            let cell = min(Int(scaled), cells - 1)
            return values[cell] + (values[cell + 1] - values[cell]) * (scaled - Double(cell))
        }
    }

    private static let cells = 512
    /// The part of a ladder that belongs to the next one, and how many of them there are.
    private static let outer = 0x1p-5
    private static let tails = 2
    private static let tables = Mutex<[Key: QuantileTable]>([:])

    private struct Key: Hashable {
        let form: Distribution.Form
        let offset: Double
    }

    /// The one table of these arguments; they are validated when it is first made.
    static func shared(_ form: Distribution.Form, offset: Double) throws(DistributionError) -> QuantileTable {
        try form.validate()
        try Distribution.Form.checkDuration(offset, "the offset")
        let key = Key(form: form, offset: offset)
        return try tables.withLock { (tables) throws(DistributionError) in
            if let known = tables[key] { return known }
            guard let table = QuantileTable(form, offset) else {
                throw DistributionError(what: "\(form)", why: "its quantiles cannot be computed")
            }
            tables[key] = table
            return table
        }
    }

    /// Nil where a quantile comes out as no number.
    private init?(_ form: Distribution.Form, _ offset: Double) {
        self.form = form
        self.offset = offset
        tilt = nil
        let straight = form.isStraight
        body = Ladder(cells: straight ? 2 : Self.cells) { Self.quantile(form, offset, p: $0, q: 1 - $0) }
        let widths = straight ? [] : (1...Self.tails).map { pow(Self.outer, Double($0)) }
        lowerTails = Self.immortal(
            widths.map { width in
                Ladder(cells: Self.cells) { Self.quantile(form, offset, p: $0 * width, q: 1 - $0 * width) }
            })
        upperTails = Self.immortal(
            widths.map { width in
                Ladder(cells: Self.cells) { Self.quantile(form, offset, p: 1 - $0 * width, q: $0 * width) }
            })
        for ladder in [body] + Array(lowerTails) + Array(upperTails) {
            for index in 0...ladder.cells where ladder.values[index].isNaN { return nil }
        }
        if !straight { blankWhereChordsFail() }
    }

    /// Ladders in storage that is never freed, like what they point to: reading them counts no references.
    private static func immortal(_ ladders: [Ladder]) -> UnsafeBufferPointer<Ladder> {
        let storage = UnsafeMutableBufferPointer<Ladder>.allocate(capacity: ladders.count)
        _ = storage.initialize(from: ladders)
        return UnsafeBufferPointer(storage)
    }

    /// The same quantiles, drawn otherwise. Its body is blank, so that every sample looks further.
    init(tilting base: QuantileTable, _ tilt: TailTilt) {
        form = base.form
        offset = base.offset
        self.tilt = tilt
        body = Ladder(cells: 2) { _ in .nan }
        lowerTails = base.lowerTails
        upperTails = base.upperTails
    }

    deinit {
        // Of a shared table nobody ever lets go.
        if tilt != nil { body.values.deallocate() }
    }

    /// The exact quantile at a probability, for a table already validated.
    func exact(_ p: Double) -> Double { Self.quantile(form, offset, p: p, q: 1 - p) }

    /// The quantile at a probability in (0, 1): the narrowest ladder's chord, or exact where none is good enough.
    func interpolated(_ p: Double) -> Double {
        let fromBelow = p < 0.5
        let q = fromBelow ? p : 1 - p
        var width = Self.outer
        for ladder in fromBelow ? lowerTails : upperTails where q < width {
            let value = ladder.interpolated(q / width)
            if !value.isNaN { return value }
            width *= Self.outer
        }
        return exact(p)
    }

    /// Marks the outer cells of each ladder, and those with a corner, so that a sample there looks further.
    private func blankWhereChordsFail() {
        let outerCells = Int(Double(Self.cells) * Self.outer)
        for index in 0..<outerCells {
            body.values[index] = .nan
            body.values[Self.cells - index] = .nan
            for ladder in lowerTails { ladder.values[index] = .nan }
            for ladder in upperTails { ladder.values[index] = .nan }
        }
        for corner in form.corners {
            Self.blank(body, corner)
            var width = Self.outer
            for (lower, upper) in zip(lowerTails, upperTails) {
                Self.blank(lower, corner / width)
                Self.blank(upper, (1 - corner) / width)
                width *= Self.outer
            }
        }
    }

    private static func blank(_ ladder: Ladder, _ position: Double) {
        let scaled = position * Double(ladder.cells)
        if scaled < Double(ladder.cells) && scaled != scaled.rounded() { ladder.values[Int(scaled)] = .nan }
    }

    private static func quantile(_ form: Distribution.Form, _ offset: Double, p: Double, q: Double) -> Double {
        let value = offset + form.quantile(p: p, q: q)
        return value.isNaN ? value : min(max(value, 0), Distribution.longest)
    }
}
