// Written by `make capacity-checks`; measure again instead of editing.

/// What a real server did.
enum MeasuredOn {
    static let server = "redis 7.0.15"
    static let cases: [MeasuredCase] = []
}
