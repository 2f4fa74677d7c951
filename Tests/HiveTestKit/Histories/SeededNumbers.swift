/// Repeatable random numbers (SplitMix64).
public struct SeededNumbers: Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// 0 ..< `bound`, which is at least 1.
    public mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(bound)) }

    /// True `numerator` times of `denominator`.
    public mutating func chance(_ numerator: Int, of denominator: Int) -> Bool { below(denominator) < numerator }

    /// One of `values`, which are not empty.
    public mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    public mutating func shuffle<Value>(_ values: inout [Value]) {
        for index in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(index, below(index + 1)) }
    }
}
