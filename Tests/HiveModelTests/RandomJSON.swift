import HiveModel
import HiveTestKit

/// Random JSON values and random damage.
enum RandomJSON {
    static func value(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
        switch generator.below(depth > 0 ? 9 : 7) {
        case 0: return .null
        case 1: return .bool(generator.chance(1, of: 2))
        case 2: return .int(Int64(generator.below(2000)) - 1000)
        case 3: return .int(Int64(generator.below(Int(Limits.integerMax))) * (generator.chance(1, of: 2) ? 1 : -1))
        case 4: return double(&generator)
        case 5, 6: return .string(text(&generator))
        case 7: return .array((0..<generator.below(5)).map { _ in value(&generator, depth: depth - 1) })
        default:
            let count = generator.below(5)
            return .object(
                unsorted: (0..<count).map { _ in JSONMember(text(&generator), value(&generator, depth: depth - 1)) }
            )
        }
    }

    static func text(_ generator: inout SeededGenerator) -> String {
        let parts = [
            "a", "b", "key", "Z", "0", " ", "\"", "\\", "/", "\n", "\u{0}", "\u{1F}", "\u{7F}", "é", "e\u{301}", "€",
            "\u{D7FF}", "\u{E000}", "\u{FFFF}", "😀", "\u{10FFFF}", "plain text that is longer than eight bytes",
        ]
        return (0..<generator.below(6)).compactMap { _ in generator.pick(parts) }.joined()
    }

    private static func double(_ generator: inout SeededGenerator) -> JSONValue {
        let number = Double(bitPattern: generator.next())
        let isInteger = number.rounded() == number && abs(number) <= Double(Limits.integerMax)
        return number.isFinite && !isInteger ? .double(number) : .double(0.5)
    }

    /// Changes, removes, repeats or inserts a few bytes, or nothing.
    static func alter(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let telling = Array("{}[]\",:\\-+.eE0123456789truefalsn\u{0}\n 😀".utf8)
        for _ in 0..<generator.below(3) {
            guard !bytes.isEmpty else { return }
            let index = generator.below(bytes.count)
            switch generator.below(5) {
            case 0: bytes[index] = UInt8(generator.below(256))
            case 1: bytes[index] = generator.pick(telling) ?? 0
            case 2: bytes.remove(at: index)
            case 3: bytes.insert(generator.pick(telling) ?? 0, at: index)
            default: bytes.removeSubrange(index..<min(bytes.count, index + generator.below(20)))
            }
        }
    }
}
