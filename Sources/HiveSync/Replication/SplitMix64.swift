/// A small generator of uniform numbers owned by the state it serves: SplitMix64 (Steele, Lea and Flood, 2014).
///
/// The same seed gives the same run on every machine and Swift version. Not for secrets.
struct SplitMix64: Hashable, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of 0 ..< `bound`; 0 where `bound` is 0 or less.
    ///
    /// The bias is below 2^-32 for the bounds used here.
    mutating func below(_ bound: Int64) -> Int64 {
        guard bound > 0 else { return 0 }
        return Int64(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
