/// Numbers that look random and are the same for one seed on every machine and Swift version: xoshiro256**, seeded by
/// SplitMix64 (Blackman and Vigna).
///
/// Everything in a simulation that is left to chance draws from one of these, each purpose from a stream of its own, so
/// that taking one thing out of a run leaves the rest as it was.
public struct SimulationRandom: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    public init(seed: UInt64) {
        var mix = seed
        state = (Self.split(&mix), Self.split(&mix), Self.split(&mix), Self.split(&mix))
    }

    /// The stream of `seed` that these numbers name.
    public init(seed: UInt64, _ names: UInt64...) {
        var mix = seed
        for name in names { mix = Self.split(&mix) ^ (name &* 0xD6E8_FEB8_6659_FD93) }
        self.init(seed: mix)
    }

    private static func split(_ mix: inout UInt64) -> UInt64 {
        mix &+= 0x9E37_79B9_7F4A_7C15
        var word = mix
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    public mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// 0 to `bound - 1`; 0 for a bound below 1.
    public mutating func below(_ bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// `low` to `high`, both included.
    public mutating func within(_ low: Int64, _ high: Int64) -> Int64 {
        guard low < high else { return low }
        return low + Int64(next().multipliedFullWidth(by: UInt64(high - low + 1)).high)
    }

    /// True `numerator` times in `denominator`.
    public mutating func chance(_ numerator: Int, of denominator: Int) -> Bool { below(denominator) < numerator }

    /// Any element; nil where there is none.
    public mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element? {
        guard !choices.isEmpty else { return nil }
        return choices[choices.index(choices.startIndex, offsetBy: below(choices.count))]
    }

    /// Puts the elements into any order (Fisher and Yates).
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(index, below(index + 1)) }
    }

    /// One of the choices, each as likely as its weight says; the first where all weigh nothing.
    public mutating func pick<Choice>(weighted choices: [(choice: Choice, weight: Int)]) -> Choice {
        var left = below(choices.reduce(0) { $0 + $1.weight })
        for (choice, weight) in choices {
            if left < weight { return choice }
            left -= weight
        }
        return choices[0].choice
    }
}
