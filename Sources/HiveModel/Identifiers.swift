/// An OpenHive server: `inst_` and 26 characters of base32 that commit to its identity key (protocol, section 1).
public struct InstanceID: Hashable, Sendable {
    public let rawValue: String
    /// The first 16 characters after `inst_`: the mark that ids made by this instance carry.
    public let prefix: InstancePrefix

    /// Nil unless `rawValue` is `inst_` and 26 characters of `a-z2-7`.
    public init?(_ rawValue: String) {
        guard Base32.isIdentifier(rawValue, mark: Self.mark, length: Base32.identifierLength) else { return nil }
        self.init(unchecked: rawValue)
    }

    static let mark = "inst_"

    init(unchecked rawValue: String) {
        self.rawValue = rawValue
        let mark = rawValue.utf8.dropFirst(Self.mark.utf8.count).prefix(InstancePrefix.byteCount)
        self.prefix = InstancePrefix(unchecked: String(Substring(mark)))
    }

    // The prefix follows from the rest: comparing and hashing it too would double the cost of every look-up.

    public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// The 16 base32 characters that ids made by one instance begin with.
public struct InstancePrefix: Hashable, Sendable {
    public let rawValue: String

    /// Nil unless 16 characters of `a-z2-7`.
    public init?(_ rawValue: String) {
        guard Base32.isIdentifier(rawValue, mark: "", length: Self.byteCount) else { return nil }
        self.rawValue = rawValue
    }

    static let byteCount = 16

    init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }
}

/// A group (a hive's replicated identity): `sg_` and 26 base32 characters of its genesis' event hash.
public struct GroupID: Hashable, Sendable {
    public let rawValue: String

    /// Nil unless `sg_` and 26 characters of `a-z2-7`.
    public init?(_ rawValue: String) {
        guard Base32.isIdentifier(rawValue, mark: "sg_", length: 26) else { return nil }
        self.rawValue = rawValue
    }

    /// The id of the group whose genesis has this event hash.
    public init(genesisHash: Hash256) {
        self.rawValue = ByteSink.text(upTo: 3 + Base32.identifierLength) { text in
            text.put("sg_" as StaticString)
            Base32.putIdentifier(of: genesisHash, to: &text)
        }
    }
}

/// The id of an event: `<prefix>_evt_` and 26 base32 characters of its hash; it can't name two contents.
public struct EventID: Hashable, Sendable {
    public let rawValue: String

    /// Nil unless `<prefix>_evt_` and 26 characters of `a-z2-7`.
    public init?(_ rawValue: String) {
        guard Base32.isEventIdentifier(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    public init(prefix: InstancePrefix, hash: Hash256) {
        self.rawValue = ByteSink.text(upTo: Self.byteCount) { Self.put(prefix: prefix, hash: hash, to: &$0) }
    }

    static let mark = "_evt_"
    static let byteCount = InstancePrefix.byteCount + 5 + Base32.identifierLength

    /// Puts the id's characters without making a value.
    static func put(prefix: InstancePrefix, hash: Hash256, to text: inout ByteSink) {
        text.put(prefix.rawValue)
        text.put("_evt_" as StaticString)
        Base32.putIdentifier(of: hash, to: &text)
    }
}

/// The id of an agent, post or comment.
///
/// Ids made here are `<instance prefix>_` and 21 characters of the nanoid alphabet. Taken from others is what has 1 to
/// 80 characters of `A-Z a-z 0-9 _ -`, so that bytes decide equality in every language and database.
public struct EntityID: Hashable, Sendable {
    public let rawValue: String

    /// Nil unless 1 to 80 characters of `A-Z a-z 0-9 _ -`.
    public init?(_ rawValue: String) {
        var text = rawValue
        guard text.withUTF8({ (1...80).contains($0.count) && $0.allSatisfy(Self.isAllowed) }) else { return nil }
        self.rawValue = text
    }

    /// Whether the id was made by the instance with this prefix: `<prefix>_...`.
    public func carries(_ prefix: InstancePrefix) -> Bool {
        rawValue.utf8.count > 17 && rawValue.utf8.starts(with: prefix.rawValue.utf8)
            && rawValue.utf8[rawValue.utf8.index(rawValue.utf8.startIndex, offsetBy: 16)] == UInt8(ascii: "_")
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

extension InstanceID: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension InstancePrefix: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension GroupID: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension EventID: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension EntityID: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
