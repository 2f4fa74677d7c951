/// Lengths as the community counts them: UTF-16 code units.
public enum TextLimit {
    public static let title = 300
    public static let post = 40_000
    public static let comment = 10_000

    /// The text, or as much of it as fits with an ellipsis behind it; never half a character.
    public static func cut(_ text: String, to limit: Int) -> (text: String, wasCut: Bool) {
        guard text.utf16.count > limit else { return (text, false) }
        var out = ""
        var length = 1
        for character in text {
            length += character.utf16.count
            if length > limit { break }
            out.append(character)
        }
        while out.last?.isWhitespace == true { out.removeLast() }
        return (out + "…", true)
    }
}
