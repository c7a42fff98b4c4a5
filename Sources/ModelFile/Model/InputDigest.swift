/// A fingerprint of inputs, to tell whether results belong to them: FNV-1a of 128 bits (Fowler, Noll, Vo; RFC 9923). It
/// notices every accident; it is no defence against somebody who makes two inputs alike on purpose.
package struct InputDigest: Sendable, Equatable, CustomStringConvertible {
    private var state: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
    private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B

    package init() {}

    /// Of the files that were read of a model, by their names below its directory.
    init(of directory: ModelDirectory) {
        for (path, file) in directory.files.sorted(by: { $0.key < $1.key }) {
            add(String(path.dropFirst(directory.path.count)))
            add(file.text)
        }
    }

    /// Takes in one text after another; where one ends counts.
    package mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        // No byte of UTF-8.
        add(0xFF)
    }

    private mutating func add(_ byte: UInt8) { state = (state ^ UInt128(byte)) &* InputDigest.prime }

    /// 32 digits, hexadecimal.
    package var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
