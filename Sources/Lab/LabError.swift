import Glibc

/// Why a lab can't do what was asked: what, why, and what would help.
package struct LabError: Error, Equatable, CustomStringConvertible {
    package var what: String
    package var why: String
    package var instead: String

    package init(_ what: String, _ why: String, instead: String) {
        self.what = what
        self.why = why
        self.instead = instead
    }

    package var description: String { "\(what): \(why); \(instead)" }
}

extension LabError {
    /// What the system said about a call that failed.
    static func system(_ what: String, _ code: Int32) -> LabError {
        LabError(what, String(cString: strerror(code)), instead: "change that, or choose another place")
    }
}
