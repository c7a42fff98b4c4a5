/// Something that can run out, and how much of it is used at some demand.
package struct LimitUse: Sendable, Equatable {
    package enum Unit: String, Sendable { case bytes, bytesPerSecond, share, seconds }

    package enum Kind: String, Sendable {
        /// The system fails, or does what it must not, beyond it.
        case hard
        /// Stated or asked for, and enforced by nobody: an NFS export does not know its volume's size, and a pod may
        /// use more memory than it requested.
        case agreed
    }

    /// Stable: `memory.worker`.
    package let name: String
    /// In words, with the place: "memory of node1 while all its pods rewrite".
    package let subject: String
    /// What happens beyond it.
    package let consequence: String
    package let kind: Kind
    package let unit: Unit
    package let use: Double
    package let capacity: Double

    /// Used share: 1 is all of it.
    package var ratio: Double { capacity > 0 ? use / capacity : .infinity }
}
