/// What happened, as a number that two runs of one seed must share and, where asked for, as text.
public struct Trace {
    /// Of everything noted so far; the same in debug and release builds and in two processes.
    public private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Takes each line as it is made, column-aligned: virtual time, node, what, details.
    private let sink: ((String) -> Void)?

    init(sink: ((String) -> Void)?) {
        self.sink = sink
    }

    /// Notes something as numbers.
    mutating func note(_ values: UInt64...) {
        for value in values {
            var mixed = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
            mixed ^= mixed >> 29
            hash = mixed &* 0xBF58_476D_1CE4_E5B9
        }
    }

    /// Notes something that is worth a line.
    mutating func line(
        _ ms: Int64,
        _ node: Int?,
        _ what: StaticString,
        _ numbers: UInt64 = 0,
        _ details: @autoclosure () -> String
    ) {
        let name = what.withUTF8Buffer { $0.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) } }
        note(UInt64(bitPattern: ms), UInt64(bitPattern: Int64(node ?? -1)), name, numbers)
        guard let sink else { return }
        let time = Self.padded("\(ms / 1_000).\(String(1_000 + ms % 1_000).dropFirst())", 10, right: true)
        let who = Self.padded(node.map { "n\($0)" } ?? "-", 3, right: false)
        sink("\(time)  \(who)  \(Self.padded(what.description, 16, right: false))  \(details())")
    }

    private static func padded(_ text: String, _ width: Int, right: Bool) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return right ? padding + text : text + padding
    }
}
