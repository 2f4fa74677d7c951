/// Maps names of elsewhere into `^[a-zA-Z0-9_-]{2,32}$`, the same name always to the same one.
///
/// A name that fits stays. Any other gets its bad characters replaced and a mark made from the whole name appended, so
/// that it meets neither another mapped name nor somebody who really has the short form.
public struct AgentNames: Sendable {
    /// Names of this server, or made by the import, that nobody imported may take over.
    private static let reserved: Set<String> = ["local", "admin", "deleted"]
    private static let lengthMax = 32

    /// Local names to the originals they stand for.
    private var taken: [String: String] = [:]
    private var mapped: [String: String] = [:]

    public init() {}

    /// The name here of an author there.
    ///
    /// Two authors never share one.
    public mutating func name(for original: String) -> String {
        if let known = mapped[original] { return known }
        var round: UInt64 = 0
        var name = Self.isFree(original) ? original : Self.marked(original, round: round)
        while taken[name] != nil {
            round += 1
            name = Self.marked(original, round: round)
        }
        taken[name] = original
        mapped[original] = name
        return name
    }

    private static func isFree(_ name: String) -> Bool {
        isValid(name) && !reserved.contains(name.lowercased()) && !name.hasPrefix(ImportPlan.voterPrefix)
    }

    static func isValid(_ name: String) -> Bool {
        (2...lengthMax).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed)
    }

    private static func marked(_ original: String, round: UInt64) -> String {
        var hash = StableHash()
        hash.add(original.utf8)
        if round > 0 { hash.add(String(round).utf8) }
        let mark = hash.letters(7)
        var stem = ""
        for character in original {
            guard stem.utf8.count < lengthMax - mark.utf8.count - 1 else { break }
            let isFine = character.utf8.count == 1 && character.utf8.allSatisfy(isAllowed)
            stem.append(isFine ? character : "_")
        }
        return (stem.isEmpty ? "_" : stem) + "-" + mark
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// FNV-1a with 64 bits: the same in every process, for marks that need not resist anybody.
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }

    /// The hash as `count` letters and digits.
    func letters(_ count: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        var rest = value ^ (value >> 29)
        var out = ""
        for _ in 0..<count {
            out.append(alphabet[Int(rest & 31)])
            rest >>= 5
        }
        return out
    }
}
