import Foundation
import Randomness
import Testing

@testable import ModelFile

/// However a shipped file is damaged, reading ends in a model or in diagnostics with a place.
struct DamagedFileTests {
    static let files: [(model: String, file: String)] = ShippedModels.names.flatMap { model in
        let enumerator = FileManager.default.enumerator(atPath: ShippedModels.path(model))
        let paths = (enumerator?.compactMap { $0 as? String } ?? []).sorted()
        return paths.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".conf") }.map { (model, $0) }
    }

    @Test func findsTheFiles() { #expect(Self.files.count > 20) }

    @Test(arguments: files.indices)
    func survives(index: Int) throws {
        let (name, file) = Self.files[index]
        let model = try ScratchModel(at: ShippedModels.path(name))
        let original = try Data(contentsOf: URL(fileURLWithPath: "\(model.path)/\(file)"))
        var random = RandomStream(seed: 7, replication: UInt64(index), purpose: .test, entity: 0)
        for round in 0..<8 {
            try model.write(Self.damaged(original, round, &random), to: file)
            do {
                _ = try model.read().checkReport()
            } catch let error as ModelError {
                let places = error.diagnostics.map(model.relative)
                #expect(!places.isEmpty, "seed 7, file \(name)/\(file), round \(round)")
                #expect(
                    places.allSatisfy { $0.contains(/^[^:]*:\d+:\d+: .+: .+; .+/) },
                    "seed 7, file \(name)/\(file), round \(round): \(places)")
            }
        }
    }

    /// Cut off, bytes changed, a line doubled, or a piece moved, in turn.
    private static func damaged(_ original: Data, _ round: Int, _ random: inout RandomStream) -> Data {
        var bytes = [UInt8](original)
        switch round % 4 {
        case 0: return Data(bytes.prefix(random.below(bytes.count)))
        case 1:
            for _ in 0...random.below(6) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
        case 2:
            let signs = Array("{}[]:-#&*!|>'\"%@`, \t\n0x~".utf8)
            for _ in 0...random.below(6) {
                bytes.insert(signs[random.below(signs.count)], at: random.below(bytes.count))
            }
        default:
            let start = random.below(bytes.count)
            let piece = Array(bytes[start..<min(bytes.count, start + 1 + random.below(80))])
            bytes.insert(contentsOf: piece, at: random.below(bytes.count))
        }
        return Data(bytes)
    }
}
