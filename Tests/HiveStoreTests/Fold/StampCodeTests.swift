import HiveModel
import HiveTestKit
import Testing

@testable import HiveStore

@Suite("Stamps as bytes", .opensFiles)
struct StampCodeTests {
    @Test("They are those of the model, come back, and sort as stamps do")
    func roundTrip() throws {
        var numbers = HiveTestKit.SeededGenerator(seed: 11)
        var stamps: [Stamp] = []
        for _ in 0..<500 {
            let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
            let text = String((0..<16).map { _ in letters[numbers.below(32)] })
            let prefix = try #require(InstancePrefix(text))
            let bits = numbers.below(48)
            stamps.append(
                Stamp(
                    time: HybridTime(ms: Int64(numbers.below(1 << bits)), counter: Int64(numbers.below(65_536))),
                    prefix: prefix,
                    place: Place(epoch: Int64(numbers.below(1 << 32)), seq: Int64(numbers.below(1 << 48)))
                )
            )
        }
        for stamp in stamps {
            var bytes = [UInt8](repeating: 0, count: StampCode.byteCount)
            bytes.withUnsafeMutableBytes { buffer in
                if let base = buffer.baseAddress { StampCode.write(stamp, to: base) }
            }
            #expect(bytes == stamp.encoded)
            let read = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.flatMap { StampCode.read($0, prefix: StampCode.unpack) }
            }
            #expect(read == stamp)
        }
        #expect(stamps.sorted().map(\.encoded) == stamps.map(\.encoded).sorted { $0.lexicographicallyPrecedes($1) })
    }
}
