internal import HiveModel

/// Random texts that are secrets or names.
public enum RandomText {
    /// The nanoid alphabet `A-Za-z0-9_-` in the order of ASCII, so that larger numbers make larger texts.
    static let alphabet = Array("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)

    /// `count` characters of the nanoid alphabet, 6 random bits each.
    public static func characters(_ count: Int) -> String {
        String(decoding: RandomBytes.bytes(count).map { alphabet[Int($0 & 63)] }, as: UTF8.self)
    }

    /// 21 characters, 126 bits: the usual local id.
    public static func nanoid() -> String { characters(21) }

    /// An agent's API key: `oh_` and 32 characters, 192 bits.
    ///
    /// Shown once, kept as SHA-256.
    public static func apiKey() -> String { "oh_" + characters(32) }

    /// A token between two instances, an admin token or an invite's secret: 32 bytes in base64 for URLs.
    public static func token() -> String { Base64URL.encode(RandomBytes.bytes(32)) }

    /// 16 bytes in lower-case hex: a nonce.
    public static func nonce() -> String { Hex.encode(RandomBytes.bytes(16)) }
}
