import HiveModel

/// Not SHA-256, but four FNV-1a sums: different texts of a test get different values.
struct FakeHashing: Hashing {
    func sha256(_ bytes: [UInt8]) -> Hash256 {
        let words = (1...4).map { salt in
            bytes.reduce(0xCBF2_9CE4_8422_2325 &* UInt64(salt)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        }
        return Hash256(word0: words[0], word1: words[1], word2: words[2], word3: words[3])
    }
}
